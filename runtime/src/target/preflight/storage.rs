//! Volume types.

use serde_json::json;

use super::compute::name_of;
use super::{Found, Probe, Topic};

/// Examines volume types.
pub(super) async fn examine(probe: &Probe<'_>) -> Found {
    let mut found = Found::default();
    if !probe.facts.has("volume") {
        return found;
    }
    match probe.ask("volume.volume_types.list", &[], &[], "/volume_types").await {
        Err(no_answer) => found.unknown(Topic::VolumeTypes, "types", &no_answer),
        Ok(answer) => {
            for one in answer.list("/volume_types") {
                let specs = one["extra_specs"].as_object();
                let specs: Vec<String> = specs
                    .into_iter()
                    .flatten()
                    .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
                    .collect();
                let value = json!({ "id": one["id"], "extra_specs": one["extra_specs"] });
                let words =
                    if specs.is_empty() { "no extra specs".to_owned() } else { specs.join(", ") };
                found.fact(Topic::VolumeTypes, name_of(one), value, words, &answer.source);
            }
        }
    }
    found
}
