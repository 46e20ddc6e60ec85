//! Validates a request against the operation's own schemas.

mod convert;
mod query;

use serde_json::Value;
use squall_client::OperationRef;
use squall_client::validate::Validators;
use squall_model::materialise::{Circumstances, VERSIONS_KEY};
use squall_model::{BodySchema, Merged, Operation};

use crate::fault::Fault;
use crate::request::RequestContext;
use crate::world::network;

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
    let in_network = context.operation.service() == "network";
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
    if in_network {
        attributes(schema, &context.json)?;
    }
    loop {
        let validated = validators.request(&operation, context.version, Some(&context.json));
        let Ok(outcome) = validated else { return Ok(()) };
        let Some(first) = outcome.violations.first() else { return Ok(()) };
        let (pointer, message) = (first.pointer.clone(), first.message.clone());
        if in_network && convert::converted(&mut context.json, &pointer, &message) {
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

/// Refuses attributes of extensions that are not loaded: no attribute map has them (neutron
/// 29.0.0, `neutron_lib.api.attributes.AttributeInfo.verify_attributes`).
fn attributes(schema: &Merged, body: &Value) -> Result<(), Fault> {
    for (envelope, sent) in body.as_object().into_iter().flatten() {
        let Some(inner) = schema.0.get("properties").and_then(|all| all.get(envelope)) else {
            continue;
        };
        let (inner, resources) = match sent {
            Value::Array(list) => (inner.get("items").unwrap_or(inner), list.as_slice()),
            one => (inner, std::slice::from_ref(one)),
        };
        let is_unknown = |name: &str| {
            let property = inner.get("properties").and_then(|all| all.get(name));
            let alias = property.and_then(|property| property.get(VERSIONS_KEY)?.get("extension"));
            alias.and_then(Value::as_str).is_some_and(|alias| !network::has_extension(alias))
        };
        let names = resources.iter().filter_map(Value::as_object).flat_map(|one| one.keys());
        let unknown: Vec<&str> =
            names.map(String::as_str).filter(|name| is_unknown(name)).collect();
        if !unknown.is_empty() {
            let message = format!("Unrecognized attribute(s) '{}'", unknown.join(", "));
            return Err(Fault::bad_request(message).word("HTTPBadRequest"));
        }
    }
    Ok(())
}

/// Whether an operation is said to refuse a request with 400, or no refusal of it is known.
fn refuses(operation: &Operation, context: &RequestContext) -> bool {
    let errors = &operation.errors;
    let at = |status| move |error: &&squall_model::StatusRange| error.status == status;
    errors.is_empty()
        || errors.iter().filter(at(400)).any(|error| error.versions.contains(context.version))
}
