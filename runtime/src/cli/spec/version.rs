//! Parses an operation with a version: `compute.servers.show@2.90`.

use squall_model::{Microversion, Operation, ServiceSpec, VersionRange};

use crate::cli::error::CliError;
use crate::cli::service::service;
use crate::{program, services};
use squall_model::suggest::{alternatives, similar};

/// An operation at a version.
#[derive(Debug, Clone, Copy)]
pub(super) struct VersionedOperation {
    /// The operation.
    pub(super) operation: &'static Operation,
    /// The version; `None` if the service has no microversions.
    pub(super) version: Option<Microversion>,
    /// Whether the version is the default, not a given one.
    pub(super) is_default: bool,
}

impl VersionedOperation {
    /// Parses `operation` or `operation@version`.
    pub(super) fn read(text: &str) -> Result<Self, CliError> {
        let (id, version) = match text.split_once('@') {
            Some((id, version)) => (id, Some(version)),
            None => (text, None),
        };
        let service = service(services::service_of(id))?;
        let operation = service.operation(id).ok_or_else(|| unknown(service, id))?;
        let range = range(service, operation);
        let Some(version) = version else {
            return Ok(Self { operation, version: range.max, is_default: range.max.is_some() });
        };
        if !service.has_microversions() {
            return Err(CliError::bad_input(
                format!("{} has no microversions, so `@{version}` does not apply", service.name),
                format!("use `{id}`"),
            ));
        }
        let version: Microversion = version
            .parse()
            .map_err(|error| CliError::bad_input(error, format!("`{id}` exists at {range}")))?;
        if !range.contains(Some(version)) {
            let what = format!("`{id}` does not exist at {version}");
            return Err(CliError::bad_input(what, format!("it exists at {range}")));
        }
        Ok(Self { operation, version: Some(version), is_default: false })
    }
}

/// Returns the versions of a service that have an operation; bounded at both ends if the
/// service has microversions.
pub(super) fn range(service: &ServiceSpec, operation: &Operation) -> VersionRange {
    service.versions.intersect(&operation.versions).unwrap_or(operation.versions)
}

fn unknown(service: &'static ServiceSpec, id: &str) -> CliError {
    let ids = || service.operations.iter().map(|operation| operation.id.as_ref());
    let mut meant = similar(id, ids());
    // The last part may be right: nothing is close to `compute.boot`.
    let last = id.rsplit('.').next().unwrap_or_default();
    if meant.is_empty() && !last.is_empty() {
        meant = ids().filter(|known| known.contains(last)).take(3).collect();
    }
    let all = format!("`{} spec list {}` shows all", program::name(), service.name);
    let help =
        if meant.is_empty() { all } else { format!("did you mean {}? {all}", alternatives(meant)) };
    CliError::bad_input(format!("unknown operation `{id}`"), help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Option<String> {
        VersionedOperation::read(text).unwrap().version.map(|version| version.to_string())
    }

    #[test]
    fn without_a_version_it_is_the_last_that_has_the_operation() {
        let latest = crate::compute::Compute::SPEC.versions.max.unwrap().to_string();
        assert_eq!(version("compute.servers.show@2.90"), Some("2.90".to_owned()));
        assert_eq!(version("compute.servers.show"), Some(latest));
        assert_eq!(version("identity.projects.show"), None);
        assert!(VersionedOperation::read("compute.servers.show").unwrap().is_default);
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
            let message = format!("{:?}", VersionedOperation::read(text).unwrap_err());
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
