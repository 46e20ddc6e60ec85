//! Which operation, at which version: `compute.servers.show@2.90`, read.

use squall_model::{Microversion, Operation, ServiceSpec, VersionRange};

use super::list::service;
use crate::cli::complaint::Complaint;
use crate::near::{alternatives, near};

/// An operation at a version.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The operation.
    pub(super) operation: &'static Operation,
    /// The version; `None` where the service has none.
    pub(super) version: Option<Microversion>,
    /// Whether we chose it.
    pub(super) chosen: bool,
}

impl Place {
    /// Reads `operation` or `operation@version`.
    pub(super) fn read(text: &str) -> Result<Self, Complaint> {
        let (id, version) = match text.split_once('@') {
            Some((id, version)) => (id, Some(version)),
            None => (text, None),
        };
        let (name, _) = id.split_once('.').unwrap_or((id, ""));
        let service = service(name)?;
        let operation = service.operation(id).ok_or_else(|| unknown(service, id))?;
        let range = range(service, operation);
        let Some(version) = version else {
            return Ok(Self { operation, version: range.max, chosen: range.max.is_some() });
        };
        if !service.has_microversions() {
            return Err(Complaint::bad_input(
                format!("{} has no microversions, and so no `@{version}`", service.name),
                format!("ask for `{id}`"),
            ));
        }
        let version: Microversion = version
            .parse()
            .map_err(|error| Complaint::bad_input(error, format!("`{id}` is there at {range}")))?;
        if !range.contains(Some(version)) {
            let what = format!("`{id}` is not there at {version}");
            return Err(Complaint::bad_input(what, format!("it is there at {range}")));
        }
        Ok(Self { operation, version: Some(version), chosen: false })
    }
}

/// Gives the versions of a service that have an operation, both ends closed
/// where it has microversions.
pub(super) fn range(service: &ServiceSpec, operation: &Operation) -> VersionRange {
    service.versions.intersect(&operation.versions).unwrap_or(operation.versions)
}

fn unknown(service: &'static ServiceSpec, id: &str) -> Complaint {
    let ids = || service.operations.iter().map(|operation| operation.id.as_ref());
    let mut meant = near(id, ids());
    // Its last word may be right: `compute.boot` has no near miss.
    let last = id.rsplit('.').next().unwrap_or_default();
    if meant.is_empty() && !last.is_empty() {
        meant = ids().filter(|known| known.contains(last)).take(3).collect();
    }
    let all = format!("`squall spec list {}` shows all", service.name);
    let help =
        if meant.is_empty() { all } else { format!("did you mean {}? {all}", alternatives(meant)) };
    Complaint::bad_input(format!("there is no operation `{id}`"), help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Option<String> {
        Place::read(text).unwrap().version.map(|version| version.to_string())
    }

    #[test]
    fn without_a_version_it_is_the_last_that_has_the_operation() {
        let latest = crate::compute::Compute::SPEC.versions.max.unwrap().to_string();
        assert_eq!(version("compute.servers.show@2.90"), Some("2.90".to_owned()));
        assert_eq!(version("compute.servers.show"), Some(latest));
        assert_eq!(version("identity.projects.show"), None);
        assert!(Place::read("compute.servers.show").unwrap().chosen);
    }

    #[test]
    fn what_is_not_there_is_refused() {
        for (text, part) in [
            ("compute.servers.show@2.x", "2.1 to "),
            ("compute.servers.show@1.0", "2.1 to "),
            ("compute.servers.show@2.900", "2.1 to "),
            ("compute.server.show", "`compute.servers.show`"),
            ("compute.rebuild", "`compute.servers.rebuild`"),
            ("computer.servers.show", "`compute`"),
            ("identity.projects.show@3.1", "`identity.projects.show`"),
        ] {
            let told = format!("{:?}", Place::read(text).unwrap_err());
            assert!(told.contains(part), "{text}: {told}");
        }
    }
}
