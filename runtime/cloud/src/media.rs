//! The media type of a body: which bodies a service reads as JSON, and how it refuses others.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method};
use serde_json::Value;
use squall_client::OperationRef;
use squall_client::validate::Validators;
use squall_model::materialise::VERSIONS_KEY;
use squall_model::{Microversion, Operation, StatusRange};

use crate::fault::Fault;
use crate::route::Found;

/// Reads a body as JSON; null where there is none, or none that is JSON.
pub(crate) fn read(
    service: &str,
    found: &Found<'_>,
    (validators, version): (&Validators, Option<Microversion>),
    (method, headers, body): (&Method, &HeaderMap, &Bytes),
) -> Result<Value, Fault> {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.map(|text| text.split(';').next().unwrap_or_default().trim());
    let told = found.of(method).any(|operation| tells(validators, operation, version));
    let json = is_json(service, (found, told), method, media_type, body.is_empty())?;
    if !json || body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(body).map_err(|error| {
        Fault::bad_request(format!("Malformed request body: it is not valid JSON ({error})."))
    })
}

/// Whether an operation is said to refuse other media types, and reads a body at all.
fn tells(
    validators: &Validators,
    operation: &'static Operation,
    version: Option<Microversion>,
) -> bool {
    let at = |error: &StatusRange| error.status == 415 && error.versions.contains(version);
    if !operation.errors.iter().any(at) {
        return false;
    }
    let schemas = validators.schemas(&OperationRef::from(operation));
    schemas.is_ok_and(|schemas| match schemas.request.schema() {
        Some(schema) => schema.0.get(VERSIONS_KEY).is_none() || schema.at(version).is_some(),
        None => true,
    })
}

/// Whether a service reads a body of this media type as JSON.
///
/// - Network and image do not look at it: neutron 29.0.0, `neutron.pecan_wsgi.hooks.body_validation`;
///   glance 33.0.0, `glance.common.wsgi.JSONRequestDeserializer.has_body`. The bytes and patches
///   of an image are the exception, which the spec shows by their 415.
/// - Compute takes `text/plain` for no media type at all: nova 34.0.0,
///   `nova.api.openstack.wsgi.Request.get_content_type`; volume does not, and reads no body
///   without one: cinder 29.0.0, the function of the same name.
/// - Placement wants one, body or not: placement 16.0.0, `placement.util.require_content`.
/// - Identity refuses others with 400: keystone 30.0.0,
///   `keystone.server.flask.request_processing.json_body.json_body_before_request`.
fn is_json(
    service: &str,
    (found, told): (&Found<'_>, bool),
    method: &Method,
    media_type: Option<&str>,
    empty: bool,
) -> Result<bool, Fault> {
    let unsupported = || if told { Err(unsupported(service, media_type)) } else { Ok(false) };
    let named = media_type.filter(|name| !name.is_empty());
    match service {
        "object_storage" => Ok(false),
        "image" if told => Ok(named.is_some_and(|name| name.contains("json"))),
        "image" | "network" => Ok(true),
        "placement" if told => match named {
            Some("application/json") => Ok(true),
            None if !empty => Err(Fault::bad_request(
                "The server could not comply with the request since it is either malformed or \
                 otherwise incorrect: it has no Content-Type header.",
            )),
            _ => unsupported(),
        },
        "compute" | "volume" if method == Method::GET || method == Method::DELETE => Ok(false),
        "compute" | "volume" if empty => Ok(false),
        "compute" => match named {
            None
            | Some("application/json" | "application/vnd.openstack.compute+json" | "text/plain") => {
                Ok(true)
            }
            _ => unsupported(),
        },
        "volume" => match named {
            None => Ok(false),
            Some("application/json" | "application/vnd.openstack.volume+json") => Ok(true),
            _ => unsupported(),
        },
        "identity" => match named {
            None | Some("application/json") => Ok(true),
            Some("application/x-www-form-urlencoded") if found.is_at("/OS-OAUTH2/token") => {
                Ok(false)
            }
            _ if empty => Ok(false),
            _ => Err(Fault::bad_request(
                "Expecting to find application/json in Content-Type header. The server could not \
                 comply with the request since it is either malformed or otherwise incorrect. \
                 The client is assumed to be in error.",
            )),
        },
        _ => Ok(named.is_none_or(|name| name.contains("json"))),
    }
}

fn unsupported(service: &str, media_type: Option<&str>) -> Fault {
    Fault::new(
        415,
        match service {
            "placement" => format!(
                "The request media type {} is not supported by this server.",
                media_type.unwrap_or("None")
            ),
            _ => "Unsupported Content-Type".to_owned(),
        },
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use squall_model::VersionRange;

    use super::*;
    use crate::behaviour::operation;
    use crate::route::Routes;

    /// Returns what is read of the body `{"a": 1}`, or the status of the refusal.
    fn read_as(service: &str, media_type: Option<&str>, told: bool) -> Result<Value, u16> {
        let mut table = vec![operation("POST", "/things", None, VersionRange::ALL)];
        if told {
            let mut operation = table[0].clone();
            let status = StatusRange { status: 415, versions: VersionRange::ALL };
            operation.errors = vec![status].into();
            table = vec![Box::leak(Box::new(operation))];
        }
        let routes = Routes::new(Box::leak(table.into_boxed_slice()));
        let found = routes.find("/things", false).unwrap();
        let mut headers = HeaderMap::new();
        if let Some(media_type) = media_type {
            headers.insert(CONTENT_TYPE, media_type.parse().unwrap());
        }
        let body = Bytes::from_static(br#"{"a": 1}"#);
        read(service, &found, (&Validators::default(), None), (&Method::POST, &headers, &body))
            .map_err(|fault| fault.status)
    }

    #[test]
    fn each_service_has_its_own_way_with_media_types() {
        let (body, none) = (Ok(json!({ "a": 1 })), Ok(Value::Null));
        for (service, media_type, told, expected) in [
            ("network", Some("text/plain"), false, &body),
            ("network", Some("application/xml"), false, &body),
            ("image", Some("text/plain"), false, &body),
            ("image", Some("application/octet-stream"), true, &none),
            ("compute", Some("text/plain"), true, &body),
            ("compute", Some("application/xml"), true, &Err(415)),
            ("compute", Some("application/json; charset=utf-8"), true, &body),
            ("volume", Some("text/plain"), true, &Err(415)),
            ("volume", None, true, &none),
            ("placement", Some("text/plain"), true, &Err(415)),
            ("placement", None, true, &Err(400)),
            ("placement", Some("text/plain"), false, &none),
            ("identity", Some("text/plain"), false, &Err(400)),
            ("identity", None, false, &body),
            ("object_storage", Some("application/json"), false, &none),
        ] {
            let read = read_as(service, media_type, told);
            assert_eq!(&read, expected, "{service} and {media_type:?}");
        }
    }
}
