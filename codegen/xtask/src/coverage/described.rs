//! What of the operations the specs describe, and from which source.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use squall_codegen::model::{self, Operation, Service};
use squall_model::{BodySchema, ErrorBody, Provenance, SharedSchemas};

use super::confirmed::Confirmed;
use super::{Coverage, percent};

/// What is described of one service's operations.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Described {
    operations: usize,
    requests: Part,
    responses: Part,
    queries: Part,
    errors: Part,
    headers: Part,
}

/// One part of the operations.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Part {
    /// With a description, by provenance.
    described: BTreeMap<Provenance, usize>,
    /// Known to be without it.
    none: usize,
    /// What is not known.
    unknown: Vec<Hole>,
}

/// A part of an operation that is not described.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Hole {
    /// The operation, and for a response its status.
    place: String,
    /// Why it is not described; what is missing, if the spec gives no reason.
    reason: String,
}

impl Part {
    fn described(&mut self, from: Provenance) {
        *self.described.entry(from).or_default() += 1;
    }

    fn hole(&mut self, place: String, reason: String) {
        self.unknown.push(Hole { place, reason });
    }

    fn whole(&self) -> usize {
        self.described.values().sum::<usize>() + self.none + self.unknown.len()
    }

    fn known(&self) -> usize {
        self.whole() - self.unknown.len()
    }
}

/// Counts the parts of a service's operations.
pub(super) fn of(service: &Service) -> Described {
    let mut found = Described { operations: service.operations.len(), ..Described::default() };
    for operation in &service.operations {
        let (id, schemas) = (&operation.id, &operation.schemas);
        let origins = schemas.origins;
        let body = |part: &mut Part, body: &BodySchema, of, from, place: String| match body {
            BodySchema::Described { .. } => part.described(from),
            BodySchema::None => part.none += 1,
            BodySchema::Unknown => part.hole(place, reason(operation, of, "no schema")),
        };
        let request = &mut found.requests;
        body(request, &schemas.request, model::Part::Request, origins.request, id.clone());
        for response in &schemas.responses {
            let place = format!("{id} {}", response.status);
            let of = model::Part::Response;
            body(&mut found.responses, &response.body, of, origins.response, place);
        }
        match &schemas.query {
            Some(_) => found.queries.described(origins.query),
            None if takes_no_query(operation) => found.queries.none += 1,
            None => {
                let why = reason(operation, model::Part::Query, "the spec does not say");
                found.queries.hole(id.clone(), why);
            }
        }
        match hole_in_errors(operation, &service.shared) {
            None => found.errors.described(origins.errors),
            Some(hole) => {
                found.errors.hole(id.clone(), reason(operation, model::Part::Errors, &hole));
            }
        }
        if origins.headers == Provenance::Unknown {
            let why = reason(operation, model::Part::Headers, "the spec does not say");
            found.headers.hole(id.clone(), why);
        } else {
            found.headers.described(origins.headers);
        }
    }
    found
}

/// Returns the reason that the spec gives for not describing a part, or else `otherwise`.
fn reason(operation: &Operation, part: model::Part, otherwise: &str) -> String {
    operation.unknown.get(&part).map_or(otherwise, String::as_str).to_owned()
}

/// Whether the spec says that the operation takes no query parameters.
fn takes_no_query(operation: &Operation) -> bool {
    operation.schemas.no_query || operation.schemas.origins.query != Provenance::Unknown
}

/// Returns what is missing for the errors of an operation to be described: each status has a
/// form, and the spec claims to know them all.
fn hole_in_errors(operation: &Operation, shared: &SharedSchemas) -> Option<String> {
    let is_undescribed = |error: &&squall_model::ErrorSchema| {
        error.form(shared).is_none_or(|form| form.body == ErrorBody::Unknown)
    };
    let bare = operation.schemas.errors.iter().filter(is_undescribed);
    let bare: Vec<String> = bare.map(|error| error.status.to_string()).collect();
    match (operation.schemas.origins.errors, operation.schemas.errors.is_empty()) {
        (Provenance::Unknown, true) => Some("no status".to_owned()),
        (Provenance::Unknown, false) => Some("the statuses may not be all".to_owned()),
        _ if !bare.is_empty() => Some(format!("no body of {}", bare.join(", "))),
        _ => None,
    }
}

/// Its title in a table, its name in a list, and where its figures are.
type PartOf = (&'static str, &'static str, fn(&Described) -> &Part);

/// The parts, as tables and lists name them.
const PARTS: [PartOf; 5] = [
    ("requests", "request", |d| &d.requests),
    ("queries", "query", |d| &d.queries),
    ("responses", "response", |d| &d.responses),
    ("errors", "errors", |d| &d.errors),
    ("headers", "headers", |d| &d.headers),
];

/// Writes a table with a line for each service and one for all, and one by provenance.
pub(super) fn table(all: &[Coverage]) -> String {
    let titles = PARTS.map(|(title, ..)| title).join(" | ");
    let mut out = format!(
        "| described | operations | {titles} | confirmed by a real answer |\n|{}\n",
        " --- |".repeat(8)
    );
    let cell = |known: usize, whole: usize| format!("{} of {whole}", percent(known, whole));
    for Coverage { service, described, confirmed, .. } in all {
        let cells = PARTS.map(|(.., part)| cell(part(described).known(), part(described).whole()));
        let operations = described.operations;
        let cells = cells.join(" | ");
        let _ = writeln!(out, "| {service} | {operations} | {cells} | {} |", confirmed.cell());
    }
    let operations: usize = all.iter().map(|coverage| coverage.described.operations).sum();
    let cells = PARTS.map(|(.., part)| {
        let parts = || all.iter().map(|coverage| part(&coverage.described));
        cell(parts().map(Part::known).sum(), parts().map(Part::whole).sum())
    });
    let confirmed: Confirmed = all.iter().map(|coverage| &coverage.confirmed).sum();
    let cells = cells.join(" | ");
    let _ = writeln!(out, "| all | {operations} | {cells} | {} |", confirmed.cell());
    out + "\n" + &by_provenance(all)
}

/// Writes how much of each part comes from which source.
fn by_provenance(all: &[Coverage]) -> String {
    let sources = [
        Provenance::InTree,
        Provenance::Replayed,
        Provenance::Observed,
        Provenance::ApiRef,
        Provenance::Authored,
        Provenance::Unknown,
    ];
    let words = sources.map(Provenance::word);
    let titles = words[..sources.len() - 1].join(" | ");
    let columns = " --- |".repeat(sources.len() + 2);
    let mut out = format!("| by source | {titles} | none | unknown |\n|{columns}\n");
    for (title, _, part) in PARTS {
        let parts = || all.iter().map(|coverage| part(&coverage.described));
        let mut cells: Vec<String> = sources[..sources.len() - 1]
            .iter()
            .map(|source| {
                let counts = parts().map(|part| part.described.get(source).copied());
                counts.map(Option::unwrap_or_default).sum::<usize>().to_string()
            })
            .collect();
        cells.push(parts().map(|part| part.none).sum::<usize>().to_string());
        // Described, by a spec that does not name the source.
        let unnamed = parts().filter_map(|p| p.described.get(&Provenance::Unknown)).sum::<usize>();
        let unknown = parts().map(|part| part.unknown.len()).sum::<usize>();
        cells.push((unnamed + unknown).to_string());
        let _ = writeln!(out, "| {title} | {} |", cells.join(" | "));
    }
    out
}

/// Lists what is not described.
pub(super) fn list(all: &[Coverage]) -> String {
    let mut out = String::new();
    for Coverage { described, .. } in all {
        for (_, name, part) in PARTS {
            for Hole { place, reason } in &part(described).unknown {
                let _ = writeln!(out, "{name} not described: {place}: {reason}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use squall_codegen::generate::{self, Source};

    use super::*;

    fn described(operation: &str) -> Described {
        let text = format!(
            "openapi: '3.0.3'\n\
             info: {{title: A, version: '1'}}\n\
             x-openstack: {{service: a}}\n\
             paths:\n  /a:\n    get:\n      operationId: a.a.list\n{operation}\n\
             components:\n  responses:\n    Error:\n      description: An error\n      \
             content: {{application/json: {{schema: {{type: object}}}}}}\n"
        );
        let outcome = generate::service(Source { file: "a.yaml", text: &text }, None);
        let service = outcome.service.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
        of(&service)
    }

    fn holes(part: &Part) -> Vec<&str> {
        part.unknown.iter().map(|hole| hole.reason.as_str()).collect()
    }

    #[test]
    fn every_part_is_described_or_a_hole_with_its_reason() {
        let none = described("      responses: {'200': {description: OK}}");
        assert_eq!(holes(&none.queries), ["the spec does not say"]);
        assert_eq!(holes(&none.errors), ["no status"]);
        assert_eq!(holes(&none.headers), ["the spec does not say"]);
        assert_eq!(holes(&none.responses), ["no schema"]);
        let some = described(
            "      responses:\n        '200': {description: OK, x-openstack: {body: none}}\n        \
             '404': {description: Not Found}\n        \
             '409': {$ref: '#/components/responses/Error'}\n      \
             x-openstack:\n        query: none\n        provenance: {errors: in-tree}\n        \
             unknown: {headers: a reason}",
        );
        assert_eq!((some.queries.none, some.responses.none), (1, 1));
        assert_eq!(holes(&some.errors), ["no body of 404"]);
        assert_eq!(holes(&some.headers), ["a reason"]);
    }

    #[test]
    fn errors_are_described_by_their_provenance() {
        let all = described(
            "      responses: {'404': {$ref: '#/components/responses/Error'}}\n      \
             x-openstack: {provenance: {errors: api-ref, headers: replayed}}",
        );
        assert_eq!(all.errors.described, [(Provenance::ApiRef, 1)].into());
        assert_eq!(all.headers.described, [(Provenance::Replayed, 1)].into());
        let incomplete =
            described("      responses: {'404': {$ref: '#/components/responses/Error'}}");
        assert_eq!(holes(&incomplete.errors), ["the statuses may not be all"]);
    }
}
