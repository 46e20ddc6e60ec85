//! The service that a folder below `api-specs/` is for, from the table of services.

use squall_model::service::{KNOWN, ServiceProfile};

/// Finds a service by its folder, which is its name with `-` for `_`.
pub(super) fn by_dir(dir: &str) -> Option<&'static ServiceProfile> {
    let name = dir.replace('-', "_");
    KNOWN.iter().find(|service| !service.name.is_empty() && service.name == name)
}
