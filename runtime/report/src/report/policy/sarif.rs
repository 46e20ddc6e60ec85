//! The deviations of a run as SARIF 2.1.0.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{DeviationGroup, PolicyReport, answer};
use crate::AccessDeviation;
use crate::program;

/// The version of the format, and where its schema is.
const VERSION: &str = "2.1.0";
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Returns the log, with one result for each group of deviations.
pub(super) fn log(report: &PolicyReport) -> Value {
    let rules: BTreeMap<&str, &DeviationGroup> =
        report.deviations.iter().map(|group| (group.rule.as_str(), group)).collect();
    let positions: BTreeMap<&str, usize> =
        rules.keys().enumerate().map(|(position, rule)| (*rule, position)).collect();
    let described: Vec<Value> = rules
        .iter()
        .map(|(rule, group)| {
            let text =
                format!("What the policy rule {rule} of {} lets each persona do.", group.service);
            json!({ "id": rule, "shortDescription": { "text": text } })
        })
        .collect();
    let results: Vec<Value> =
        report.deviations.iter().map(|group| result(group, &positions)).collect();
    json!({
        "$schema": SCHEMA,
        "version": VERSION,
        "runs": [{
            "tool": { "driver": {
                "name": program::name(),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": described,
            }},
            "automationDetails": { "id": format!("policy/{}/{}", report.run.cloud, report.run.run) },
            "results": results,
        }],
    })
}

fn result(group: &DeviationGroup, positions: &BTreeMap<&str, usize>) -> Value {
    let cell = &group.example;
    let why = if cell.why.is_empty() { String::new() } else { format!(" ({})", cell.why) };
    let text = format!(
        "{}: {} calls {}: expected {}{why}; {}.",
        group.deviation,
        group.personas(),
        group.operation,
        cell.expected,
        answer(cell),
    );
    json!({
        "ruleId": group.rule,
        "ruleIndex": positions.get(group.rule.as_str()),
        "level": if group.deviation == AccessDeviation::WrongCode { "warning" } else { "error" },
        "message": { "text": text },
        "locations": [{
            // Programs that show findings beside code want a file: the service's policy file.
            "physicalLocation": { "artifactLocation": { "uri": format!("{}/policy.yaml", group.service) } },
            "logicalLocations": [{
                "fullyQualifiedName": format!("{}/{}", group.operation, group.rule),
                "kind": "member",
            }],
        }],
        // The same deviation has the same fingerprint in every run.
        "partialFingerprints": {
            "deviation/v1": format!("{}/{}/{}", group.operation, group.rule, group.deviation),
        },
    })
}
