//! Finds the service of a folder below `api-specs/`, from the table of services.

use squall_model::service::{KNOWN, ServiceProfile};

/// Returns the service with this folder, which is its name with `-` for `_`.
pub(super) fn by_dir(dir: &str) -> Option<&'static ServiceProfile> {
    let name = dir.replace('-', "_");
    KNOWN.iter().find(|service| !service.name.is_empty() && service.name == name)
}
