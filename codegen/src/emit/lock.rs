//! Emits the surface lock: what users of a service's client can see, one fact on each line.
//!
//! A line is a kind, a key and a value, so that two locks can be compared line by line
//! ([`crate::surface`]) and their diff can be read.

use serde_json::{Value, json};
use squall_model::{
    BodySchema, ErrorSchema, HeaderSchema, Paging, SharedSchemas, VersionKind, VersionRange,
    canonical,
};

use super::{messages, types};
use crate::model::{Content, Operation, Service};

/// Emits the lock.
pub fn emit(service: &Service) -> String {
    let mut lines = Vec::new();
    lines.push(format!(
        "service {} {}{} {} from {}",
        service.name,
        service.service_type,
        service.version_path,
        span(service.versions),
        or_dash(&service.source),
    ));
    for note in &service.history {
        let kind = match note.kind {
            VersionKind::Schema => "schema",
            VersionKind::Behaviour => "behaviour",
        };
        lines.push(format!("version {} {kind}", note.version));
    }
    let SharedSchemas { forms, request_headers, response_headers } = &service.shared;
    for (name, form) in forms {
        let changes = boundaries(form.boundaries());
        lines.push(format!("form {name} {}{changes}", digest(&json!(form))));
    }
    for (of, headers) in [("request", request_headers), ("response", response_headers)] {
        header_lines(&format!("every:{of}"), headers, &mut lines);
    }
    for operation in &service.operations {
        operation_lines(service, operation, &mut lines);
    }
    let roots = service.operations.iter().flat_map(|o| [o.request.ty(), o.response.ty()]);
    let mut records: Vec<_> = service
        .types
        .reachable(roots.flatten())
        .into_iter()
        .filter_map(|id| service.types.record(id))
        .collect();
    records.sort_by(|a, b| a.name.cmp(&b.name));
    for record in records {
        lines.push(format!("type {}", record.name));
        for field in &record.fields {
            let ty = types::field_type(&service.types, field, record.role);
            let versions = span(service.notable(field.versions));
            let name = &field.name;
            let versions = match &field.extension {
                Some(extension) => format!("{versions} with {extension}"),
                None => versions,
            };
            lines.push(format!("field {}.{name} {ty} {:?} {versions}", record.name, field.key));
        }
    }
    let mut out =
        "# The public surface of this client. Written by `cargo xtask regen`.\n".to_owned();
    for line in lines {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn operation_lines(service: &Service, operation: &Operation, lines: &mut Vec<String>) {
    let id = &operation.id;
    let action = operation.action.as_ref().map_or_else(String::new, |a| format!(" {a}"));
    lines.push(format!(
        "operation {id} {} {}{action} {}",
        operation.method,
        operation.path,
        span(service.notable(operation.versions)),
    ));
    let statuses: Vec<String> = operation
        .success
        .iter()
        .map(|s| format!("{} {}", s.status, span(s.versions)).trim_end().to_owned())
        .collect();
    lines.push(format!("status {id} {}", statuses.join(", ")));
    error_line(operation, lines);
    lines.push(format!("request {id} {}", content(service, &operation.request)));
    lines.push(format!("response {id} {}", content(service, &operation.response)));
    if !operation.policies.is_empty() {
        let rules: Vec<&str> = operation.policies.iter().map(|p| p.rule.as_ref()).collect();
        lines.push(format!("policies {id} {}", rules.join(" ")));
    }
    match &operation.paging {
        Some(Paging::Marker { collection, markers }) => {
            let markers = markers.join(" ");
            lines.push(format!("paging {id} {collection:?} by {markers}"));
        }
        Some(Paging::Link { collection, next }) => {
            lines.push(format!("paging {id} {collection:?} next {next}"));
        }
        None => {}
    }
    for parameter in operation.query_parameters() {
        lines.push(format!("query {id}?{parameter}"));
    }
    if operation.schemas.no_query {
        lines.push(format!("query {id}? none"));
    }
    header_lines(&format!("{id}:request"), &operation.schemas.request_headers, lines);
    for response in &operation.schemas.responses {
        header_lines(&format!("{id}:{}", response.status), &response.headers, lines);
    }
    if operation.schemas.responses.iter().any(|r| r.body.schema().is_some()) {
        let responses = operation.schemas.responses.iter().map(|response| {
            let (status, versions) = (response.status, response.versions);
            json!({"status": status, "versions": versions, "body": stated(&response.body)})
        });
        let digest = digest(&responses.collect());
        let changes = boundaries(operation.response_boundaries());
        lines.push(format!("schema {id}:response {digest}{changes}"));
    }
    if operation.schemas.request.schema().is_some() || operation.schemas.query.is_some() {
        let both = json!([stated(&operation.schemas.request), operation.schemas.query]);
        let changes = boundaries(operation.request_boundaries());
        lines.push(format!("schema {id}:request {}{changes}", digest(&both)));
    }
}

/// Writes the statuses of failure in one line, each with its form if that is described.
fn error_line(operation: &Operation, lines: &mut Vec<String>) {
    let one = |error: &ErrorSchema| {
        let (status, form) = (error.status.to_string(), messages::form_word(&error.form));
        let words = [&status, form, &span(error.versions)].map(str::to_owned);
        words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let errors: Vec<String> = operation.schemas.errors.iter().map(one).collect();
    if !errors.is_empty() {
        lines.push(format!("errors {} {}", operation.id, errors.join(", ")));
    }
}

/// Writes a line for each header; what a schema says beyond a type is in a digest.
fn header_lines(of: &str, headers: &[HeaderSchema], lines: &mut Vec<String>) {
    for header in headers {
        let required = if header.required { "required " } else { "" };
        let ty = messages::header_type(header);
        let known = json!({"type": ty});
        let more = match &header.schema.0 {
            schema if *schema == known => String::new(),
            schema => format!(" {}", digest(schema)),
        };
        let versions = span(header.versions);
        lines.push(format!("header {of}:{} {required}{ty}{more} {versions}", header.name));
    }
}

fn boundaries(found: impl IntoIterator<Item = squall_model::Microversion>) -> String {
    let list: Vec<String> = found.into_iter().map(|version| version.to_string()).collect();
    if list.is_empty() { String::new() } else { format!(" changes at {}", list.join(" ")) }
}

fn content(service: &Service, content: &Content) -> String {
    match content {
        Content::None => "none".to_owned(),
        Content::Unknown => "unknown".to_owned(),
        Content::Bytes { media_type } => format!("bytes {media_type}"),
        Content::Json { ty, envelope, .. } => {
            let ty = types::rust(&service.types, *ty, "");
            match envelope {
                Some(key) => format!("{ty} under {key:?}"),
                None => ty,
            }
        }
    }
}

/// Writes a range without spaces; empty for all versions.
fn span(range: VersionRange) -> String {
    let end =
        |end: Option<squall_model::Microversion>| end.map_or_else(String::new, |v| v.to_string());
    match range {
        VersionRange::ALL => String::new(),
        VersionRange { min, max } => format!("{}..{}", end(min), end(max)),
    }
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

/// Returns a body as a value whose form is this module's own: digests must not change when
/// schemas are stored in another way, also because earlier releases have some.
fn stated(body: &BodySchema) -> Value {
    match body {
        BodySchema::None => json!({"state": "none"}),
        BodySchema::Unknown => json!({"state": "unknown"}),
        BodySchema::Described { media_type, schema } => {
            json!({"state": "described", "media_type": media_type, "schema": schema})
        }
    }
}

/// Returns a short digest that changes with the value. It is not cryptographic.
fn digest(value: &Value) -> String {
    squall_model::digest::of(&canonical::text(value))
}
