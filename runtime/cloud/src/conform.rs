//! Validates a request against the operation's own schema.

use serde_json::Value;
use squall_client::OperationRef;
use squall_client::validate::Validators;
use squall_model::{BodySchema, Merged};

use crate::fault::Fault;
use crate::request::RequestContext;

/// Refuses a body that is invalid by the operation's schema at the negotiated version.
///
/// - A body without a declared schema is not validated, and neither is a missing one: a
///   behaviour that needs a body says so itself.
/// - Network converts what a text can stand for before it validates, and knows the filters of
///   its lists.
/// - A schema that cannot be read is not the caller's fault.
pub(crate) fn request(validators: &Validators, context: &mut RequestContext) -> Result<(), Fault> {
    let network = context.operation.service() == "network";
    if context.operation.service() == "object_storage" {
        return Ok(());
    }
    let operation = OperationRef::from(context.operation);
    let Ok(schemas) = validators.schemas(&operation) else { return Ok(()) };
    if let Some(query) = schemas.query.as_ref().filter(|_| network) {
        filters(query, context)?;
    }
    if context.json.is_null() {
        return Ok(());
    }
    if !matches!(schemas.request, BodySchema::Described { .. }) {
        return Ok(());
    }
    loop {
        let validated = validators.request(&operation, context.version, Some(&context.json));
        let Ok(outcome) = validated else { return Ok(()) };
        let Some(first) = outcome.violations.first() else { return Ok(()) };
        let (pointer, message) = (first.pointer.clone(), first.message.clone());
        if network && converted(&mut context.json, &pointer, &message) {
            continue;
        }
        return Err(Fault::bad_request(match pointer.as_str() {
            "" => format!("Invalid input. {message}"),
            pointer => {
                let name = pointer.rsplit('/').next().unwrap_or_default();
                format!("Invalid input for field/attribute {name}. {message} (at {pointer})")
            }
        }));
    }
}

/// Refuses parameters that no attribute filters by (`neutron.api.api_common.get_filters_from_dict`,
/// with the extension `filter-validation`).
fn filters(query: &Merged, context: &RequestContext) -> Result<(), Fault> {
    let Some(schema) = query.at(context.version) else { return Ok(()) };
    if schema.get("additionalProperties") != Some(&Value::Bool(false)) {
        return Ok(());
    }
    let known = |name: &str| schema.get("properties").is_some_and(|all| all.get(name).is_some());
    let names = context.query.iter().map(|(name, _)| name).filter(|name| !known(name));
    let unknown: Vec<String> = names.map(|name| format!("'{name}'")).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let message = format!("[{}] is invalid attribute for filtering", unknown.join(", "));
    Err(Fault::bad_request(message).word("HTTPBadRequest"))
}

/// Converts a value that the schema refuses, as neutron does before it validates:
/// `convert_to_int` and `convert_to_boolean` of `neutron_lib.api.converters`, and an empty
/// object that counts as none (`neutron_lib.api.validators.validate_dict_or_nodata`).
fn converted(body: &mut Value, pointer: &str, message: &str) -> bool {
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
        Value::Object(fields) if fields.is_empty() && message.contains("required") => {
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
            (json!({ "a": 1 }), "\"network_id\" is a required property", None),
        ] {
            let mut body = json!({ "a": value });
            assert_eq!(converted(&mut body, "/a", message), expected.is_some(), "{message}");
            assert_eq!(body["a"], expected.unwrap_or(value), "{message}");
        }
    }
}
