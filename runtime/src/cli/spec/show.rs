//! `squall spec show`: the schema of a request or response at a version, and the facts about the
//! operation.

use std::io::{self, Write};
use std::sync::Arc;

use serde_json::{Map, Value, json};
use squall_model::{
    BodySchema, ErrorBody, ErrorSchema, Merged, Microversion, Operation, OperationSchemas,
    SharedSchemas, StatusRange,
};

use super::arguments::ShowArguments;
use super::facts::facts;
use super::version::{VersionedOperation, range};
use crate::cli::error::CliError;
use crate::cli::service::service;
use crate::exit::Exit;
use crate::program;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Prints a schema to standard output, and the facts about the operation to standard error.
pub(super) fn show(arguments: &ShowArguments) -> Result<Exit, CliError> {
    let VersionedOperation { operation, version, is_default } =
        VersionedOperation::read(&arguments.operation)?;
    let schemas = operation.schemas.read()?;
    let shared = match operation.schemas.blob() {
        Some(blob) => blob.shared()?,
        None => Arc::default(),
    };
    let service = service(operation.service())?;
    let facts = facts(operation, range(service, operation), &schemas, &shared, version);
    // Standard error may be closed; the schema still follows.
    let _ = write!(io::stderr(), "{facts}");
    let (what, merged) = if arguments.request {
        let what = "the request".to_owned();
        (what.clone(), described(&schemas.request, &what, operation)?)
    } else if arguments.query {
        let merged = schemas.query.as_ref().ok_or_else(|| {
            let what = format!("the spec describes no query parameters of {}", operation.id);
            CliError::bad_input(what, "use `--request` or `--response` to see its bodies")
        })?;
        ("the query".to_owned(), merged)
    } else {
        let status = status(arguments.status, operation, &schemas, version)?;
        let what = format!("the response of status {status}");
        if let Some(error) = schemas.error(status, version) {
            (what.clone(), of_error(error, &shared, &what, operation)?)
        } else {
            let found = schemas.response(status, version);
            let body = found.map_or(&BodySchema::Unknown, |found| &found.body);
            (what.clone(), described(body, &what, operation)?)
        }
    };
    let schema = merged.at(version).ok_or_else(|| {
        let at = version.map(|version| format!(" at {version}")).unwrap_or_default();
        let help = format!(
            "it is described at other versions; `{} spec list {}` shows them",
            program::name(),
            operation.service()
        );
        CliError::bad_input(format!("{what} of {} has no schema{at}", operation.id), help)
    })?;
    if let (true, Some(version)) = (is_default, version) {
        // Standard error may be closed; the schema still follows.
        let _ = writeln!(io::stderr(), "{what} at {version}, the last version of {}", operation.id);
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string_pretty(&document(schema))?)?;
    Ok(Exit::Ok)
}

/// Returns the schema of a body, or an error that explains why there is none.
fn described<'a>(
    body: &'a BodySchema,
    what: &str,
    operation: &Operation,
) -> Result<&'a Merged, CliError> {
    let id = &operation.id;
    match body {
        BodySchema::Described { schema, .. } => Ok(schema),
        BodySchema::None => Err(CliError::bad_input(
            format!("{what} of {id} has no body"),
            "the spec says that it is empty",
        )),
        BodySchema::Unknown => Err(CliError::bad_input(
            format!("the spec does not describe the body of {what} of {id}"),
            "the released service has no schema for it",
        )),
    }
}

/// Returns the schema of an error, as JSON if there is a choice.
fn of_error<'a>(
    error: &'a ErrorSchema,
    shared: &'a SharedSchemas,
    what: &str,
    operation: &Operation,
) -> Result<&'a Merged, CliError> {
    let id = &operation.id;
    match error.form(shared).map(|form| &form.body) {
        Some(ErrorBody::Described { content, .. }) => {
            let json = content.iter().find(|(media_type, _)| media_type.contains("json"));
            json.or_else(|| content.iter().next()).map(|(_, schema)| schema)
        }
        Some(ErrorBody::None) => {
            return Err(CliError::bad_input(
                format!("{what} of {id} has no body"),
                "the spec says that it is empty",
            ));
        }
        Some(ErrorBody::Unknown) | None => None,
    }
    .ok_or_else(|| {
        CliError::bad_input(
            format!("the spec does not describe the body of {what} of {id}"),
            "it only declares the status",
        )
    })
}

/// Returns the requested status, or picks the default.
fn status(
    asked: Option<u16>,
    operation: &Operation,
    schemas: &OperationSchemas,
    version: Option<Microversion>,
) -> Result<u16, CliError> {
    let Some(asked) = asked else {
        return success(operation, schemas, version).ok_or_else(|| {
            let what = format!("the spec lists no success status of {}", operation.id);
            CliError::bad_input(what, "name one with `--status`")
        });
    };
    if schemas.response(asked, version).is_some() || schemas.error(asked, version).is_some() {
        return Ok(asked);
    }
    let success = schemas.responses.iter().map(|response| (response.status, response.versions));
    let errors = schemas.errors.iter().map(|error| (error.status, error.versions));
    let known = success.chain(errors).filter(|(_, versions)| versions.contains(version));
    let known: Vec<String> = known.map(|(status, _)| status.to_string()).collect();
    let what = format!("the spec does not describe status {asked} of {}", operation.id);
    let help = if known.is_empty() {
        "it describes no status at this version".to_owned()
    } else {
        format!("it describes {}", known.join(", "))
    };
    Err(CliError::bad_input(what, help))
}

/// Returns the first success status at a version whose body is described, or else the
/// first success status.
pub(super) fn success(
    operation: &Operation,
    schemas: &OperationSchemas,
    version: Option<Microversion>,
) -> Option<u16> {
    let at = |range: &&StatusRange| range.versions.contains(version);
    let statuses: Vec<u16> = operation.success.iter().filter(at).map(|s| s.status).collect();
    let described = |status: &u16| {
        schemas.response(*status, version).is_some_and(|found| found.body.schema().is_some())
    };
    statuses.iter().copied().find(described).or(statuses.first().copied())
}

/// Turns a schema into a document of its own.
fn document(schema: Value) -> Value {
    let mut document = Map::from_iter([("$schema".to_owned(), json!(DIALECT))]);
    match schema {
        Value::Object(keywords) => document.extend(keywords),
        // `true` is a schema without keywords; `false` rejects everything.
        Value::Bool(false) => drop(document.insert("not".to_owned(), json!({}))),
        _ => {}
    }
    Value::Object(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_that_rejects_everything_still_does_as_a_document() {
        assert_eq!(document(json!(false)), json!({"$schema": DIALECT, "not": {}}));
        assert_eq!(document(json!({"type": "null"}))["type"], "null");
    }
}
