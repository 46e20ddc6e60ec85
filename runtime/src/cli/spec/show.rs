//! `squall spec show`: the schema of a message, exactly as it is at a version.

use std::io::{self, Write};

use serde_json::{Map, Value, json};
use squall_model::{Body, Merged, Microversion, Operation, OperationSchemas, StatusRange};

use super::arguments::ShowArguments;
use super::version::Place;
use crate::cli::complaint::Complaint;
use crate::cli::exit::Exit;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Prints a schema to standard output, and remarks to standard error.
pub(super) fn show(arguments: &ShowArguments) -> Result<Exit, Complaint> {
    let place = Place::read(&arguments.operation)?;
    let Place { operation, version, chosen } = place;
    let schemas = operation.schemas.read()?;
    let (what, merged) = if arguments.request {
        let what = "the request".to_owned();
        (what.clone(), described(&schemas.request, &what, operation)?)
    } else if arguments.query {
        let merged = schemas.query.as_ref().ok_or_else(|| {
            let what = format!("the spec does not say which query {} takes", operation.id);
            Complaint::bad_input(what, "`--request` and `--response` show its bodies")
        })?;
        ("the query".to_owned(), merged)
    } else {
        let status = status(arguments.status, operation, &schemas, version)?;
        let what = format!("the response of status {status}");
        let body = schemas.response(status, version).map_or(&Body::Unknown, |found| &found.body);
        (what.clone(), described(body, &what, operation)?)
    };
    let schema = merged.at(version).ok_or_else(|| {
        let at = version.map(|version| format!(" at {version}")).unwrap_or_default();
        let help = format!(
            "it is described at other versions, see `squall spec list {}`",
            operation.service()
        );
        Complaint::bad_input(format!("{what} of {} has no schema{at}", operation.id), help)
    })?;
    if let (true, Some(version)) = (chosen, version) {
        // Whoever read standard error may have gone; the schema still matters.
        let _ = writeln!(io::stderr(), "{what} at {version}, the last version of {}", operation.id);
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string_pretty(&document(schema))?)?;
    Ok(Exit::Ok)
}

/// Gives the schema of a body, or says which of the reasons there is for none.
fn described<'a>(
    body: &'a Body,
    what: &str,
    operation: &Operation,
) -> Result<&'a Merged, Complaint> {
    let id = &operation.id;
    match body {
        Body::Described { schema, .. } => Ok(schema),
        Body::None => Err(Complaint::bad_input(
            format!("{what} of {id} has no body"),
            "there is nothing to show: the spec says that it is empty",
        )),
        Body::Unknown => Err(Complaint::bad_input(
            format!("nobody describes the body of {what} of {id}"),
            "the released service states no schema for it, and the spec invents none",
        )),
    }
}

/// Takes the status that was asked for, or chooses one.
fn status(
    asked: Option<u16>,
    operation: &Operation,
    schemas: &OperationSchemas,
    version: Option<Microversion>,
) -> Result<u16, Complaint> {
    let Some(asked) = asked else {
        return success(operation, schemas, version).ok_or_else(|| {
            let what = format!("the spec names no status of success of {}", operation.id);
            Complaint::bad_input(what, "name one with `--status`")
        });
    };
    if schemas.response(asked, version).is_some() {
        return Ok(asked);
    }
    let known = schemas.responses.iter().filter(|response| response.versions.contains(version));
    let known: Vec<String> = known.map(|response| response.status.to_string()).collect();
    let what = format!("the spec does not describe status {asked} of {}", operation.id);
    let help = if known.is_empty() {
        "it describes none at this version".to_owned()
    } else {
        format!("it describes {}", known.join(", "))
    };
    Err(Complaint::bad_input(what, help))
}

/// Gives the first status of success at a version whose body is described, or
/// else the first.
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

/// Makes a schema a document of its own.
fn document(schema: Value) -> Value {
    let mut document = Map::from_iter([("$schema".to_owned(), json!(DIALECT))]);
    match schema {
        Value::Object(keywords) => document.extend(keywords),
        // `true` is an object without keywords, `false` one that refuses all.
        Value::Bool(false) => drop(document.insert("not".to_owned(), json!({}))),
        _ => {}
    }
    Value::Object(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_that_refuses_all_still_does_as_a_document() {
        assert_eq!(document(json!(false)), json!({"$schema": DIALECT, "not": {}}));
        assert_eq!(document(json!({"type": "null"}))["type"], "null");
    }
}
