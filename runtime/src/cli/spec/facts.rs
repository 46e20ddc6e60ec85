//! What a spec knows of an operation beside the schemas of its bodies: versions, policies,
//! statuses, errors, headers and sources, for a person.

use std::fmt::Write as _;

use squall_model::{
    ErrorBody, ErrorSchema, FormSource, Gate, HeaderSchema, Microversion, Operation,
    OperationSchemas, Provenance, SharedSchemas, StatusRange, VersionRange,
};

/// Writes the facts that hold at a version, a line each.
pub(super) fn facts(
    operation: &Operation,
    versions: VersionRange,
    schemas: &OperationSchemas,
    shared: &SharedSchemas,
    version: Option<Microversion>,
) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(out, "{name:<18} {value}");
        }
    };
    let action = operation.action.as_ref().map(|a| format!(" with {a}")).unwrap_or_default();
    line("operation", format!("{} {}{action}", operation.method, operation.path));
    line("versions", if versions.is_all() { "all".to_owned() } else { versions.to_string() });
    line(
        "policies",
        joined(operation.policies.iter().map(|policy| match policy.gate {
            Gate::Gate => policy.rule.to_string(),
            Gate::Conditional => format!("{} (conditional)", policy.rule),
        })),
    );
    let here = |range: &&StatusRange| range.versions.contains(version);
    line("success", joined(operation.success.iter().filter(here).map(|s| s.status.to_string())));
    let errors = schemas.errors.iter().filter(|error| error.versions.contains(version));
    line("errors", joined(errors.map(|error| error_words(error, shared))));
    if schemas.no_query {
        line("query", "none".to_owned());
    }
    line("request headers", headers(&schemas.request_headers, &shared.request_headers, version));
    for response in schemas.responses.iter().filter(|r| r.versions.contains(version)) {
        let name = format!("headers of {}", response.status);
        line(&name, headers(&response.headers, &shared.response_headers, version));
    }
    line("headers of errors", headers(&[], &shared.response_headers, version));
    let source = |(name, from): (&str, Provenance)| format!("{name} {}", from.word());
    line("sources", joined(schemas.origins.each().into_iter().map(source)));
    out
}

fn joined(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

/// Writes a status of failure with the form of its body.
fn error_words(error: &ErrorSchema, shared: &SharedSchemas) -> String {
    let name = match &error.form {
        FormSource::Shared(name) => name.as_str(),
        FormSource::Own(_) => "",
    };
    let body = match error.form(shared).map(|form| &form.body) {
        Some(ErrorBody::Described { content, optional }) => {
            let types = content.keys().map(String::as_str).collect::<Vec<_>>().join(" or ");
            if *optional { format!("{types} or no body") } else { types }
        }
        Some(ErrorBody::None) => "no body".to_owned(),
        Some(ErrorBody::Unknown) | None => "not described".to_owned(),
    };
    let gap = if name.is_empty() { "" } else { ": " };
    format!("{} ({name}{gap}{body})", error.status)
}

/// Writes the headers of a message at a version: its own, and those of every such message.
fn headers(own: &[HeaderSchema], shared: &[HeaderSchema], version: Option<Microversion>) -> String {
    let others = shared.iter().filter(|header| !own.iter().any(|other| other.name == header.name));
    let here = own.iter().chain(others).filter(|header| header.versions.contains(version));
    joined(here.map(|header| match (&header.omitted, header.required) {
        (Some(why), _) => format!("{} (may be missing: {why})", header.name),
        (None, true) => format!("{} (always)", header.name),
        (None, false) => header.name.clone(),
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use squall_model::{BodySchema, ErrorForm, Merged, Method, Origins, ResponseSchema};

    use super::*;

    #[test]
    fn everything_that_holds_at_the_version_is_shown() {
        let v = |minor| Microversion::new(2, minor);
        let header = |name: &str, required, omitted: Option<&str>| HeaderSchema {
            name: name.to_owned(),
            versions: VersionRange::since(v(3)),
            required,
            omitted: omitted.map(str::to_owned),
            schema: Merged(json!({"type": "string"})),
        };
        let content = [("application/json".to_owned(), Merged(json!({})))].into();
        let form = ErrorForm {
            body: ErrorBody::Described { content, optional: true },
            headers: Vec::new(),
        };
        let shared = SharedSchemas {
            forms: [("Error".to_owned(), form)].into(),
            request_headers: Vec::new(),
            response_headers: vec![header("x-id", true, None)],
        };
        let error = |status, versions, form| ErrorSchema { status, versions, form };
        let schemas = OperationSchemas {
            no_query: true,
            responses: vec![ResponseSchema {
                headers: vec![header("etag", false, Some("a reason"))],
                ..ResponseSchema::new(200, BodySchema::None)
            }],
            errors: vec![
                error(404, VersionRange::ALL, FormSource::Shared("Error".to_owned())),
                error(409, VersionRange::since(v(9)), FormSource::Own(ErrorForm::default())),
            ],
            request_headers: vec![header("if-match", false, None)],
            origins: Origins { errors: Provenance::InTree, ..Origins::default() },
            ..OperationSchemas::default()
        };
        let operation = Operation::new("a.b.show", Method::Get, "/b/{id}", schemas.clone());
        let range = VersionRange::since(v(1));
        assert_eq!(
            facts(&operation, range, &schemas, &shared, Some(v(3))),
            "operation          GET /b/{id}\n\
             versions           2.1 and later\n\
             success            200\n\
             errors             404 (Error: application/json or no body)\n\
             query              none\n\
             request headers    if-match\n\
             headers of 200     etag (may be missing: a reason), x-id (always)\n\
             headers of errors  x-id (always)\n\
             sources            request unknown, query unknown, response unknown, errors in-tree, \
             headers unknown\n"
        );
        let early = facts(&operation, range, &schemas, &shared, Some(v(2)));
        assert!(!early.contains("x-id") && !early.contains("409"), "{early}");
        let late = facts(&operation, range, &schemas, &shared, Some(v(9)));
        assert!(late.contains(", 409 (not described)"), "{late}");
    }
}
