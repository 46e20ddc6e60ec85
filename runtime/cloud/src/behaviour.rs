//! From an operation's id to what the cloud does for it.

use crate::outcome::Outcome;
use crate::request::RequestContext;
use crate::world::World;

/// What the cloud does for one operation.
pub(crate) type Handler = fn(&mut World, &RequestContext) -> Outcome;

/// An operation's id and its handler, as the files of a service list them.
pub(crate) type Behaviour = (&'static str, Handler);

/// Makes an operation for tests of the router.
#[cfg(test)]
pub(crate) fn operation(
    method: &str,
    path: &'static str,
    action: Option<&'static str>,
    versions: squall_model::VersionRange,
) -> &'static squall_model::Operation {
    use squall_model::{Method, Operation, blob::SchemaSource};
    Box::leak(Box::new(Operation {
        id: "test.things.do".into(),
        method: Method::from_name(method).unwrap(),
        path: path.into(),
        action: action.map(Into::into),
        summary: "".into(),
        versions,
        success: Vec::new().into(),
        errors: Vec::new().into(),
        policies: Vec::new().into(),
        extension: None,
        paging: None,
        response_boundaries: Vec::new().into(),
        request_boundaries: Vec::new().into(),
        response_known: false,
        schemas: SchemaSource::Nowhere,
    }))
}
