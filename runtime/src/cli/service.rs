//! Finds the service that an argument names.

use squall_model::ServiceSpec;
use squall_model::suggest::or_known;

use super::error::CliError;
use crate::services;

/// Finds a service by any of its names.
pub(super) fn service(name: &str) -> Result<&'static ServiceSpec, CliError> {
    services::named(name).ok_or_else(|| {
        let names = services::all().iter().map(|service| service.name);
        CliError::bad_input(format!("unknown service `{name}`"), or_known(name, names))
    })
}
