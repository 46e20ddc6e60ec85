//! Types of volumes.

use serde_json::json;

use super::compute::name_of;
use super::{Found, Look, Topic};
use crate::features::ask;

/// Looks for types of volumes.
pub(super) async fn look(look: &Look<'_>) -> Found {
    let mut found = Found::default();
    if !look.facts.has("volume") {
        return found;
    }
    match ask(look.api, "volume.volume_types.list", &[], &[]).await {
        Err(untold) => found.untold(Topic::VolumeTypes, "types", &untold),
        Ok(told) => {
            for one in told.list("/volume_types") {
                let specs = one["extra_specs"].as_object();
                let specs: Vec<String> = specs
                    .into_iter()
                    .flatten()
                    .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
                    .collect();
                let value = json!({ "id": one["id"], "extra_specs": one["extra_specs"] });
                let words =
                    if specs.is_empty() { "no extra specs".to_owned() } else { specs.join(", ") };
                found.fact(Topic::VolumeTypes, name_of(one), value, words, &told.source);
            }
        }
    }
    found
}
