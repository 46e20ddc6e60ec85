//! From an operation's id to what the cloud does for it.

use std::collections::HashMap;

use crate::outcome::Outcome;
use crate::request::RequestContext;
use crate::world::World;

/// What the cloud does for one operation.
pub(crate) type Handler = fn(&mut World, &RequestContext) -> Outcome;

/// An operation's id and its handler, as the files of a service list them.
pub(crate) type Behaviour = (&'static str, Handler);

/// Every behaviour by operation id.
pub(crate) fn table() -> HashMap<&'static str, Handler> {
    [
        crate::compute::BEHAVIOURS,
        crate::identity::BEHAVIOURS,
        crate::image::BEHAVIOURS,
        crate::network::BEHAVIOURS,
        crate::object_storage::BEHAVIOURS,
        crate::placement::BEHAVIOURS,
        crate::volume::BEHAVIOURS,
    ]
    .into_iter()
    .flatten()
    .flat_map(|part| part.iter().copied())
    .collect()
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::SPECS;

    #[test]
    fn every_behaviour_is_that_of_an_operation_and_no_operation_has_two() {
        let listed = [
            crate::compute::BEHAVIOURS,
            crate::identity::BEHAVIOURS,
            crate::image::BEHAVIOURS,
            crate::network::BEHAVIOURS,
            crate::object_storage::BEHAVIOURS,
            crate::placement::BEHAVIOURS,
            crate::volume::BEHAVIOURS,
        ];
        let count: usize =
            listed.iter().flat_map(|parts| parts.iter()).map(|part| part.len()).sum();
        let table = table();
        assert_eq!(table.len(), count);
        let known = |id: &str| SPECS.iter().any(|spec| spec.operation(id).is_some());
        let unknown: Vec<&str> = table.into_keys().filter(|id| !known(id)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}
