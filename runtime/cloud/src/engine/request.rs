//! A request to a described service, as its handlers see it.

use jiff::Timestamp;
use serde_json::Value;
use squall_client::validate::Validators;
use squall_model::Microversion;
use squall_model::description::Resource;

use super::addresses::Addresses;
use super::answer::{ServiceAnswer, ServiceFault};
use super::dialect::Dialect;
use super::store::ItemStore;
use crate::NO_BEHAVIOUR;
use crate::clock::stamp;
use crate::request::RequestContext;

/// What a plugin's service does for one operation, in place of what its description says.
///
/// The request is routed, authenticated and valid by its schema. A handler can change what
/// the description does as well as replace it:
///
/// ```
/// use squall_cloud::engine::{ItemStore, ServiceAnswer, ServiceFault, ServiceRequest};
///
/// /// Refuses a second key of one name.
/// fn create(
///     store: &mut ItemStore,
///     request: &ServiceRequest<'_>,
/// ) -> Result<ServiceAnswer, ServiceFault> {
///     let name = request.body().pointer("/key/name");
///     if store.items("keys.key").any(|key| key.fields().get("name") == name) {
///         return Err(ServiceFault::conflict("A key has this name."));
///     }
///     request.standard(store)
/// }
/// ```
pub type Handler = fn(&mut ItemStore, &ServiceRequest<'_>) -> Result<ServiceAnswer, ServiceFault>;

/// What a description says that an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Create,
    List,
    Show,
    Check,
    Update,
    Delete,
}

/// A request to a described service: routed, negotiated, authenticated, and valid by the
/// schema of its operation.
#[derive(Debug)]
pub struct ServiceRequest<'a> {
    pub(super) context: &'a RequestContext,
    /// The resource that it is about.
    pub(super) resource: Option<&'static Resource>,
    /// What is done without a handler, if that is known.
    pub(super) verb: Option<Verb>,
    pub(super) addresses: &'a Addresses,
    pub(super) dialect: Dialect,
    pub(super) validators: &'a Validators,
    pub(super) now: Timestamp,
}

impl<'a> ServiceRequest<'a> {
    /// Returns the id of the operation.
    pub fn operation(&self) -> &'static str {
        &self.context.operation.id
    }

    /// Returns the negotiated microversion, if the service has any.
    pub fn version(&self) -> Option<Microversion> {
        self.context.version
    }

    /// Returns the value of a path parameter.
    pub fn path(&self, parameter: &str) -> Option<&'a str> {
        self.parameters().find(|(name, _)| *name == parameter).map(|(_, value)| value)
    }

    /// Returns the first value of a query parameter.
    pub fn query(&self, parameter: &str) -> Option<&'a str> {
        self.context.query.get(parameter)
    }

    /// Returns a header.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.context.header(name)
    }

    /// Returns the whole body; null if there is none.
    pub fn body(&self) -> &'a Value {
        &self.context.json
    }

    /// Returns the project that the caller's token is for; empty without one.
    pub fn project(&self) -> &'a str {
        self.context.project()
    }

    /// Returns the caller's user.
    pub fn user(&self) -> &'a str {
        self.context.user()
    }

    /// Whether the caller is an administrator.
    pub fn is_admin(&self) -> bool {
        self.context.is_admin()
    }

    /// Returns the present time, as the service writes it.
    pub fn now(&self) -> String {
        stamp(self.now, self.dialect.stamp)
    }

    /// Returns the path parameters with their values, in order.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (&'static str, &'a str)> + use<'a> {
        let values = self.context.parameters.iter().map(String::as_str);
        self.context.operation.path_parameters().zip(values)
    }

    /// Returns the status that the operation succeeds with.
    pub(super) fn success(&self) -> u16 {
        let version = self.version();
        let declared = self.context.operation.success.iter();
        declared.filter(|s| s.versions.contains(version)).map(|s| s.status).next().unwrap_or(200)
    }

    /// Returns the resource that the request is about.
    pub(super) fn resource(&self) -> Result<&'static Resource, ServiceFault> {
        self.resource.ok_or_else(|| {
            self.unanswerable("the description does not say which resource it is about")
        })
    }

    /// Returns the fault of an operation that needs a handler and has none.
    pub(super) fn without_handler(&self) -> ServiceFault {
        self.unanswerable("it is no standard operation of a resource")
    }

    /// Returns the fault of an operation that the description does not suffice for.
    pub(super) fn unanswerable(&self, why: &str) -> ServiceFault {
        ServiceFault::new(
            501,
            format!(
                "{NO_BEHAVIOUR} {id}: the description of its service does not suffice, since {why}. \
                 Register a handler for `{id}`.",
                id = self.operation(),
            ),
        )
    }
}
