//! Validates a request against the operation's own schemas.

mod convert;
mod query;

use squall_client::OperationRef;
use squall_client::validate::Validators;
use squall_model::materialise::Circumstances;
use squall_model::{BodySchema, Operation};

use crate::fault::Fault;
use crate::request::RequestContext;

/// Refuses a query or a body that is invalid by the operation's schemas at the negotiated
/// version.
///
/// - A schema that is not declared, or cannot be read, refuses nothing. Object storage has its
///   own checks.
/// - A body that is missing, or `null`, is refused where the schema takes no `null`.
/// - Network converts what a text can stand for before it validates.
pub(crate) fn request(validators: &Validators, context: &mut RequestContext) -> Result<(), Fault> {
    if context.operation.service() == "object_storage" {
        return Ok(());
    }
    query(validators, context)?;
    body(validators, context)
}

/// Refuses an invalid query.
pub(crate) fn query(validators: &Validators, context: &RequestContext) -> Result<(), Fault> {
    let operation = OperationRef::from(context.operation);
    let Ok(schemas) = validators.schemas(&operation) else { return Ok(()) };
    match &schemas.query {
        Some(schema) if refuses(context.operation, context) => {
            query::check(validators, &operation, schema, context)
        }
        _ => Ok(()),
    }
}

/// Refuses an invalid body.
pub(crate) fn body(validators: &Validators, context: &mut RequestContext) -> Result<(), Fault> {
    let network = context.operation.service() == "network";
    let operation = OperationRef::from(context.operation);
    let Ok(schemas) = validators.schemas(&operation) else { return Ok(()) };
    let BodySchema::Described { media_type, schema } = &schemas.request else { return Ok(()) };
    if context.json.is_null() {
        // What is no JSON, such as the bytes of an image, its behaviour looks at.
        let at = Circumstances { version: context.version, ..Circumstances::default() };
        if !media_type.contains("json") || schema.under(&at).is_none() {
            return Ok(());
        }
    }
    loop {
        let validated = validators.request(&operation, context.version, Some(&context.json));
        let Ok(outcome) = validated else { return Ok(()) };
        let Some(first) = outcome.violations.first() else { return Ok(()) };
        let (pointer, message) = (first.pointer.clone(), first.message.clone());
        if network && convert::converted(&mut context.json, &pointer, &message) {
            continue;
        }
        return Err(Fault::bad_request(match pointer.as_str() {
            "" if context.json.is_null() => "Invalid input. A request body is required.".to_owned(),
            "" => format!("Invalid input. {message}"),
            pointer => {
                let name = pointer.rsplit('/').next().unwrap_or_default();
                format!("Invalid input for field/attribute {name}. {message} (at {pointer})")
            }
        }));
    }
}

/// Whether an operation is said to refuse a request with 400, or no refusal of it is known.
fn refuses(operation: &Operation, context: &RequestContext) -> bool {
    let errors = &operation.errors;
    let at = |status| move |error: &&squall_model::StatusRange| error.status == status;
    errors.is_empty()
        || errors.iter().filter(at(400)).any(|error| error.versions.contains(context.version))
}
