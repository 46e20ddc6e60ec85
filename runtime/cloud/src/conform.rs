//! Validates a request against the operation's own schema.

use serde_json::Value;
use squall_client::OperationRef;
use squall_client::validate::Validators;
use squall_model::BodySchema;

use crate::fault::Fault;
use crate::request::RequestContext;

/// Refuses a body that is invalid by the operation's schema at the negotiated version.
///
/// - A body without a declared schema is not validated, and neither is a missing one: a
///   behaviour that needs a body says so itself.
/// - Network accepts one resource or many at one path, and the schema is that of one;
///   many are left to the behaviour.
/// - A schema that cannot be read is not the caller's fault.
pub(crate) fn request(validators: &Validators, context: &RequestContext) -> Result<(), Fault> {
    let many = |body: &Value| {
        let fields = body.as_object();
        fields.is_some_and(|fields| fields.len() == 1 && fields.values().all(Value::is_array))
    };
    let left = match context.operation.service() {
        "object_storage" => true,
        "network" => many(&context.json),
        _ => false,
    };
    if left || context.json.is_null() {
        return Ok(());
    }
    let operation = OperationRef::from(context.operation);
    let Ok(schemas) = validators.schemas(&operation) else { return Ok(()) };
    if !matches!(schemas.request, BodySchema::Described { .. }) {
        return Ok(());
    }
    let Ok(outcome) = validators.request(&operation, context.version, Some(&context.json)) else {
        return Ok(());
    };
    let Some(first) = outcome.violations.first() else { return Ok(()) };
    Err(Fault::bad_request(match first.pointer.as_str() {
        "" => format!("Invalid input. {}", first.message),
        pointer => {
            let name = pointer.rsplit('/').next().unwrap_or_default();
            format!("Invalid input for field/attribute {name}. {} (at {pointer})", first.message)
        }
    }))
}
