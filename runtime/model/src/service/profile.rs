//! What is particular about a service on the wire, as one table.
//!
//! Clients, the runner and the embedded cloud read it: how a service names itself in
//! the microversion header, which header carries its request id, what its errors look
//! like. A service that is not listed, such as a plugin's, has [`ServiceProfile::OTHER`].

use serde_json::Value;

use super::authority;
use crate::Microversion;

/// What is particular about a service on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceProfile {
    /// Our name, the first part of its operations' ids; empty for a service without a
    /// client of ours.
    pub name: &'static str,
    /// The official service type.
    pub service_type: &'static str,
    /// The project that develops it, which is also its usual name in a catalog.
    pub project: &'static str,
    /// The name of its API in titles, as in `Block Storage`.
    pub title: &'static str,
    /// The path of the API version below its endpoint, as in `/v2.1`.
    pub version_path: &'static str,
    /// Its word in `OpenStack-API-Version`, where that is not the service type.
    pub version_word: Option<&'static str>,
    /// Its own microversion header, beside or before the common one.
    pub own_version_header: Option<OwnVersionHeader>,
    /// The headers in which it returns a request's id, the usual one first.
    pub request_id_headers: &'static [&'static str],
    /// What its errors look like.
    pub fault: FaultShape,
    /// Whether slashes in the values of a path are sent as they are.
    pub keeps_slashes: bool,
    /// The paths that are not below what the catalog names as its endpoint.
    pub outside_endpoint: &'static [&'static str],
    /// Whether a marker is a place in the order of names, so that it need not name an item.
    pub any_marker: bool,
    /// The statuses with which it refuses a method that a path does not have.
    pub undeclared_method: &'static [u16],
    /// Where the embedded cloud serves it.
    pub mount: Option<MountPath>,
}

/// A header of one service only that carries a microversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnVersionHeader {
    /// Its name, in lower case.
    pub name: &'static str,
    /// The first microversion for which the common header is enough.
    pub until: Option<Microversion>,
}

/// Where the embedded cloud serves a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MountPath {
    /// The first segment of its paths; empty for one whose paths are at the root, because
    /// signatures cover them.
    pub prefix: &'static str,
    /// What follows the prefix in the catalog.
    pub endpoint: &'static str,
}

/// The form of a service's errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultShape {
    /// `{"error": {"code", "message", "title"}}`.
    Error,
    /// One key that names the fault, as in `{"itemNotFound": {"code", "message"}}`;
    /// the field is the key where a status has no name.
    Named(&'static str),
    /// `{"NeutronError": {"type", "message", "detail"}}`.
    Neutron,
    /// `{"errors": [{"status", "title", "detail", "request_id", "code"}]}`.
    Errors,
    /// A page of HTML, as webob writes it.
    Page,
    /// A page of HTML without head, as swift writes it.
    ShortPage,
    /// Not known: any JSON object that states an error is accepted.
    Other,
}

impl FaultShape {
    /// Whether a body is an error of this form with this status.
    ///
    /// A page of HTML never is: a load balancer's page looks the same, so that it
    /// proves nothing about the service behind it.
    ///
    /// ```
    /// use serde_json::json;
    /// use squall_model::service::FaultShape;
    ///
    /// let fault = json!({"itemNotFound": {"code": 404, "message": "Server x could not be found."}});
    /// assert!(FaultShape::Named("computeFault").matches(404, &fault));
    /// assert!(!FaultShape::Neutron.matches(404, &fault));
    /// ```
    pub fn matches(self, status: u16, body: &Value) -> bool {
        let Some(map) = body.as_object() else { return false };
        let has = |value: &Value, keys: &[&str]| {
            keys.iter().all(|key| value.get(key).is_some_and(Value::is_string))
        };
        let code = |value: &Value, key: &str| value.get(key) == Some(&Value::from(status));
        match self {
            Self::Error => map
                .get("error")
                .is_some_and(|error| code(error, "code") && has(error, &["message", "title"])),
            Self::Named(default) => {
                // The key has to be the fault's name: gateways write `error`.
                let name = fault_name(status).unwrap_or(default);
                map.len() == 1
                    && map
                        .get(name)
                        .is_some_and(|fault| code(fault, "code") && has(fault, &["message"]))
            }
            Self::Neutron => {
                map.get("NeutronError").is_some_and(|fault| has(fault, &["type", "message"]))
            }
            Self::Errors => map
                .get("errors")
                .and_then(|errors| errors.get(0))
                .is_some_and(|error| code(error, "status") && has(error, &["title"])),
            Self::Page | Self::ShortPage => false,
            Self::Other => {
                let states = |value: &Value| {
                    ["message", "faultstring", "description", "explanation", "detail"]
                        .iter()
                        .any(|key| value.get(key).is_some_and(Value::is_string))
                };
                states(body) || map.values().any(|inner| states(inner) || states(&inner[0]))
            }
        }
    }
}

/// The name that nova and cinder give to the fault of a status (`_fault_names` of their
/// `api/openstack/wsgi.py`).
pub fn fault_name(status: u16) -> Option<&'static str> {
    Some(match status {
        400 => "badRequest",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "itemNotFound",
        405 => "badMethod",
        409 => "conflictingRequest",
        413 | 429 => "overLimit",
        415 => "badMediaType",
        501 => "notImplemented",
        503 => "serviceUnavailable",
        _ => return None,
    })
}

/// The request id headers that services use, the usual one first.
pub const REQUEST_ID_HEADERS: [&str; 3] =
    ["x-openstack-request-id", "x-compute-request-id", "x-trans-id"];

const USUAL_REQUEST_ID: &[&str] = &["x-openstack-request-id"];
const WITH_COMPUTE_REQUEST_ID: &[&str] = &["x-openstack-request-id", "x-compute-request-id"];

/// The services that have a row of their own, those with a client of ours first.
///
/// - nova 34.0.0 `nova/api/compute_req_id.py` and cinder 29.0.0
///   `cinder/api/openstack/wsgi.py` (`Fault`) send `x-compute-request-id` as well.
/// - swift's `catch_errors` middleware sends `x-trans-id` and the usual header.
/// - nova reads `OpenStack-API-Version` since microversion 2.27.
/// - swift's listings begin after the marker in the order of names (2.38.0
///   `swift.container.backend.ContainerBroker.list_objects_iter`: `name > ?`).
/// - manila and ironic read headers of their own.
/// - To a method that a path does not have, most answer 405, as RFC 9110 says. nova (34.0.0
///   `nova.api.wsgi.Router._dispatch`) and cinder (29.0.0, `oslo_service.wsgi.Router._dispatch`)
///   look for a route of path and method, and answer 404 if there is none; what nova no longer
///   has answers 410 (`nova.api.openstack.compute.networks.NetworkController.create`). glance
///   (33.0.0 `glance.api.v2.router.API`) has no route that refuses for `/info/usage` and the
///   tasks of an image, and answers 404 there. neutron (29.0.0)
///   answers 405 or, in `neutron.pecan_wsgi.controllers.extensions`, 404, "as the legacy
///   extensions controller" did.
pub static KNOWN: &[ServiceProfile] = &[
    ServiceProfile {
        name: "compute",
        service_type: "compute",
        project: "nova",
        title: "Compute",
        version_path: "/v2.1",
        own_version_header: Some(OwnVersionHeader {
            name: "x-openstack-nova-api-version",
            until: Some(Microversion::new(2, 27)),
        }),
        request_id_headers: WITH_COMPUTE_REQUEST_ID,
        fault: FaultShape::Named("computeFault"),
        undeclared_method: &[404, 410],
        mount: Some(MountPath { prefix: "compute", endpoint: "/v2.1" }),
        ..ServiceProfile::OTHER
    },
    ServiceProfile {
        name: "identity",
        service_type: "identity",
        project: "keystone",
        title: "Identity",
        version_path: "/v3",
        fault: FaultShape::Error,
        mount: Some(MountPath { prefix: "identity", endpoint: "/v3" }),
        ..ServiceProfile::OTHER
    },
    ServiceProfile {
        name: "image",
        service_type: "image",
        project: "glance",
        title: "Image",
        version_path: "/v2",
        fault: FaultShape::Page,
        undeclared_method: &[405, 404],
        mount: Some(MountPath { prefix: "image", endpoint: "" }),
        ..ServiceProfile::OTHER
    },
    ServiceProfile {
        name: "network",
        service_type: "network",
        project: "neutron",
        title: "Network",
        version_path: "/v2.0",
        fault: FaultShape::Neutron,
        undeclared_method: &[405, 404],
        mount: Some(MountPath { prefix: "networking", endpoint: "" }),
        ..ServiceProfile::OTHER
    },
    ServiceProfile {
        name: "object_storage",
        service_type: "object-store",
        project: "swift",
        title: "Object Storage",
        request_id_headers: &["x-trans-id", "x-openstack-request-id"],
        fault: FaultShape::ShortPage,
        keeps_slashes: true,
        any_marker: true,
        outside_endpoint: &["/info", "/v1/endpoints"],
        mount: Some(MountPath { prefix: "", endpoint: "/v1/AUTH_$(project_id)s" }),
        ..ServiceProfile::OTHER
    },
    ServiceProfile {
        name: "placement",
        service_type: "placement",
        project: "placement",
        title: "Placement",
        fault: FaultShape::Errors,
        mount: Some(MountPath { prefix: "placement", endpoint: "" }),
        ..ServiceProfile::OTHER
    },
    ServiceProfile {
        name: "volume",
        service_type: "block-storage",
        project: "cinder",
        title: "Block Storage",
        version_path: "/v3",
        version_word: Some("volume"),
        request_id_headers: WITH_COMPUTE_REQUEST_ID,
        fault: FaultShape::Named("volumeFault"),
        undeclared_method: &[404],
        mount: Some(MountPath { prefix: "volume", endpoint: "/v3" }),
        ..ServiceProfile::OTHER
    },
    ServiceProfile {
        service_type: "baremetal",
        project: "ironic",
        title: "Bare Metal",
        own_version_header: Some(OwnVersionHeader {
            name: "x-openstack-ironic-api-version",
            until: None,
        }),
        ..ServiceProfile::OTHER
    },
    ServiceProfile {
        service_type: "shared-file-system",
        project: "manila",
        title: "Shared File System",
        own_version_header: Some(OwnVersionHeader {
            name: "x-openstack-manila-api-version",
            until: None,
        }),
        ..ServiceProfile::OTHER
    },
];

impl ServiceProfile {
    /// The row of every service that has none of its own.
    pub const OTHER: Self = Self {
        name: "",
        service_type: "",
        project: "",
        title: "",
        version_path: "",
        version_word: None,
        own_version_header: None,
        request_id_headers: USUAL_REQUEST_ID,
        fault: FaultShape::Other,
        keeps_slashes: false,
        outside_endpoint: &[],
        any_marker: false,
        undeclared_method: &[405],
        mount: None,
    };

    /// Returns the row of a service type or an alias of one.
    ///
    /// ```
    /// use squall_model::service::ServiceProfile;
    /// assert_eq!(ServiceProfile::of("volumev3").name, "volume");
    /// assert_eq!(ServiceProfile::of("acme-rockets"), &ServiceProfile::OTHER);
    /// ```
    pub fn of(service_type: &str) -> &'static Self {
        static OTHER: ServiceProfile = ServiceProfile::OTHER;
        let row = |name: &str| KNOWN.iter().find(|row| row.service_type == name);
        row(service_type).or_else(|| row(authority::official(service_type))).unwrap_or(&OTHER)
    }

    /// Finds the row of a service by any of its names: ours, the official type, an
    /// alias, and each with `-` or `_`.
    ///
    /// ```
    /// use squall_model::service::ServiceProfile;
    /// for name in ["volume", "block-storage", "block_storage", "volumev3"] {
    ///     assert_eq!(ServiceProfile::named(name).map(|row| row.name), Some("volume"));
    /// }
    /// assert_eq!(ServiceProfile::named("object-storage").map(|row| row.name), Some("object_storage"));
    /// ```
    pub fn named(name: &str) -> Option<&'static Self> {
        let ours = name.replace('-', "_");
        let row = KNOWN.iter().find(|row| !row.name.is_empty() && row.name == ours);
        row.or_else(|| {
            let official = authority::official(name);
            KNOWN.iter().find(|row| row.service_type == official)
        })
    }

    /// Returns the service's word in `OpenStack-API-Version`.
    pub fn word<'a>(&self, service_type: &'a str) -> &'a str {
        self.version_word.unwrap_or_else(|| authority::official(service_type))
    }

    /// Returns the service's own header for a microversion, where it needs one.
    pub fn own_header(&self, version: Microversion) -> Option<&'static str> {
        let own = self.own_version_header?;
        own.until.is_none_or(|until| version < until).then_some(own.name)
    }

    /// Whether a path is not below what the catalog names as the endpoint.
    pub fn is_outside_endpoint(&self, path: &str) -> bool {
        self.outside_endpoint.contains(&path)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_type_is_official_and_every_project_is_the_authoritys() {
        for row in KNOWN {
            assert!(authority::is_official(row.service_type), "{}", row.service_type);
            assert_eq!(authority::project(row.service_type), Some(row.project));
            assert!(row.request_id_headers.iter().all(|name| REQUEST_ID_HEADERS.contains(name)));
        }
    }

    #[test]
    fn only_a_services_own_errors_have_its_form() {
        let nova = json!({"itemNotFound": {"code": 404, "message": "gone"}});
        let keystone = json!({"error": {"code": 404, "message": "gone", "title": "Not Found"}});
        let neutron = json!({"NeutronError": {"type": "PortNotFound", "message": "gone"}});
        let placement = json!({"errors": [{"status": 404, "title": "Not Found"}]});
        let shapes = [
            FaultShape::Named("computeFault"),
            FaultShape::Error,
            FaultShape::Neutron,
            FaultShape::Errors,
        ];
        let faults = [&nova, &keystone, &neutron, &placement];
        for (at, shape) in shapes.into_iter().enumerate() {
            for (other, fault) in faults.into_iter().enumerate() {
                assert_eq!(shape.matches(404, fault), at == other, "{shape:?} {fault}");
            }
        }
        assert!(!FaultShape::Named("computeFault").matches(403, &nova), "another status");
    }

    #[test]
    fn a_proxys_answer_has_no_services_form() {
        for body in [
            json!(null),
            json!("<html>404</html>"),
            json!({}),
            json!({"status": 404}),
            json!({"error": {"code": 404, "message": "no such route"}}),
        ] {
            for row in KNOWN {
                let is_any = row.fault == FaultShape::Other;
                assert!(is_any || !row.fault.matches(404, &body), "{} {body}", row.project);
            }
        }
    }

    #[test]
    fn a_plugins_service_may_state_an_error_in_any_usual_form() {
        for body in [
            json!({"code": 404, "title": "Not Found", "description": "gone"}),
            json!({"faultcode": "Client", "faultstring": "gone"}),
            json!({"error": {"message": "gone"}}),
            json!({"errors": [{"detail": "gone"}]}),
        ] {
            assert!(FaultShape::Other.matches(404, &body), "{body}");
        }
    }
}
