//! Normalises a published operation: its parameters, bodies and responses.

use serde_json::{Map, Value, json};
use squall_model::operation::path_parameters;

use super::direction::Direction;
use super::response::Response;
use super::{Pass, actions, keywords};
use crate::diagnostic::{Diagnostics, pointer};

impl<'a> Pass<'a> {
    pub(super) fn operation(
        &self,
        path: &str,
        operation: &'a Map<String, Value>,
        shared: &[Value],
        at: &str,
        sink: &mut Diagnostics,
    ) -> Value {
        let mut out = Map::new();
        for key in ["operationId", "summary", "tags"] {
            if let Some(value) = operation.get(key) {
                out.insert(key.to_owned(), value.clone());
            }
        }
        let place = pointer(at, "parameters");
        let own = self.parameters(operation.get("parameters"), &place, sink);
        let parameters = complete(path, shared, own);
        let marks = operation.get("x-openstack").map(keywords::range);
        let mut marks = marks.and_then(|m| m.as_object().cloned()).unwrap_or_default();
        let responses = self.responses(operation.get("responses"), at, sink);
        let request = self.request(operation.get("requestBody"), at, sink);
        let split = request.as_ref().and_then(|(schema, _, place)| {
            let actions = self.actions(schema, place, sink);
            (!actions.is_empty()).then_some(actions)
        });
        match (split, request) {
            (Some(requests), _) => {
                let actions = actions::operations(self, requests, &responses, sink);
                marks.insert("actions".to_owned(), actions);
                out.insert(
                    "responses".to_owned(),
                    json!({"default": {"description": "By action."}}),
                );
            }
            (None, request) => {
                match request {
                    Some((schema, media_type, place)) => {
                        let schema = self.schema(schema, Direction::Request, &place, sink);
                        let body = json!({"content": {media_type: {"schema": schema}}});
                        out.insert("requestBody".to_owned(), body);
                    }
                    None => drop(marks.insert("body".to_owned(), json!("none"))),
                }
                let responses = responses.iter().map(|r| (r.status.clone(), r.whole(self, sink)));
                out.insert("responses".to_owned(), Value::Object(responses.collect()));
            }
        }
        if !parameters.is_empty() {
            out.insert("parameters".to_owned(), Value::Array(parameters));
        }
        if !marks.is_empty() {
            out.insert("x-openstack".to_owned(), Value::Object(marks));
        }
        Value::Object(out)
    }

    /// Reads a list of parameters and follows their references.
    pub(super) fn parameters(
        &self,
        list: Option<&'a Value>,
        at: &str,
        sink: &mut Diagnostics,
    ) -> Vec<Value> {
        let mut out = Vec::new();
        for (index, parameter) in list.and_then(Value::as_array).into_iter().flatten().enumerate() {
            let at = pointer(at, index);
            let found = self.references.follow(parameter);
            let text = |key: &str| found.and_then(|f| f.get(key)).and_then(Value::as_str);
            let (Some(found), Some(name), Some(place)) = (found, text("name"), text("in")) else {
                sink.error(
                    at,
                    "this is not a parameter, or its `$ref` leads nowhere",
                    "write `name`, `in` and `schema`, or correct the reference",
                );
                continue;
            };
            let schema = match found.get("schema") {
                Some(schema) => {
                    self.schema(schema, Direction::Request, &pointer(&at, "schema"), sink)
                }
                None => json!({"type": "string"}),
            };
            let mut marks = found.get("x-openstack").map(keywords::range).unwrap_or_default();
            if marks.as_object().is_none_or(Map::is_empty) {
                marks = Value::Null;
            }
            let mut parameter = json!({"name": name, "in": place, "schema": schema});
            if place == "path" || found.get("required") == Some(&Value::Bool(true)) {
                parameter["required"] = json!(true);
            }
            if !marks.is_null() {
                parameter["x-openstack"] = marks;
            }
            out.push(parameter);
        }
        out
    }

    /// Returns the request's schema, media type and pointer.
    fn request(
        &self,
        body: Option<&'a Value>,
        at: &str,
        sink: &mut Diagnostics,
    ) -> Option<(&'a Value, &'a str, String)> {
        let content = self.references.follow(body?)?.get("content")?.as_object()?;
        let (media_type, media) = preferred(content)?;
        let at = pointer(&format!("{at}/requestBody/content"), media_type);
        if content.len() > 1 {
            sink.warning(
                &at,
                format!("of {} media types only `{media_type}` is read", content.len()),
                "send the others as bytes",
            );
        }
        let at = pointer(&at, "schema");
        Some((media.get("schema").unwrap_or(&EMPTY), media_type, at))
    }

    fn responses(
        &self,
        responses: Option<&'a Value>,
        at: &str,
        sink: &mut Diagnostics,
    ) -> Vec<Response<'a>> {
        let mut out = Vec::new();
        for (status, response) in responses.and_then(Value::as_object).into_iter().flatten() {
            let at = pointer(&format!("{at}/responses"), status);
            let Some(response) = self.references.follow(response) else {
                sink.error(at, "the `$ref` leads nowhere", "correct the reference");
                continue;
            };
            let content = response.get("content").and_then(Value::as_object).and_then(preferred);
            let content = content.map(|(media_type, media)| {
                let at = format!("{}/schema", pointer(&pointer(&at, "content"), media_type));
                (media_type, media.get("schema").unwrap_or(&EMPTY), at)
            });
            out.push(Response { status: status.clone(), content });
        }
        if out.is_empty() {
            out.push(Response { status: "default".to_owned(), content: None });
        }
        out
    }
}

static EMPTY: Value = Value::Bool(true);

/// Chooses the media type that is read: JSON if there is one.
fn preferred(content: &Map<String, Value>) -> Option<(&str, &Value)> {
    let json = content.iter().find(|(name, _)| name.contains("json"));
    json.or_else(|| content.iter().next()).map(|(name, media)| (name.as_str(), media))
}

/// Combines shared and own parameters, and adds those that only the path names.
fn complete(path: &str, shared: &[Value], own: Vec<Value>) -> Vec<Value> {
    let same = |a: &Value, b: &Value| a["name"] == b["name"] && a["in"] == b["in"];
    let mut all: Vec<Value> =
        shared.iter().filter(|s| !own.iter().any(|o| same(s, o))).cloned().collect();
    all.extend(own);
    let named: Vec<&str> = path_parameters(path).collect();
    all.retain(|p| p["in"] != "path" || named.iter().any(|name| p["name"] == *name));
    for name in named {
        if !all.iter().any(|p| p["in"] == "path" && p["name"] == name) {
            all.push(json!({
                "name": name, "in": "path", "required": true, "schema": {"type": "string"},
            }));
        }
    }
    all
}
