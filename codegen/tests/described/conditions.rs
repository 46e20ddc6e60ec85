//! Whether conditions of policy rules can be met: their requests are valid at the newest version,
//! and what they say of answers is in the schemas.

use serde_json::Value;
use squall_model::description::Condition;
use squall_model::{BodySchema, Microversion};

use super::requests::{body, unknown_parameters};
use super::{Described, SERVICES, none};

/// Runs a check of each condition at the newest version of its operation.
fn each(check: impl Fn(&Described, &Condition, Option<Microversion>) -> Result<(), String>) {
    let mut wrong = Vec::new();
    for described in SERVICES.iter() {
        for condition in described.description.conditions {
            let operation = described.operation(condition.request.operation);
            let newest = described.versions(operation).into_iter().max().flatten();
            if let Err(why) = check(described, condition, newest) {
                wrong.push(format!("{} of {}: {why}", condition.rule, operation.id));
            }
        }
    }
    none(&wrong);
}

#[test]
fn every_request_is_valid_and_has_known_parameters() {
    each(|described, condition, version| {
        body(described, &condition.request, version)?;
        match unknown_parameters(described, &condition.request, version).as_slice() {
            [] => Ok(()),
            unknown => Err(format!("unknown parameters: {}", unknown.join(", "))),
        }
    });
}

#[test]
fn every_field_that_only_some_see_is_in_the_answer() {
    each(|described, condition, version| {
        let operation = described.operation(condition.request.operation);
        let answers: Vec<Value> = operation
            .schemas
            .responses
            .iter()
            .filter(|response| response.status < 400 && response.versions.contains(version))
            .filter_map(|response| match &response.body {
                BodySchema::Described { schema, .. } => schema.at(version),
                BodySchema::None | BodySchema::Unknown => None,
            })
            .collect();
        let lacking =
            condition.shows.iter().find(|field| !answers.iter().any(|answer| names(answer, field)));
        lacking.map_or(Ok(()), |field| Err(format!("no answer has the field `{field}`")))
    });
}

#[test]
fn no_condition_is_there_twice() {
    let mut wrong = Vec::new();
    for described in SERVICES.iter() {
        let mut seen = std::collections::BTreeSet::new();
        for Condition { rule, request, .. } in described.description.conditions {
            if !seen.insert((rule, request.operation)) {
                wrong.push(format!("{rule} of {}", request.operation));
            }
        }
    }
    none(&wrong);
}

/// Whether a schema has a property of that name, wherever it is.
fn names(schema: &Value, field: &str) -> bool {
    match schema {
        Value::Object(keywords) => {
            keywords.get("properties").is_some_and(|all| all.get(field).is_some())
                || keywords.values().any(|inner| names(inner, field))
        }
        Value::Array(items) => items.iter().any(|inner| names(inner, field)),
        _ => false,
    }
}
