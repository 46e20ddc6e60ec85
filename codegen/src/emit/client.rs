//! Emits `client.rs`: the service's client, with a group for each resource and a method for
//! each operation. A method only builds a call.
//!
//! The code uses from `squall-client`: `ServiceClient::call(operation, decoder)`, the
//! decoders `decode::{json, bytes, nothing}`, and the methods `path`, `header`, `body`,
//! `bytes` and `envelope` of the returned `Call`.

use std::collections::BTreeMap;

use super::text;
use super::types;
use crate::model::{Content, Operation, Service, Type, Types};
use crate::name;

/// Emits the file.
pub fn emit(service: &Service) -> String {
    let mut groups: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in &service.operations {
        groups.entry(&operation.names.group).or_default().push(operation);
    }
    let mut body = client(service, &groups);
    for (name, operations) in &groups {
        body.push_str(&group(service, name, operations));
    }
    let code = body.lines().filter(|line| !line.trim_start().starts_with("///"));
    let uses_types = code.into_iter().any(|line| line.contains("types::"));
    if !uses_types {
        // Without the import, doc links need the full path of the module.
        body = body.replace("[`types::", "[`crate::types::");
    }
    let mut out = text::header(&service.name);
    out.push('\n');
    out.push_str(&uses(&body, uses_types));
    out + &body
}

/// Returns the imports that the code uses.
fn uses(body: &str, uses_types: bool) -> String {
    let mut out = String::new();
    if body.contains("BTreeMap<") {
        out.push_str("use std::collections::BTreeMap;\n");
    }
    if body.contains("impl Display") {
        out.push_str("use std::fmt::Display;\n");
    }
    if !out.is_empty() {
        out.push('\n');
    }
    let mut names: Vec<&str> = Vec::new();
    let mut add = |used: bool, name| names.extend(used.then_some(name));
    add(body.contains("Bytes>"), "Bytes");
    add(body.contains("Call<"), "Call");
    add(body.contains("Json>") || body.contains("Json,") || body.contains("Json::"), "Json");
    add(true, "ServiceClient");
    add(body.contains("impl Encode"), "codec::Encode");
    add(body.contains("decode::"), "decode");
    add(true, "model::ServiceSpec");
    let line = format!("use squall_client::{{{}}};\n", names.join(", "));
    out.push_str(&line);
    let modules = if uses_types { "{table, types}" } else { "table" };
    out.push_str(&format!("\nuse crate::{modules};\n"));
    out
}

fn client(service: &Service, groups: &BTreeMap<&str, Vec<&Operation>>) -> String {
    let client = name::pascal(&service.name);
    let mut out = "\n".to_owned();
    text::doc(&mut out, 0, &format!("{}.", service.title.trim_end_matches('.')));
    out.push_str(&format!("#[derive(Debug, Clone)]\npub struct {client}(ServiceClient);\n\n"));
    out.push_str(&format!("impl {client} {{\n"));
    out.push_str("    /// Its versions and operations.\n");
    out.push_str("    pub const SPEC: &'static ServiceSpec = &table::SPEC;\n\n");
    out.push_str("    /// Wraps a service client.\n");
    out.push_str(
        "    pub fn new(client: ServiceClient) -> Self {\n        Self(client)\n    }\n\n",
    );
    out.push_str("    /// Returns the wrapped service client.\n");
    out.push_str("    pub fn client(&self) -> &ServiceClient {\n        &self.0\n    }\n");
    for (group, operations) in groups {
        let Some(first) = operations.first() else { continue };
        let (accessor, resource) = (&first.names.accessor, first.resource());
        out.push_str(&format!("\n    /// Returns the operations on `{resource}`.\n"));
        out.push_str(&format!("    pub fn {accessor}(&self) -> {group}<'_> {{\n"));
        out.push_str(&format!("        {group}(&self.0)\n    }}\n"));
    }
    out.push_str("}\n");
    out
}

fn group(service: &Service, name: &str, operations: &[&Operation]) -> String {
    let resource = operations.first().map_or("", |operation| operation.resource());
    let mut out = format!("\n/// The operations on `{resource}`.\n");
    out.push_str("#[derive(Debug, Clone, Copy)]\n");
    out.push_str(&format!("pub struct {name}<'a>(&'a ServiceClient);\n\nimpl {name}<'_> {{\n"));
    for (index, operation) in operations.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        out.push_str(&method(service, operation));
    }
    out.push_str("}\n");
    out
}

fn method(service: &Service, operation: &Operation) -> String {
    let mut out = String::new();
    let summary = summary(operation);
    text::doc(&mut out, 4, &summary);
    out.push_str("    ///\n");
    text::doc(&mut out, 4, &facts(service, operation));
    let sent = sent(operation, &service.types);
    let (result, decoder, envelope) = received(operation, &service.types);
    let mut arguments = vec!["&self".to_owned()];
    let names = operation.names.arguments.iter();
    arguments.extend(names.map(|name| format!("{name}: impl Display")));
    arguments.extend(sent.argument);
    let mut calls = vec![format!(".call(&table::{}, decode::{decoder})", operation.names.constant)];
    for (parameter, argument) in operation.path_parameters().zip(&operation.names.arguments) {
        calls.push(format!(".path({parameter:?}, {argument})"));
    }
    calls.extend(sent.calls);
    calls.extend(envelope.map(|key| format!(".envelope({key:?})")));
    out.push_str(&text::signature(
        4,
        &operation.names.method,
        &arguments,
        &format!("Call<{result}>"),
    ));
    out.push_str(&text::chain(8, "self.0", &calls));
    out.push_str("    }\n");
    out
}

fn summary(operation: &Operation) -> String {
    let summary = operation.summary.trim().trim_end_matches('.');
    if summary.is_empty() { format!("Calls `{}`.", operation.id) } else { format!("{summary}.") }
}

/// Returns the request line, the versions, and what the call can carry.
fn facts(service: &Service, operation: &Operation) -> String {
    let action = operation.action.as_ref().map_or_else(String::new, |a| format!(", action `{a}`"));
    let mut out = format!("`{} {}`{action}.", operation.method, operation.path);
    let versions = text::since(service.notable(operation.versions));
    if !versions.is_empty() {
        out.push(' ');
        out.push_str(&versions);
    }
    if let Content::Json { ty, beside, .. } = &operation.request {
        let record = service.types.innermost_record(*ty);
        if let Some(record) = record.and_then(|id| service.types.record(id)) {
            out.push_str(&format!(" Takes a [`types::{}`] or JSON.", record.name));
        }
        if !beside.is_empty() {
            let keys: Vec<String> = beside.iter().map(|key| format!("`{key}`")).collect();
            out.push_str(&format!(" `body_field` adds {}.", keys.join(", ")));
        }
    }
    out
}

/// Whether the method of an operation with a JSON request takes the body as an argument.
pub(super) fn takes_body(operation: &Operation, types: &Types) -> bool {
    sent(operation, types).argument.is_some()
}

/// What a call sends: the method's argument and the calls that use it.
#[derive(Default)]
struct Sent {
    argument: Option<String>,
    calls: Vec<String>,
}

fn sent(operation: &Operation, types: &Types) -> Sent {
    let body = || Some("body: impl Encode".to_owned());
    let under = |key: Option<&String>| match key {
        Some(key) => format!(".body(Some({key:?}), body)"),
        None => ".body(None, body)".to_owned(),
    };
    match (&operation.request, &operation.action) {
        // Services ignore such a value; upstream's own clients send null.
        (Content::Json { ty, envelope: Some(key), .. }, Some(_))
            if matches!(types.get(*ty), Type::Null | Type::Any) =>
        {
            Sent { argument: None, calls: vec![format!(".body(Some({key:?}), Json::Null)")] }
        }
        (Content::Json { envelope, media_type, .. }, _) => {
            let mut calls = vec![under(envelope.as_ref())];
            if let Some(media_type) = media_type {
                calls.push(format!(".header(\"content-type\", {media_type:?})"));
            }
            Sent { argument: body(), calls }
        }
        (Content::Unknown | Content::None, Some(action)) => {
            Sent { argument: body(), calls: vec![under(Some(action))] }
        }
        // The path names the relation, so no body is needed; `raw_body` can still set one.
        (Content::Unknown, None) if operation.verb() == "add" => Sent::default(),
        (Content::Unknown, None) => Sent { argument: body(), calls: vec![under(None)] },
        (Content::Bytes { media_type }, _) => Sent {
            argument: Some("body: impl Into<Bytes>".to_owned()),
            calls: vec![format!(".bytes(body, {:?})", concrete(media_type))],
        },
        (Content::None, None) => Sent::default(),
    }
}

/// Returns a media type that can be sent: a published document may have `*`.
fn concrete(media_type: &str) -> &str {
    if media_type.contains('*') { "application/octet-stream" } else { media_type }
}

fn received(operation: &Operation, types: &Types) -> (String, &'static str, Option<String>) {
    match &operation.response {
        Content::None => ("()".to_owned(), "nothing", None),
        Content::Unknown => ("Json".to_owned(), "json", None),
        Content::Bytes { .. } => ("Bytes".to_owned(), "bytes", None),
        Content::Json { ty, envelope, .. } => {
            (types::rust(types, *ty, "types::"), "json", envelope.clone())
        }
    }
}
