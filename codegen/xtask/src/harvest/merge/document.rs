//! Builds the document of a service.

use miette::WrapErr as _;
use serde_json::{Map, Value, json};
use squall_model::Gate;
use squall_model::service::ServiceProfile;

use super::bodies::Spelled;
use super::cells::range_marks;
use super::components::Components;
use super::facts::Facts;
use super::kept::Kept;
use super::left_out::LeftOut;
use super::phrases::phrase;
use super::{messages, summary};

/// Builds the document from operations sorted by id.
pub(super) fn document(
    facts: &Facts,
    service: &ServiceProfile,
    kept: &[Kept],
    left_out: &[LeftOut],
) -> miette::Result<Value> {
    let mut components = Components::collect(kept);
    let mut paths = Map::new();
    for one in kept {
        let operation = operation(facts, one, &mut components)
            .wrap_err_with(|| format!("failed to describe {}", one.op.described()))?;
        insert(&mut paths, one, operation);
    }
    let mut about = json!({
        "service": facts.service,
        "service-type": service.service_type,
        "source": facts.source(),
    });
    for (key, version) in [("min-ver", facts.min), ("max-ver", facts.max)] {
        if let Some(version) = version {
            about[key] = json!(version);
        }
    }
    if !left_out.is_empty() {
        about["left-out"] = left_out.iter().map(LeftOut::to_value).collect();
    }
    for (key, headers) in [
        ("request-headers", &facts.messages.request_headers),
        ("response-headers", &facts.messages.response_headers),
    ] {
        if !headers.is_empty() {
            about[key] = Value::Object(messages::headers(headers.iter()));
        }
    }
    let version = facts.packages.first().map(|p| p.version.clone()).unwrap_or_default();
    let url = if service.version_path.is_empty() { "/" } else { service.version_path };
    let mut document = json!({
        "openapi": "3.0.3",
        "info": {"title": service.title, "version": version},
        "servers": [{"url": url}],
        "x-openstack": about,
        "paths": paths,
    });
    let forms = messages::forms(facts, kept);
    if !forms.is_empty() {
        document["components"]["responses"] = Value::Object(forms);
    }
    if let Some(schemas) = components.into_value() {
        document["components"]["schemas"] = schemas;
    }
    Ok(document)
}

/// Adds an operation to its path, or an action to the POST of its path.
fn insert(paths: &mut Map<String, Value>, one: &Kept, operation: Value) {
    let item = paths.entry(one.name.path.clone()).or_insert_with(|| json!({}));
    if one.name.path != one.op.path {
        item["x-openstack"] = json!({"upstream-path": one.op.path});
    }
    let method = one.op.method.to_ascii_lowercase();
    match &one.op.action {
        None => item[method] = operation,
        Some(action) => {
            if item.get(&method).is_none() {
                item[&method] = json!({
                    "summary": "Performs the action that the only key of the body names.",
                    "tags": [one.name.resource],
                    "parameters": parameters(&one.name.path),
                    "responses": {"default": {"description": "See the actions."}},
                    "x-openstack": {"actions": {}},
                });
            }
            item[&method]["x-openstack"]["actions"][action] = operation;
        }
    }
}

fn operation(facts: &Facts, one: &Kept, components: &mut Components) -> miette::Result<Value> {
    let op = one.op;
    let mut out = Map::new();
    out.insert("operationId".to_owned(), json!(one.name.id));
    let text =
        op.summary.clone().unwrap_or_else(|| summary::summary(&one.name, op.action.is_some()));
    out.insert("summary".to_owned(), json!(text));
    out.insert("tags".to_owned(), json!([one.name.resource]));
    let mut parameters = if op.action.is_none() { parameters(&one.name.path) } else { Vec::new() };
    parameters.extend(messages::parameters(&op.request_headers));
    if !parameters.is_empty() {
        out.insert("parameters".to_owned(), Value::Array(parameters));
    }
    let mut marks = range_marks(one.versions);
    match &one.bodies.request {
        Spelled::Schema { media_type, schema } => {
            let schema = components.placed(schema);
            let content = json!({media_type: {"schema": schema}});
            out.insert("requestBody".to_owned(), json!({"content": content}));
        }
        without => {
            marks.insert("body".to_owned(), json!(without.word()));
        }
    }
    out.insert("responses".to_owned(), responses(facts, one, components)?);
    match &one.bodies.query {
        Spelled::Schema { schema, .. } => {
            marks.insert("query".to_owned(), components.placed(schema));
        }
        Spelled::None => drop(marks.insert("query".to_owned(), json!("none"))),
        Spelled::Unknown => {}
    }
    guard_marks(one, &mut marks);
    if let Some(extension) = &op.extension {
        marks.insert("extension".to_owned(), json!(extension));
    }
    if let Some(paging) = &op.paging {
        let paging = json!({"collection": paging.collection, "field": paging.field});
        marks.insert("paging".to_owned(), paging);
    }
    if !one.bodies.holes.is_empty() {
        marks.insert("holes".to_owned(), Value::Array(one.bodies.holes.clone()));
    }
    marks.insert("provenance".to_owned(), one.bodies.provenance.clone());
    if !op.unknown.is_empty() {
        marks.insert("unknown".to_owned(), json!(op.unknown));
    }
    out.insert("x-openstack".to_owned(), Value::Object(marks));
    Ok(Value::Object(out))
}

/// Adds the policy rules. An operation without rules is either known to be open to everyone,
/// or its rules are unknown; these are distinguished.
fn guard_marks(one: &Kept, marks: &mut Map<String, Value>) {
    let rules = one.guards.iter().map(|guard| {
        let gate = if guard.gate == Gate::Gate { "gate" } else { "conditional" };
        json!({"rule": guard.rule, "gate": gate})
    });
    let rules: Vec<Value> = rules.collect();
    if one.op.unenforced {
        marks.insert("unenforced".to_owned(), json!(true));
    }
    if !rules.is_empty() {
        marks.insert("policies".to_owned(), Value::Array(rules));
    } else if !one.op.unenforced {
        marks.insert("policies".to_owned(), json!("unknown"));
    }
}

fn parameters(path: &str) -> Vec<Value> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| {
            json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}})
        })
        .collect()
}

fn responses(facts: &Facts, one: &Kept, components: &mut Components) -> miette::Result<Value> {
    let mut out = Map::new();
    for (code, versions, body) in &one.bodies.responses {
        let mut response = json!({"description": phrase(*code)});
        let mut marks = range_marks(*versions);
        match body {
            Spelled::Schema { media_type, schema } => {
                response["content"] = json!({media_type: {"schema": components.placed(schema)}});
            }
            without => {
                marks.insert("body".to_owned(), json!(without.word()));
            }
        }
        let headers = messages::of_success(one, *code);
        if !headers.is_empty() {
            response["headers"] = Value::Object(headers);
        }
        if !marks.is_empty() {
            response["x-openstack"] = Value::Object(marks);
        }
        out.insert(code.to_string(), response);
    }
    for (code, response) in messages::errors(facts, one)? {
        out.insert(code.to_string(), response);
    }
    if out.is_empty() {
        let unknown = json!({"description": "Not known.", "x-openstack": {"body": "unknown"}});
        out.insert("default".to_owned(), unknown);
    }
    Ok(Value::Object(out))
}
