//! Emits `table.rs`: the operations as data, and the service's description.
//!
//! The code uses the macros `operation!` and `history!` of `squall_client::model`.

use squall_model::{Gate, Microversion, Paging, StatusRange, VersionKind};

use super::blob::{self, Blob};
use super::text;
use crate::model::{Operation, Service};

/// Emits the file.
pub fn emit(service: &Service, blob: &Blob) -> String {
    let mut body = String::new();
    body.push_str("/// What the operations share, and the schemas of each.\n");
    body.push_str(&format!(
        "static SCHEMAS: SchemaBlob =\n    SchemaBlob {{ bytes: include_bytes!(\"{}\"), shared: {} }};\n\n",
        blob::FILE,
        blob.shared,
    ));
    spec(&mut body, service);
    for (operation, (start, len)) in service.operations.iter().zip(&blob.places) {
        body.push('\n');
        entry(&mut body, operation, *start, *len);
    }
    let mut names = vec![
        "Operation",
        "ServiceSpec",
        "VersionNote",
        "VersionRange",
        "blob::SchemaBlob",
        "history",
    ];
    if body.contains("Microversion::new") {
        names.insert(0, "Microversion");
    }
    if !service.operations.is_empty() {
        names.push("operation");
    }
    let mut out = text::header(&service.name);
    let line = format!("use squall_client::model::{{{}}};\n", names.join(", "));
    if line.len() <= text::WIDTH + 1 {
        out.push_str(&format!("\n{line}\n"));
    } else {
        let names = names.join(", ");
        out.push_str(&format!("\nuse squall_client::model::{{\n    {names},\n}};\n\n"));
    }
    out + &body
}

fn spec(out: &mut String, service: &Service) {
    text::doc(out, 0, &format!("The description of {}.", the(&service.title)));
    out.push_str("pub static SPEC: ServiceSpec = ServiceSpec {\n");
    let texts = [
        ("service_type", &service.service_type),
        ("name", &service.name),
        ("version_path", &service.version_path),
    ];
    for (field, value) in texts {
        out.push_str(&format!("    {field}: {value:?},\n"));
    }
    out.push_str(&format!("    versions: {},\n", text::range_value(service.versions)));
    out.push_str(&format!("    source: {:?},\n", service.source));
    out.push_str("    history: HISTORY,\n    operations: OPERATIONS,\n};\n\n");
    if service.history.is_empty() {
        out.push_str("static HISTORY: &[VersionNote] = history! {};\n\n");
    } else {
        out.push_str("static HISTORY: &[VersionNote] = history! {\n");
        for note in &service.history {
            let kind = match note.kind {
                VersionKind::Schema => "Schema",
                VersionKind::Behaviour => "Behaviour",
            };
            let version = text::version(note.version);
            out.push_str(&format!("    {version} {kind} {:?};\n", note.summary));
        }
        out.push_str("};\n\n");
    }
    if service.operations.is_empty() {
        out.push_str("static OPERATIONS: &[&Operation] = &[];\n");
        return;
    }
    out.push_str("static OPERATIONS: &[&Operation] = &[\n");
    for operation in &service.operations {
        out.push_str(&format!("    &{},\n", operation.names.constant));
    }
    out.push_str("];\n");
}

/// Adds an article to a title that has none.
fn the(title: &str) -> String {
    let lower = title.to_lowercase();
    if lower.starts_with("the ") || lower.starts_with("an ") {
        format!("{}{}", &lower[..1], &title[1..])
    } else {
        format!("the {title}")
    }
}

fn entry(out: &mut String, operation: &Operation, start: usize, len: usize) {
    let method = pascal_method(operation);
    text::doc(out, 0, &format!("`{} {}`", operation.method, operation.path));
    out.push_str(&format!("pub static {}: Operation = operation! {{\n", operation.names.constant));
    let action = operation.action.as_ref().map_or_else(String::new, |a| format!(" action {a:?}"));
    out.push_str(&format!("    {:?} {method} {:?}{action},\n", operation.id, operation.path));
    out.push_str(&format!("    summary: {:?},\n", operation.summary));
    let versions = text::range(operation.versions);
    let versions = if versions.is_empty() { "all" } else { &versions };
    out.push_str(&format!("    versions: {versions},\n"));
    text::list(out, 4, "success", &statuses(&operation.success));
    out.push_str(&format!("    response_known: {},\n", is_response_known(operation)));
    let mut list = |key: &str, items: Vec<String>| {
        if !items.is_empty() {
            text::list(out, 4, key, &items);
        }
    };
    list("errors", statuses(&operation.errors));
    list("policies", operation.policies.iter().map(policy).collect());
    if let Some(extension) = &operation.extension {
        out.push_str(&format!("    extension: {extension:?},\n"));
    }
    match &operation.paging {
        Some(Paging::Marker { collection, markers }) => {
            let markers: Vec<String> = markers.iter().map(|m| format!("{m:?}")).collect();
            out.push_str(&format!("    paging: ({collection:?} by {}),\n", markers.join(" ")));
        }
        Some(Paging::Link { collection, next }) => {
            out.push_str(&format!("    paging: ({collection:?} next {next:?}),\n"));
        }
        None => {}
    }
    let boundaries = |found: Vec<Microversion>| found.into_iter().map(text::version).collect();
    let mut list = |key: &str, items: Vec<String>| {
        if !items.is_empty() {
            text::list(out, 4, key, &items);
        }
    };
    list("response_boundaries", boundaries(operation.response_boundaries()));
    list("request_boundaries", boundaries(operation.request_boundaries()));
    out.push_str(&format!("    schemas: SCHEMAS {start} {len},\n}};\n"));
}

fn pascal_method(operation: &Operation) -> String {
    crate::name::pascal(&operation.method.as_str().to_lowercase())
}

fn statuses(statuses: &[StatusRange]) -> Vec<String> {
    let one = |s: &StatusRange| format!("{} {}", s.status, text::range(s.versions));
    statuses.iter().map(|s| one(s).trim_end().to_owned()).collect()
}

fn policy(policy: &squall_model::PolicyRef) -> String {
    let gate = match policy.gate {
        Gate::Gate => "Gate",
        Gate::Conditional => "Conditional",
    };
    format!("{gate} {:?}", policy.rule)
}

/// Whether every success response is described or known to be empty.
pub(super) fn is_response_known(operation: &Operation) -> bool {
    let mut success = operation.schemas.responses.iter().filter(|r| r.status < 400).peekable();
    success.peek().is_some() && success.all(|r| r.body != squall_model::BodySchema::Unknown)
}
