//! How much the responses' schemas refuse.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;
use squall_client::validate::Schema;
use squall_codegen::model::{Operation, Service};
use squall_model::Microversion;
use squall_model::materialise::{Circumstances, Extensions};

use super::Coverage;
use super::mutation::{self, Kind, Mutation};
use super::{allowed, example, percent};

/// What became of the changes to the valid bodies of a service.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Strength {
    /// By the kind of change.
    kinds: BTreeMap<Kind, Counts>,
    /// Responses of which no valid body could be made.
    without_example: Vec<String>,
    /// The changes that a schema does not refuse, by response.
    accepted: BTreeMap<String, Vec<String>>,
}

/// The changes of one kind.
#[derive(Debug, Default, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Counts {
    refused: usize,
    accepted: usize,
    /// Allowed by the schema in so many words.
    left_out: usize,
}

/// Changes the valid bodies of a service's responses at each operation's newest version.
pub(super) fn of(service: &Service) -> Strength {
    let mut strength = Strength::default();
    for operation in &service.operations {
        let version = operation.versions.max.or(service.versions.max);
        for Described { status, merged, schema } in responses(operation, version) {
            let name = format!("{} {status}", operation.id);
            let compiled = Schema::compile(&schema).ok();
            let example = compiled.and_then(|one| Some((example::of(&schema, &one)?, one)));
            let Some((body, compiled)) = example else {
                strength.without_example.push(name);
                continue;
            };
            for mutation in mutation::all(&body) {
                strength.count(&name, &mutation, &schema, &merged, &compiled);
            }
        }
    }
    strength
}

/// A described response: its schema with the marks, and at one version.
struct Described {
    status: u16,
    merged: Value,
    schema: Value,
}

/// Returns the JSON schemas of the responses of success at a version, for a cloud that has every
/// extension.
fn responses(operation: &Operation, version: Option<Microversion>) -> Vec<Described> {
    let at = Circumstances { version, extensions: Extensions::All, fields_selected: false };
    let described = operation
        .schemas
        .responses
        .iter()
        .filter(|response| response.status < 400 && response.versions.contains(version));
    described
        .filter_map(|response| match &response.body {
            squall_model::BodySchema::Described { media_type, schema }
                if media_type.contains("json") =>
            {
                Some(Described {
                    status: response.status,
                    merged: schema.0.clone(),
                    schema: schema.under(&at)?,
                })
            }
            _ => None,
        })
        .collect()
}

impl Strength {
    fn count(
        &mut self,
        name: &str,
        mutation: &Mutation,
        schema: &Value,
        merged: &Value,
        compiled: &Schema,
    ) {
        let counts = self.kinds.entry(mutation.kind).or_default();
        if !compiled.is_valid(&mutation.body) {
            counts.refused += 1;
        } else if allowed::by(schema, mutation) || allowed::by_mark(merged, mutation) {
            counts.left_out += 1;
        } else {
            counts.accepted += 1;
            let line = format!("{} {}", mutation.kind.title(), mutation.at);
            self.accepted.entry(name.to_owned()).or_default().push(line);
        }
    }

    fn counts(&self, kind: Kind) -> Counts {
        self.kinds.get(&kind).copied().unwrap_or_default()
    }
}

/// Writes a table with a line for each service.
pub(super) fn table(all: &[Coverage]) -> String {
    let mut out = String::from("| refused of changed bodies |");
    for kind in Kind::ALL {
        let _ = write!(out, " {} |", kind.title());
    }
    out.push_str(" left out | without an example |\n| --- |");
    out.push_str(&" --- |".repeat(Kind::ALL.len() + 2));
    out.push('\n');
    for Coverage { service, strength, .. } in all {
        let _ = write!(out, "| {service} |");
        for kind in Kind::ALL {
            let counts = strength.counts(kind);
            let whole = counts.refused + counts.accepted;
            let _ = write!(out, " {} of {whole} |", percent(counts.refused, whole));
        }
        let left_out: usize = Kind::ALL.map(|kind| strength.counts(kind).left_out).iter().sum();
        let _ = writeln!(out, " {left_out} | {} |", strength.without_example.len());
    }
    out
}

/// Lists the changes that no schema refuses.
pub(super) fn list(all: &[Coverage]) -> String {
    let mut out = String::new();
    for Coverage { strength, .. } in all {
        for (response, lines) in &strength.accepted {
            for line in lines {
                let _ = writeln!(out, "accepted: {response}: {line}");
            }
        }
        for response in &strength.without_example {
            let _ = writeln!(out, "no valid body could be made: {response}");
        }
    }
    out
}
