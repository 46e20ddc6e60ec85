//! What neutron converts in a body before it validates it.

use serde_json::Value;

/// Converts a value that the schema refuses, as neutron does before it validates:
/// `convert_to_int` and `convert_to_boolean` of `neutron_lib.api.converters`, and an empty
/// object that counts as none (`neutron_lib.api.validators.validate_dict_or_nodata`).
pub(super) fn converted(body: &mut Value, pointer: &str, message: &str) -> bool {
    let Some(value) = body.pointer_mut(pointer) else { return false };
    let wants = |kind: &str| message.contains("not of type") && message.contains(kind);
    let new = match &*value {
        Value::String(text) if wants("\"integer\"") => {
            text.trim().parse::<i64>().ok().map(Value::from)
        }
        Value::String(text) if wants("\"boolean\"") => match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(Value::Bool(true)),
            "false" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        Value::Number(number) if wants("\"boolean\"") => match number.as_i64() {
            Some(0) => Some(Value::Bool(false)),
            Some(1) => Some(Value::Bool(true)),
            _ => None,
        },
        Value::Object(fields)
            if fields.is_empty() && message.contains("is a required property") =>
        {
            Some(Value::Null)
        }
        _ => None,
    };
    let Some(new) = new else { return false };
    *value = new;
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_text_can_stand_for_is_converted_and_nothing_else() {
        for (value, message, expected) in [
            (json!("1400"), "\"1400\" is not of type \"integer\"", Some(json!(1400))),
            (json!("False"), "\"False\" is not of type \"boolean\"", Some(json!(false))),
            (json!(1), "1 is not of type \"boolean\"", Some(json!(true))),
            (json!({}), "\"network_id\" is a required property", Some(json!(null))),
            (json!("many"), "\"many\" is not of type \"integer\"", None),
            (json!("x"), "\"x\" is not one of \"integer\"", None),
            (json!({}), "an object is not one of \"required\" or \"preferred\"", None),
            (json!({ "a": 1 }), "\"network_id\" is a required property", None),
        ] {
            let mut body = json!({ "a": value });
            assert_eq!(converted(&mut body, "/a", message), expected.is_some(), "{message}");
            assert_eq!(body["a"], expected.unwrap_or(value), "{message}");
        }
    }
}
