//! Choosing an operation of a path, and how each service says that there is none.

use bytes::Bytes;
use http::Method;
use serde_json::Value;
use squall_model::service::ServiceProfile;
use squall_model::{Microversion, Operation};

use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::route::{Found, Missing};

/// A request for which there is no operation.
pub(crate) struct Sent<'a> {
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    pub(crate) body: &'a Bytes,
    pub(crate) json: Value,
}

/// Chooses the operation.
pub(crate) fn operation(
    found: &Found<'_>,
    method: &Method,
    version: Option<Microversion>,
    json: &Value,
) -> Result<&'static Operation, Missing> {
    let has_key = |key: &str| json.get(key).is_some();
    match found.choose(method, version, has_key) {
        // A HEAD that the table does not list is a GET whose body stays away.
        Err(Missing::Method(_)) if method == Method::HEAD => {
            found.choose(&Method::GET, version, has_key)
        }
        other => other,
    }
}

/// Answers a request for which there is no operation.
pub(crate) fn refusal(
    service: &ServiceProfile,
    found: &Found<'_>,
    missing: Missing,
    sent: &Sent<'_>,
) -> Outcome {
    match missing {
        Missing::Method(allowed) => no_method(service, found, &allowed, sent),
        Missing::Version => Err(not_there()),
        // Nova and cinder look for the action of what is no object as for another page.
        Missing::Action
            if ["compute", "volume"].contains(&service.name)
                && sent.json.is_null()
                && sent.body.as_ref() == b"null" =>
        {
            Err(not_there())
        }
        Missing::Action => {
            let key = sent.json.as_object().and_then(|body| body.keys().next());
            Err(Fault::bad_request(match key {
                Some(key) => format!("There is no such action: {key}"),
                None => {
                    "Malformed request body: it must be an object with one action in it.".into()
                }
            }))
        }
    }
}

/// Answers a method that the path does not have.
///
/// - Nova's and cinder's routes are of method and path, so that another method has no page:
///   nova 34.0.0, `nova.api.openstack.compute.routes`; cinder 29.0.0,
///   `cinder.api.v3.router`.
/// - Neutron looks for a resource without an id where a whole collection is to be changed:
///   neutron 29.0.0, `neutron.pecan_wsgi.controllers.resource.CollectionsController`.
/// - OPTIONS is answered with nothing by the layer that is for browsers (`oslo_middleware.cors`),
///   which placement does not have by default.
fn no_method(
    service: &ServiceProfile,
    found: &Found<'_>,
    allowed: &[&'static str],
    sent: &Sent<'_>,
) -> Outcome {
    let method = sent.method;
    let options = method == Method::OPTIONS;
    let whole = found.parameters.is_empty() && [Method::PUT, Method::DELETE].contains(method);
    match service.name {
        "compute" | "volume" | "image" if options => Ok(Reply::empty(200)),
        "identity" if options => Ok(Reply::empty(200).header("allow", allowed.join(", "))),
        "compute" | "volume" => Err(not_there()),
        "network" if whole => Err(not_there()),
        _ => Err(Fault::new(405, format!("The method {method} is not allowed for {}.", sent.path))
            .header("allow", allowed.join(", "))),
    }
}

/// Returns the fault of a path that leads to nothing.
pub(crate) fn not_there() -> Fault {
    Fault::not_found("The resource could not be found.")
}
