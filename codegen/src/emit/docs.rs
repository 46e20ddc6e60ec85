//! Emits the reference page of a service: its operations, grouped by resource.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use squall_model::{Gate, StatusRange, VersionKind, VersionRange};

use super::text;
use super::types;
use crate::model::{Content, Operation, Role, Service, Type, TypeId};
use crate::name;

/// Emits the page.
pub fn emit(service: &Service) -> String {
    let mut out = String::new();
    let mut page = Page { service, out: &mut out };
    page.head();
    let mut groups: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in &service.operations {
        groups.entry(operation.resource()).or_default().push(operation);
    }
    for (resource, operations) in groups {
        page.line(&format!("\n## {resource}"));
        for operation in operations {
            page.operation(operation);
        }
    }
    page.records();
    page.history();
    out
}

/// The page while it is written. Writing to a string cannot fail, so the results of
/// `writeln!` are ignored.
struct Page<'a> {
    service: &'a Service,
    out: &'a mut String,
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{text}");
    }

    fn head(&mut self) {
        let service = self.service;
        let title = name::words(&service.name).join(" ");
        self.line("<!-- Written by `cargo xtask regen`: edit the spec, not this page. -->\n");
        self.line(&format!("# {}{}\n", title[..1].to_uppercase(), &title[1..]));
        let versions = match service.versions {
            VersionRange { min: Some(min), max: Some(max) } => {
                format!("microversions {min} to {max}")
            }
            VersionRange { min: Some(min), max: None } => format!("microversions from {min}"),
            _ => "no microversions".to_owned(),
        };
        let (count, source) = (service.operations.len(), &service.source);
        let source = if source.is_empty() { String::new() } else { format!(", from {source}") };
        self.line(&format!(
            "Service type `{}`, {versions}, {count} operations{source}.",
            service.service_type
        ));
    }

    fn operation(&mut self, operation: &Operation) {
        self.line(&format!("\n### {}\n", operation.id));
        let action = operation.action.as_ref().map(|a| format!(" with `{a}`")).unwrap_or_default();
        let version = &self.service.version_path;
        let request_line = format!("`{} {version}{}`{action}", operation.method, operation.path);
        let summary = operation.summary.trim_end_matches('.');
        let summary =
            if summary.is_empty() { String::new() } else { format!("{}. ", escape(summary)) };
        self.line(&format!("{summary}{request_line}\n"));
        self.fact("versions", &range(self.service.notable(operation.versions)));
        self.fact("extension", &operation.extension.as_ref().map_or_else(String::new, |e| code(e)));
        self.fact("success", &statuses(&operation.success));
        self.fact("errors", &statuses(&operation.errors));
        let policies = operation.policies.iter().map(|policy| match policy.gate {
            Gate::Gate => code(&policy.rule),
            Gate::Conditional => format!("{} (conditional)", code(&policy.rule)),
        });
        self.fact("policies", &policies.collect::<Vec<_>>().join(", "));
        if operation.unenforced {
            self.fact("policies", "none enforced");
        }
        let query: Vec<String> = operation.query_parameters().iter().map(|q| code(q)).collect();
        self.fact("query", &query.join(", "));
        self.content("request body", &operation.request, operation.action.as_deref());
        self.content("response body", &operation.response, None);
        let list = |found: Vec<squall_model::Microversion>| {
            found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        self.fact("request changes at", &list(operation.request_boundaries()));
        self.fact("response changes at", &list(operation.response_boundaries()));
    }

    fn fact(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.line(&format!("- {name}: {value}"));
        }
    }

    fn content(&mut self, name: &str, content: &Content, action: Option<&str>) {
        let said = match content {
            Content::None => "none".to_owned(),
            Content::Unknown => "not described".to_owned(),
            Content::Bytes { media_type } => format!("bytes, {}", code(media_type)),
            Content::Json { ty, envelope, beside, .. } => {
                let mut said = self.ty(*ty);
                if let Some(key) = envelope.as_deref().filter(|key| Some(*key) != action) {
                    let _ = write!(said, " under {}", code(key));
                }
                if !beside.is_empty() {
                    let keys: Vec<String> = beside.iter().map(|key| code(key)).collect();
                    let _ = write!(said, ", beside {}", keys.join(", "));
                }
                said
            }
        };
        self.fact(name, &said);
    }

    /// Writes a type; a record is a link within this page.
    fn ty(&self, id: TypeId) -> String {
        let types = &self.service.types;
        match types.get(id) {
            Type::Record(record) => format!("[{0}](#type-{1})", record.name, anchor(&record.name)),
            Type::Optional(inner) => format!("{} or null", self.ty(*inner)),
            Type::List(inner) => format!("a list of {}", self.ty(*inner)),
            Type::Map(inner) => format!("a map to {}", self.ty(*inner)),
            _ => code(&types::rust(types, id, "")),
        }
    }

    fn records(&mut self) {
        let service = self.service;
        let roots = service.operations.iter().flat_map(|o| [o.request.ty(), o.response.ty()]);
        let ids = service.types.reachable(roots.flatten());
        let mut records: Vec<_> =
            ids.into_iter().filter_map(|id| service.types.record(id)).collect();
        records.sort_by(|a, b| a.name.cmp(&b.name));
        if records.is_empty() {
            return;
        }
        self.line("\n## Types");
        for record in records {
            self.line(&format!("\n### Type {}\n", record.name));
            self.line(&format!("{}\n", record.doc.replace(['[', ']'], "")));
            if record.fields.is_empty() {
                continue;
            }
            self.line("| field | type | versions |\n| --- | --- | --- |");
            for field in &record.fields {
                let mut ty = self.ty(field.ty);
                if !field.required && record.role == Role::Request {
                    ty.push_str(", optional");
                }
                let mut versions = range(service.notable(field.versions));
                if let Some(extension) = &field.extension {
                    let gap = if versions.is_empty() { "" } else { " " };
                    let _ = write!(versions, "{gap}with {}", code(extension));
                }
                let key = code(&field.key.replace('|', "\\|"));
                self.line(&format!("| {key} | {ty} | {versions} |"));
            }
        }
    }

    fn history(&mut self) {
        if self.service.history.is_empty() {
            return;
        }
        self.line("\n## Microversions\n\n| version | changes | summary |\n| --- | --- | --- |");
        for note in &self.service.history {
            let kind = match note.kind {
                VersionKind::Schema => "schema",
                VersionKind::Behaviour => "behaviour",
            };
            self.line(&format!("| {} | {kind} | {} |", note.version, escape(&note.summary)));
        }
    }
}

fn anchor(name: &str) -> String {
    name.to_lowercase()
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

/// Writes text as it is in a page or a table, where it is neither a tag nor a column.
pub(crate) fn escape(text: &str) -> String {
    text.replace('<', "&lt;").replace('|', "\\|")
}

fn range(range: VersionRange) -> String {
    text::since(range).trim_end_matches('.').to_lowercase()
}

fn statuses(statuses: &[StatusRange]) -> String {
    let one = |s: &StatusRange| match range(s.versions) {
        versions if versions.is_empty() => s.status.to_string(),
        versions => format!("{} ({versions})", s.status),
    };
    statuses.iter().map(one).collect::<Vec<_>>().join(", ")
}
