//! The query of a request, as the services validate it.
//!
//! A query is text, and the schema is of what the text says. So a value is read as the number or
//! the truth value that its property wants; what cannot be read stays text, which the schema
//! then refuses. A property that wants a list takes every value of its name, another the last
//! one, as `webob.multidict.MultiDict` does.

use std::collections::BTreeMap;

use regex::Regex;
use serde_json::{Map, Value};
use squall_client::OperationRef;
use squall_client::validate::Validators;
use squall_model::{Merged, Paging};

use crate::fault::Fault;
use crate::query::truth;
use crate::request::RequestContext;
use crate::world::network;

/// Refuses parameters that the schema does not have, and values that it does not take.
pub(super) fn check(
    validators: &Validators,
    operation: &OperationRef,
    merged: &Merged,
    context: &RequestContext,
) -> Result<(), Fault> {
    let requires = merged.0.get("required").is_some() || merged.0.get("x-openstack").is_some();
    if context.query.iter().next().is_none() && !requires {
        return Ok(());
    }
    let Some(schema) = merged.at(context.version) else { return Ok(()) };
    let in_network = operation.service() == "network";
    if in_network {
        filters(merged, &schema, context)?;
    }
    let mut query = read(&schema, context, in_network);
    if let (Some(Paging::Marker { .. }), Some(query)) = (&operation.paging, query.as_object_mut()) {
        // How a list is paged is said beside its schema; a plugin's need not repeat it there.
        let declared =
            |name: &str| schema.get("properties").is_some_and(|all| all.get(name).is_some());
        query.retain(|name, _| declared(name) || !["limit", "marker"].contains(&name.as_str()));
    }
    let Ok(outcome) = validators.query(operation, context.version, &query) else { return Ok(()) };
    let Some(first) = outcome.violations.first() else { return Ok(()) };
    let name = first.pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
    let message = match name {
        "" => format!("Invalid query parameters. {}", first.message),
        name => {
            let name = name.replace("~1", "/").replace("~0", "~");
            format!("Invalid input for query parameters {name}. {}", first.message)
        }
    };
    let fault = Fault::bad_request(message);
    Err(if in_network { fault.word("InvalidInput") } else { fault })
}

/// Refuses parameters that no attribute filters by (`neutron.api.api_common.get_filters_from_dict`,
/// with the extension `filter-validation`). An extension that is not loaded has no attributes.
fn filters(merged: &Merged, schema: &Value, context: &RequestContext) -> Result<(), Fault> {
    if schema.get("additionalProperties") != Some(&Value::Bool(false)) {
        return Ok(());
    }
    let loaded = |name: &str| {
        let marked = merged.0.pointer(&format!("/properties/{name}/x-openstack/extension"));
        marked.and_then(Value::as_str).is_none_or(network::has_extension)
    };
    let known = |name: &str| {
        schema.get("properties").is_some_and(|all| all.get(name).is_some()) && loaded(name)
    };
    let names = context.query.iter().map(|(name, _)| name).filter(|name| !known(name));
    let unknown: Vec<String> = names.map(|name| format!("'{name}'")).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let message = format!("[{}] is invalid attribute for filtering", unknown.join(", "));
    Err(Fault::bad_request(message).word("HTTPBadRequest"))
}

/// Returns the query as the object that the schema describes.
fn read(schema: &Value, context: &RequestContext, in_network: bool) -> Value {
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in context.query.iter() {
        values.entry(name).or_default().push(value);
    }
    let object: Map<String, Value> = values
        .into_iter()
        .map(|(name, texts)| {
            let value = match schema.get("properties").and_then(|all| all.get(name)) {
                // Any other text than `true` is false (`neutron.api.api_common.get_page_reverse`).
                Some(_) if in_network && name == "page_reverse" => {
                    Value::Bool(texts.iter().any(|text| text.eq_ignore_ascii_case("true")))
                }
                Some(property) => value(property, &texts),
                None => match by_pattern(schema, name) {
                    Some(property) => value(property, &texts),
                    None => texts.last().copied().unwrap_or_default().into(),
                },
            };
            (name.to_owned(), value)
        })
        .collect();
    Value::Object(object)
}

/// Returns the schema of a name that a pattern describes.
fn by_pattern<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    let mut patterns = schema.get("patternProperties")?.as_object()?.iter();
    let matching = |pattern: &str| Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(name));
    patterns.find(|(pattern, _)| matching(pattern)).map(|(_, property)| property)
}

/// Reads the values of one name as a property wants them.
fn value(property: &Value, texts: &[&str]) -> Value {
    let (list, single) = (takes(property, "array"), takes(property, "string"));
    if list && !(single && texts.len() == 1) {
        let anything = Value::Bool(true);
        let item = property.get("items").unwrap_or(&anything);
        return texts.iter().map(|text| scalar(item, text)).collect();
    }
    scalar(property, texts.last().copied().unwrap_or_default())
}

/// Reads a text as the number or the truth value that a schema wants.
fn scalar(schema: &Value, text: &str) -> Value {
    let read = if takes(schema, "string") {
        None
    } else if takes(schema, "integer") {
        text.trim().parse::<i64>().ok().map(Value::from)
    } else if takes(schema, "boolean") {
        truth(text).map(Value::Bool)
    } else {
        None
    };
    read.unwrap_or_else(|| text.into())
}

/// Whether a schema names a type, by itself or in one of its branches.
fn takes(schema: &Value, kind: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(name)) => return name == kind,
        Some(Value::Array(names)) => return names.iter().any(|name| name == kind),
        _ => {}
    }
    ["anyOf", "oneOf"].iter().any(|branches| {
        let branches = schema.get(branches).and_then(Value::as_array);
        branches.into_iter().flatten().any(|branch| takes(branch, kind))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_read_as_what_its_property_wants() {
        for (property, texts, expected) in [
            (json!({ "type": "integer" }), vec!["7"], json!(7)),
            (json!({ "type": "integer" }), vec!["many"], json!("many")),
            (json!({ "type": "boolean" }), vec!["yes"], json!(true)),
            (json!({ "type": "boolean" }), vec![""], json!("")),
            (json!({ "type": "string" }), vec!["1", "2"], json!("2")),
            (json!({ "type": "array", "items": { "type": "string" } }), vec!["1"], json!(["1"])),
            (json!({ "type": "array", "items": { "type": "integer" } }), vec!["1"], json!([1])),
            (
                json!({ "anyOf": [{ "type": "array" }, { "type": "string" }] }),
                vec!["a", "b"],
                json!(["a", "b"]),
            ),
            (
                json!({ "anyOf": [{ "type": "integer" }, { "type": "string" }] }),
                vec!["1"],
                json!("1"),
            ),
            (json!({}), vec!["1"], json!("1")),
        ] {
            assert_eq!(value(&property, &texts), expected, "{property} of {texts:?}");
        }
    }
}
