//! The service catalog of a token.

use serde_json::{Value, json};

use super::State;
use crate::document::{flag, text};

/// Stands for the cloud's own address in the endpoints that it begins with,
/// which hold before anyone knows where the cloud will listen.
pub(crate) const HERE: &str = "$(cloud)s";

/// Returns the catalog: every enabled endpoint, its address filled in. Addresses
/// that need a project are left out of a token that has none.
pub(crate) fn catalog(state: &State, project: Option<&str>, base: &str) -> Value {
    state
        .services
        .iter()
        .filter(|(_, service)| flag(service, "enabled"))
        .map(|(id, service)| {
            let endpoints: Vec<Value> = state
                .endpoints
                .values()
                .filter(|endpoint| text(endpoint, "service_id") == id && flag(endpoint, "enabled"))
                .filter_map(|endpoint| {
                    Some(json!({
                        "id": endpoint.get("id"),
                        "interface": endpoint.get("interface"),
                        "region_id": endpoint.get("region_id"),
                        "region": endpoint.get("region_id"),
                        "url": fill(text(endpoint, "url"), project, base)?,
                    }))
                })
                .collect();
            json!({
                "id": id,
                "type": service.get("type"),
                "name": service.get("name").cloned().unwrap_or(json!("")),
                "endpoints": endpoints,
            })
        })
        .collect()
}

/// Fills in an endpoint's address.
fn fill(url: &str, project: Option<&str>, base: &str) -> Option<String> {
    let url = here(url, base);
    if !url.contains("$(") && !url.contains("%(") {
        return Some(url);
    }
    let project = project?;
    let keys = ["$(project_id)s", "%(project_id)s", "$(tenant_id)s", "%(tenant_id)s"];
    Some(keys.iter().fold(url, |url, key| url.replace(key, project)))
}

/// Writes the cloud's address into an endpoint's.
pub(crate) fn here(url: &str, base: &str) -> String {
    url.replace(HERE, base)
}
