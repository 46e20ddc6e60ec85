//! Splits a request with an action discriminator into one operation for each action, and
//! pairs each with its response by the action's name.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use squall_model::VersionRange;

use super::Pass;
use super::direction::Direction;
use super::response::Response;
use super::schemas::discriminator;
use crate::diagnostic::{Diagnostics, pointer};

/// The schemas of each action and their pointers, by the action's name.
///
/// An action whose body changed has a schema for each range of versions.
pub(super) type Actions<'a> = BTreeMap<String, Vec<(&'a Value, String)>>;

impl<'a> Pass<'a> {
    /// Splits a schema with an action discriminator; empty if it has none.
    pub(super) fn actions(
        &self,
        schema: &'a Value,
        at: &str,
        sink: &mut Diagnostics,
    ) -> Actions<'a> {
        let mut found = Actions::new();
        let Some(schema) = self.references.follow(schema) else { return found };
        let Some(keywords) = schema.as_object() else { return found };
        if discriminator(keywords) != Some("action") {
            return found;
        }
        let at = pointer(at, "oneOf");
        for (i, branch) in keywords["oneOf"].as_array().into_iter().flatten().enumerate() {
            let at = pointer(&at, i);
            match self.references.follow(branch).and_then(|target| self.action_name(target)) {
                Some(name) => found.entry(name).or_default().push((branch, at)),
                None => sink.warning(
                    at,
                    "this branch does not name an action and is left out",
                    "add `action-name` under its `x-openstack`",
                ),
            }
        }
        found
    }

    /// Returns the action's name: as marked, or that of its first version, or its only key.
    fn action_name(&self, schema: &'a Value) -> Option<String> {
        let marked = schema.get("x-openstack").and_then(|marks| marks.get("action-name"));
        if let Some(name) = marked.and_then(Value::as_str) {
            return Some(name.to_owned());
        }
        if let Some(first) = schema.get("oneOf").and_then(|list| list.get(0)) {
            return self.action_name(self.references.follow(first)?);
        }
        let properties = schema.get("properties")?.as_object()?;
        (properties.len() == 1).then(|| properties.keys().next().cloned())?
    }
}

/// Writes each action as an operation with its own responses.
pub(super) fn operations<'a>(
    pass: &Pass<'a>,
    requests: Actions<'a>,
    responses: &[Response<'a>],
    sink: &mut Diagnostics,
) -> Value {
    let split: Vec<Option<Actions<'a>>> = responses
        .iter()
        .map(|response| {
            let (_, schema, at) = response.content.as_ref()?;
            Some(pass.actions(schema, at, sink)).filter(|actions| !actions.is_empty())
        })
        .collect();
    let mut out = Map::new();
    for (name, schemas) in requests {
        let mut answers = Map::new();
        for (response, split) in responses.iter().zip(&split) {
            let media_type = response.content.as_ref().map(|(media_type, ..)| *media_type);
            let own = split.as_ref().and_then(|actions| actions.get(&name));
            let schema =
                own.map(|schemas| pass.schema_of_action(schemas, Direction::Response, sink));
            answers.insert(response.status.clone(), response.with(media_type.zip(schema)));
        }
        let schema = pass.schema_of_action(&schemas, Direction::Request, sink);
        let mut operation = json!({
            "requestBody": {"content": {"application/json": {"schema": schema}}},
            "responses": answers,
        });
        if let Some(versions) = versions(&schema) {
            operation["x-openstack"] = versions;
        }
        out.insert(name, operation);
    }
    Value::Object(out)
}

/// Returns the versions of an action, which a published document writes at the action's
/// schemas only: from the first to the last version that any of them covers.
fn versions(schema: &Value) -> Option<Value> {
    let marks = schema.get("x-openstack")?;
    let ranges: Vec<VersionRange> = match marks.get("variants").and_then(Value::as_array) {
        Some(variants) => variants.iter().map(range).collect(),
        None => vec![range(marks)],
    };
    let first = ranges.iter().map(|range| range.min).min()?;
    let last = ranges.iter().map(|range| range.max);
    // A range without an end is later than any other.
    let last = last.reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b)))?;
    Some(json!(VersionRange::new(first, last))).filter(|range| *range != json!({}))
}

fn range(marks: &Value) -> VersionRange {
    let end = |key: &str| marks.get(key)?.as_str()?.parse().ok();
    VersionRange::new(end("min-ver"), end("max-ver"))
}
