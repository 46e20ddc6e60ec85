//! Words for errors and headers, as the surface lock and the reference have them.

use serde_json::Value;
use squall_model::{ErrorBody, ErrorForm, FormSource, HeaderSchema};

/// Returns what the text of a header may say, as in `integer` or `string (uri)`.
pub(super) fn header_type(header: &HeaderSchema) -> String {
    let schema = &header.schema.0;
    let word = |key: &str| schema.get(key).and_then(Value::as_str);
    match (word("type"), word("format"), schema.get("enum").and_then(Value::as_array)) {
        (Some(ty), Some(format), _) => format!("{ty} ({format})"),
        (_, _, Some(values)) => {
            let words =
                values.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
            words.collect::<Vec<_>>().join(" or ")
        }
        (Some(ty), ..) => ty.to_owned(),
        (None, ..) => "by version".to_owned(),
    }
}

/// Returns the name of a form for a lock: what the operations share, or what its body is; empty
/// if that is not described.
pub(super) fn form_word(form: &FormSource) -> &str {
    match form {
        FormSource::Shared(name) => name,
        FormSource::Own(ErrorForm { body: ErrorBody::None, .. }) => "none",
        FormSource::Own(ErrorForm { body: ErrorBody::Unknown, .. }) => "",
        FormSource::Own(_) => "own",
    }
}

/// Returns the parts of a JSON body, each with its type and versions, as in
/// `errors[].code (string, from 1.23)`.
pub(super) fn parts(schema: &Value) -> Vec<String> {
    let mut out = Vec::new();
    collect(schema, "", "", &mut out);
    out
}

fn collect(schema: &Value, at: &str, versions: &str, out: &mut Vec<String>) {
    if let Some(variants) = marks(schema).and_then(|m| m.get("variants")).and_then(Value::as_array)
    {
        for variant in variants {
            if let Some(inner) = variant.get("schema") {
                collect(inner, at, &range(variant), out);
            }
        }
        return;
    }
    let own = marks(schema).map(range).filter(|own| !own.is_empty());
    let versions = own.as_deref().unwrap_or(versions);
    let branches = ["oneOf", "anyOf", "allOf"].iter().filter_map(|key| schema.get(key)?.as_array());
    for branch in branches.flatten() {
        collect(branch, at, versions, out);
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, inner) in properties.into_iter().flatten() {
        let gap = if at.is_empty() { "" } else { "." };
        collect(inner, &format!("{at}{gap}{name}"), versions, out);
    }
    if let Some(items) = schema.get("items") {
        collect(items, &format!("{at}[]"), versions, out);
    }
    if let Some(values) = schema.get("additionalProperties").filter(|values| values.is_object()) {
        let gap = if at.is_empty() { "" } else { "." };
        collect(values, &format!("{at}{gap}*"), versions, out);
    }
    let is_leaf = properties.is_none() && schema.get("items").is_none();
    if let (true, false, Some(ty)) = (is_leaf, at.is_empty(), schema.get("type")) {
        let ty = ty.as_str().map_or_else(|| ty.to_string(), str::to_owned);
        let versions = if versions.is_empty() { String::new() } else { format!(", {versions}") };
        out.push(format!("`{at}` ({ty}{versions})"));
    }
}

fn marks(schema: &Value) -> Option<&Value> {
    schema.get(squall_model::materialise::VERSIONS_KEY)
}

fn range(marks: &Value) -> String {
    let end = |key: &str| marks.get(key)?.as_str()?.parse().ok();
    super::text::since(squall_model::VersionRange::new(end("min-ver"), end("max-ver")))
        .trim_end_matches('.')
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_parts_of_a_body_have_their_place_type_and_versions() {
        let code = json!({"type": "string", "x-openstack": {"min-ver": "1.23"}});
        let error =
            json!({"type": "object", "properties": {"code": code, "title": {"type": "string"}}});
        let body =
            json!({"type": "object", "properties": {"errors": {"type": "array", "items": error}}});
        assert_eq!(
            parts(&body),
            ["`errors[].code` (string, since 1.23)", "`errors[].title` (string)"]
        );
        let fault =
            json!({"additionalProperties": {"properties": {"message": {"type": "string"}}}});
        assert_eq!(parts(&fault), ["`*.message` (string)"]);
    }
}
