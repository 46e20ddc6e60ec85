//! Emits the reference page of a service: its operations, grouped by resource.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use squall_model::{
    ErrorBody, FormSource, Gate, HeaderSchema, Provenance, StatusRange, VersionKind, VersionRange,
};

use super::{messages, text, types};
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
    page.shared();
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
        self.errors(operation);
        let policies = operation.policies.iter().map(|policy| match policy.gate {
            Gate::Gate => code(&policy.rule),
            Gate::Conditional => format!("{} (conditional)", code(&policy.rule)),
        });
        self.fact("policies", &policies.collect::<Vec<_>>().join(", "));
        if operation.unenforced {
            self.fact("policies", "none enforced");
        }
        let query: Vec<String> = operation.query_parameters().iter().map(|q| code(q)).collect();
        let none = operation.schemas.no_query.then(|| "none".to_owned());
        self.fact("query", &none.unwrap_or_else(|| query.join(", ")));
        self.fact("request headers", &headers(&operation.schemas.request_headers));
        for response in operation.schemas.responses.iter().filter(|r| !r.headers.is_empty()) {
            let name = format!("headers of {}", response.status);
            self.fact(&name, &headers(&response.headers));
        }
        self.content("request body", &operation.request, operation.action.as_deref());
        self.content("response body", &operation.response, None);
        let list = |found: Vec<squall_model::Microversion>| {
            found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        self.fact("request changes at", &list(operation.request_boundaries()));
        self.fact("response changes at", &list(operation.response_boundaries()));
        self.fact("sources", &sources(operation));
    }

    /// Writes the statuses of failure, grouped by the form that they have.
    fn errors(&mut self, operation: &Operation) {
        let mut by_form: BTreeMap<String, Vec<StatusRange>> = BTreeMap::new();
        for error in &operation.schemas.errors {
            let form = match (&error.form, messages::form_word(&error.form)) {
                (FormSource::Shared(name), _) => {
                    format!(" as [{name}](#error-{})", anchor(name))
                }
                (FormSource::Own(_), "own") => " in a form of its own".to_owned(),
                (FormSource::Own(_), "none") => " without a body".to_owned(),
                (FormSource::Own(_), _) => String::new(),
            };
            let status = StatusRange { status: error.status, versions: error.versions };
            by_form.entry(form).or_default().push(status);
        }
        let groups = by_form.iter().map(|(form, found)| format!("{}{form}", statuses(found)));
        self.fact("errors", &groups.collect::<Vec<_>>().join("; "));
    }

    /// Writes what all operations share: the headers of every message and the forms of errors.
    fn shared(&mut self) {
        let shared = &self.service.shared;
        if !shared.request_headers.is_empty() || !shared.response_headers.is_empty() {
            self.line("\n## Headers of every message\n");
            self.fact("requests", &headers(&shared.request_headers));
            self.fact("responses", &headers(&shared.response_headers));
        }
        if shared.forms.is_empty() {
            return;
        }
        self.line("\n## Errors");
        for (name, form) in &shared.forms {
            self.line(&format!("\n### Error {name}\n"));
            match &form.body {
                ErrorBody::None => self.fact("body", "none"),
                ErrorBody::Unknown => self.fact("body", "not described"),
                ErrorBody::Described { content, optional } => {
                    if *optional {
                        self.fact("body", "may be missing");
                    }
                    for (media_type, schema) in content {
                        let parts = messages::parts(&schema.0);
                        let said =
                            if parts.is_empty() { "text".to_owned() } else { parts.join(", ") };
                        self.fact(&code(media_type), &said);
                    }
                }
            }
            self.fact("headers", &headers(&form.headers));
        }
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

/// Writes headers with their type and versions, and whether every message has them.
fn headers(found: &[HeaderSchema]) -> String {
    let one = |header: &HeaderSchema| {
        let mut said = messages::header_type(header);
        if header.required {
            said.push_str(", always");
        }
        let versions = range(header.versions);
        if !versions.is_empty() {
            let _ = write!(said, ", {versions}");
        }
        if let Some(why) = &header.omitted {
            let _ = write!(said, "; may be missing: {}", escape(why));
        }
        format!("{} ({said})", code(&header.name))
    };
    found.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Writes where each part of an operation's description comes from.
fn sources(operation: &Operation) -> String {
    let part = |(name, found): (&str, Provenance)| format!("{name} {}", found.word());
    let known = |&(_, found): &(&str, Provenance)| found != Provenance::Unknown;
    let each = operation.schemas.origins.each();
    let mut out: Vec<String> = each.into_iter().filter(known).map(part).collect();
    let unknown = each.iter().filter(|part| !known(part)).map(|(name, _)| {
        let reason = operation.unknown.iter().find(|(part, _)| part.word() == *name);
        match reason {
            Some((_, reason)) => format!("{name} not described: {}", escape(reason)),
            None => format!("{name} not described"),
        }
    });
    out.extend(unknown);
    out.join(", ")
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
