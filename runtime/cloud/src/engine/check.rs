//! Checks described services before a cloud serves them: a misspelt operation would be found
//! only when a test calls it.

use std::collections::BTreeSet;
use std::fmt;

use squall_model::ServiceSpec;
use squall_model::description::ResourceOrigin;

use super::service::DescribedService;

/// Something that is wrong with a service that the embedded cloud is to serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationFault {
    /// The service's name.
    pub service: &'static str,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub help: String,
}

impl fmt::Display for RegistrationFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the embedded cloud cannot serve `{}`: {}", self.service, self.what)
    }
}

/// All that is wrong with the services that the embedded cloud is to serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationFaults(pub Vec<RegistrationFault>);

impl fmt::Display for RegistrationFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { "\n" };
            write!(f, "{separator}{fault}; {}", fault.help)?;
        }
        Ok(())
    }
}

impl std::error::Error for RegistrationFaults {}

/// Returns the faults of the services, which are served beside `ours`.
///
/// - A service has a description of its own, and a type that no other service is served under.
/// - Every operation that a handler is for, or that the description names, is the service's.
/// - An operation has one handler.
pub(crate) fn faults(
    services: &[DescribedService],
    ours: &[&'static ServiceSpec],
) -> Vec<RegistrationFault> {
    let taken = |spec: &&'static ServiceSpec| {
        let profile = spec.profile();
        [Some(profile.service_type), profile.mount.map(|path| path.prefix)]
    };
    let mut types: BTreeSet<&str> = ours.iter().flat_map(taken).flatten().collect();
    let mut found = Vec::new();
    for service in services {
        let spec = service.spec;
        let name = spec.name;
        let mut fault = |what, help: &str| {
            found.push(RegistrationFault { service: name, what, help: help.into() });
        };
        if ours.iter().any(|own| own.profile() == spec.profile()) {
            fault(
                format!("it serves the type `{}` itself", spec.service_type),
                "remove `in_the_embedded_cloud`: the cloud's own service answers",
            );
        } else if !types.insert(spec.service_type) {
            fault(
                format!("another service has the type `{}`", spec.service_type),
                "give each service a type of its own, and register it once",
            );
        }
        if service.description.resources.is_empty() && service.description.calls.is_empty() {
            fault(
                "it has no description".to_owned(),
                "add one `with_description`, so that the cloud knows its resources",
            );
        }
        let kinds = service.description.resources.iter().map(|resource| resource.kind);
        if let Some(foreign) = kinds.into_iter().find(|kind| kind.service() != name) {
            fault(
                format!("its description is of another service: it has `{}`", foreign.name),
                "register each description with the service that it is of",
            );
        }
        let mut handled = BTreeSet::new();
        for (id, _) in service.embedded.handlers {
            if let Err(error) = spec.find(id) {
                fault(
                    format!("a handler is for an unknown operation: {error}"),
                    "name an operation of the service's client",
                );
            } else if !handled.insert(*id) {
                fault(format!("`{id}` has two handlers"), "keep one of them");
            }
        }
        for id in described(service) {
            if let Err(error) = spec.find(id) {
                fault(
                    format!("the description names an unknown operation: {error}"),
                    "name an operation of the service's client",
                );
            }
        }
    }
    found
}

/// Returns the operations of the service itself that its description names.
fn described(service: &DescribedService) -> BTreeSet<&'static str> {
    let description = service.description;
    let mut ids = BTreeSet::new();
    for resource in description.resources {
        ids.insert(match &resource.origin {
            ResourceOrigin::Created(request) | ResourceOrigin::Changed(request) => {
                request.operation
            }
            ResourceOrigin::Existing { list, .. } => list,
        });
        ids.extend(resource.standard.iter().map(|request| request.operation));
    }
    ids.extend(description.calls.iter().map(|call| call.request.operation));
    let own = |id: &&'static str| id.split('.').next() == Some(service.spec.name);
    ids.into_iter().filter(own).collect()
}
