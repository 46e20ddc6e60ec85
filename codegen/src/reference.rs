//! Resolves `$ref`s within a document.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use squall_model::materialise::VERSIONS_KEY;

/// Returns what a reference leads to in a document; `None` if it leads to nothing, or to
/// another document.
///
/// A reference is a URI, so its fragment is percent-decoded before it is read as a JSON
/// pointer. Keys with a literal `%` are found as well: the text is then tried unchanged.
pub(crate) fn target<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    let text = reference.strip_prefix('#')?;
    document.pointer(&pointer(reference)).or_else(|| document.pointer(text))
}

/// Returns the JSON pointer in a reference, percent-decoded.
pub(crate) fn pointer(reference: &str) -> Cow<'_, str> {
    let text = reference.strip_prefix('#').unwrap_or(reference);
    percent_decode_str(text).decode_utf8().unwrap_or(Cow::Borrowed(text))
}

/// Combines a reference's target with the keywords beside it: both hold.
pub(crate) fn both(target: Value, beside: Map<String, Value>) -> Value {
    if beside.is_empty() {
        return target;
    }
    let mut out = Map::new();
    let marks_only = beside.keys().all(|key| key == VERSIONS_KEY);
    match target {
        Value::Object(mut target) if marks_only && !target.contains_key(VERSIONS_KEY) => {
            target.extend(beside);
            Value::Object(target)
        }
        target => {
            let mut all = vec![target];
            for (key, value) in beside {
                match (key.as_str(), value) {
                    ("allOf", Value::Array(own)) => all.extend(own),
                    (_, value) => drop(out.insert(key, value)),
                }
            }
            out.insert("allOf".to_owned(), Value::Array(all));
            Value::Object(out)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_is_decoded_and_else_read_as_it_is() {
        let document = json!({
            "paths": {"/a/{b}": {"get": 1}}, "schemas": {"Page«A»": 2, "50%25": 3, "a b": 4, "%7B": 5},
        });
        for (reference, found) in [
            ("#/paths/~1a~1%7Bb%7D/get", Some(1)),
            ("#/paths/~1a~1{b}/get", Some(1)),
            ("#/schemas/Page%C2%ABA%C2%BB", Some(2)),
            ("#/schemas/Page«A»", Some(2)),
            ("#/schemas/50%25", Some(3)),
            ("#/schemas/a%20b", Some(4)),
            ("#/schemas/%7B", Some(5)),
            ("#/schemas/%FF", None),
            ("other.yaml#/schemas/Page", None),
        ] {
            assert_eq!(
                target(&document, reference),
                found.map(|n| json!(n)).as_ref(),
                "{reference}"
            );
        }
    }
}
