//! What of the operations the specs describe, and from which source.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use squall_codegen::model::{Operation, Service};
use squall_model::{BodySchema, Provenance};

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
}

/// One part of the operations.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Part {
    /// With a description, by provenance.
    described: BTreeMap<Provenance, usize>,
    /// Known to be without it.
    none: usize,
    /// The operations of which it is not known.
    unknown: Vec<String>,
}

impl Part {
    fn described(&mut self, from: Provenance) {
        *self.described.entry(from).or_default() += 1;
    }

    fn body(&mut self, body: &BodySchema, from: Provenance, id: String) {
        match body {
            BodySchema::Described { .. } => self.described(from),
            BodySchema::None => self.none += 1,
            BodySchema::Unknown => self.unknown.push(id),
        }
    }

    fn whole(&self) -> usize {
        self.described.values().sum::<usize>() + self.none + self.unknown.len()
    }

    fn cell(&self) -> String {
        let whole = self.whole();
        let known = whole - self.unknown.len();
        format!("{} of {whole}", percent(known, whole))
    }
}

/// Counts the parts of a service's operations.
pub(super) fn of(service: &Service) -> Described {
    let mut found = Described { operations: service.operations.len(), ..Described::default() };
    for operation in &service.operations {
        let origins = operation.schemas.origins;
        found.requests.body(&operation.schemas.request, origins.request, operation.id.clone());
        let success = operation.schemas.responses.iter().filter(|response| response.status < 400);
        for response in success {
            let id = format!("{} {}", operation.id, response.status);
            found.responses.body(&response.body, origins.response, id);
        }
        match &operation.schemas.query {
            Some(_) => found.queries.described(origins.query),
            None if takes_no_query(operation) => found.queries.none += 1,
            None => found.queries.unknown.push(operation.id.clone()),
        }
        if operation.errors.is_empty() {
            found.errors.unknown.push(operation.id.clone());
        } else {
            found.errors.described(Provenance::InTree);
        }
    }
    found
}

/// Whether the spec says that the operation takes no query parameters.
fn takes_no_query(operation: &Operation) -> bool {
    operation.schemas.origins.query != Provenance::Unknown
}

/// Writes a table with a line for each service, and one for all.
pub(super) fn table(all: &[Coverage]) -> String {
    let mut out = String::from(
        "| described | operations | requests | queries | responses | error statuses |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for Coverage { service, described, .. } in all {
        let Described { operations, requests, queries, responses, errors } = described;
        let cells = [requests, queries, responses, errors].map(Part::cell).join(" | ");
        let _ = writeln!(out, "| {service} | {operations} | {cells} |");
    }
    let sum = |part: fn(&Described) -> &Part| {
        let parts = || all.iter().map(|coverage| part(&coverage.described));
        let whole: usize = parts().map(Part::whole).sum();
        let unknown: usize = parts().map(|part| part.unknown.len()).sum();
        format!("{} of {whole}", percent(whole - unknown, whole))
    };
    let operations: usize = all.iter().map(|coverage| coverage.described.operations).sum();
    let _ = writeln!(
        out,
        "| all | {operations} | {} | {} | {} | {} |",
        sum(|d| &d.requests),
        sum(|d| &d.queries),
        sum(|d| &d.responses),
        sum(|d| &d.errors)
    );
    out
}

/// Lists what is not described.
pub(super) fn list(all: &[Coverage]) -> String {
    let mut out = String::new();
    for Coverage { described, .. } in all {
        let Described { requests, queries, responses, errors, .. } = described;
        let parts = [
            ("request", requests),
            ("query", queries),
            ("response", responses),
            ("error status", errors),
        ];
        for (name, part) in parts {
            for id in &part.unknown {
                let _ = writeln!(out, "no {name} is described: {id}");
            }
        }
    }
    out
}
