//! The features of a cloud.

use serde_json::{Value, json};

use super::{Found, Probe, Topic};
use crate::features::{Feature, KNOWN, Source, State, decide};
use crate::services;

/// Checks all features: the known ones, those that tests need, those in the settings, and
/// every extension, middleware and import method of the cloud.
pub(super) async fn examine(probe: &Probe<'_>, asked: &[String]) -> Found {
    let mut found = Found::default();
    let has = |service: &str| probe.facts.has(service);
    let mut names: Vec<String> = KNOWN
        .iter()
        .map(|known| known.name)
        .filter(|name| has(services::service_of(name)))
        .map(str::to_owned)
        .collect();
    names.extend(asked.iter().cloned());
    names.extend(probe.settings.features.keys().cloned());
    for (service, what, family, operation, pointer) in [
        ("network", "extensions", "network.extension.", "network.extensions.list", "/extensions"),
        ("object_storage", "middlewares", "object_storage.", "object_storage.info.show", "/swift"),
        (
            "image",
            "import methods",
            "image.import.",
            "image.import_info.show",
            "/import-methods/value",
        ),
    ] {
        if !has(service) {
            continue;
        }
        match probe.ask(operation, &[], &[], pointer).await {
            Err(no_answer) => found.unknown(Topic::Features, &format!("{family}*"), &no_answer),
            Ok(answer) => {
                let all = listed(operation, &answer.body);
                let words = if all.is_empty() { format!("no {what}") } else { all.join(", ") };
                let name = format!("{family}*");
                found.fact(Topic::Features, name, json!(all), words, &answer.source);
            }
        }
    }
    let names = names.iter().map(String::as_str);
    let features = decide(probe.api, &probe.facts.offers(), names, probe.settings).await;
    for (name, feature) in features.iter() {
        report(&mut found, name, feature);
    }
    for (service, set) in &probe.settings.services {
        let words = if set.value { "set as present" } else { "set as absent" };
        let source = Source::Hand(set.at.clone());
        found.fact(Topic::Choices, service.as_str(), json!(set.value), words, &source);
    }
    found
}

fn listed(operation: &str, body: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let array =
        |pointer: &str| body.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
    let mut all: Vec<String> = match operation {
        "network.extensions.list" => {
            array("/extensions").filter_map(|one| text(&one["alias"])).collect()
        }
        "image.import_info.show" => array("/import-methods/value").filter_map(text).collect(),
        _ => body.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect(),
    };
    all.sort_unstable();
    all
}

fn report(found: &mut Found, name: &str, feature: &Feature) {
    let state = match feature.state {
        State::Present => "yes",
        State::Absent => "no",
        State::Unknown => "unknown",
    };
    let instead = feature
        .instead_of
        .as_ref()
        .map_or_else(String::new, |was| format!(" (overrides: {})", was.found));
    let words = match feature.source {
        Source::Assumed => state.to_owned(),
        _ => format!("{state}: {}{instead}", feature.found),
    };
    found.fact(Topic::Features, name, json!(feature.state), words, &feature.source);
}
