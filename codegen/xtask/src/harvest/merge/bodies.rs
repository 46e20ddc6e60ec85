//! Merges and spells the bodies of an operation: request, query, and the response for each
//! status.

use miette::{WrapErr as _, miette};
use serde_json::{Value, json};
use squall_codegen::spelling;
use squall_model::VersionRange;

use super::cells::{self, Cell};
use super::exceptions::HOLES;
use super::facts::{Body, Facts, Operation, State};
use super::path::template;
use super::unite::unite;

/// What is known about a body, in the spelling of the spec.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Spelled {
    None,
    Unknown,
    Schema { media_type: String, schema: Value },
}

impl Spelled {
    /// Returns the mark for a body without a schema.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Unknown | Self::Schema { .. } => "unknown",
        }
    }
}

/// All bodies of an operation.
#[derive(Debug, Clone)]
pub(super) struct Bodies {
    pub(super) request: Spelled,
    pub(super) query: Spelled,
    pub(super) responses: Vec<(u16, VersionRange, Spelled)>,
    /// The versions without a schema, with reasons.
    pub(super) holes: Vec<Value>,
    /// The provenance of each part.
    pub(super) provenance: Value,
}

/// Merges the bodies of an operation with the versions `whole`.
pub(super) fn bodies(facts: &Facts, op: &Operation, whole: VersionRange) -> miette::Result<Bodies> {
    let mut holes = Vec::new();
    let mut cut = |part: &str, body: &Body| -> miette::Result<Vec<Cell>> {
        let found = cells::cut(&body.entries, facts.range(), whole, &facts.schemas)
            .wrap_err_with(|| format!("{}: its {part} schemas cannot be merged", op.described()))?;
        if !body.entries.is_empty() {
            for cell in found.iter().filter(|cell| cell.schema.is_none()) {
                holes.push(hole(facts, op, part, cell.versions)?);
            }
        }
        Ok(found)
    };
    let request = spelled(&op.request, &cut("request", &op.request)?);
    let query = spelled(&op.query, &cut("query", &op.query)?);
    let response = cut("response", &op.response)?;
    let statuses = op.statuses.iter().map(|status| (status.code, status.versions));
    let statuses = cells::by_status(statuses, facts.range(), whole)
        .wrap_err_with(|| format!("{}: its statuses cannot be merged", op.described()))?;
    let responses = statuses
        .into_iter()
        .map(|(code, versions)| {
            // RFC 9110 does not allow a body here, whatever schema is attached.
            let empty = matches!(code, 204 | 304)
                || op.statuses.iter().any(|status| status.code == code && status.bodiless);
            let body = if empty {
                Spelled::None
            } else {
                spelled(&op.response, &cells::restricted(&response, versions))
            };
            (code, versions, body)
        })
        .collect();
    let mut provenance = json!({
        "request": provenance(&op.request),
        "query": provenance(&op.query),
        "response": provenance(&op.response),
    });
    for (part, found) in [("errors", &op.errors_provenance), ("headers", &op.headers_provenance)] {
        if let Some(found) = found {
            provenance[part] = json!(found);
        }
    }
    Ok(Bodies { request, query, responses, holes, provenance })
}

fn spelled(body: &Body, cells: &[Cell]) -> Spelled {
    let null = json!({"type": "null"});
    match unite(cells) {
        // Upstream's way to declare that there is no body.
        Some(schema) if schema == null => Spelled::None,
        Some(schema) => Spelled::Schema {
            media_type: body.media_type.clone().unwrap_or_else(|| "application/json".to_owned()),
            schema: spelling::write(&schema),
        },
        None if body.state == State::None => Spelled::None,
        None => Spelled::Unknown,
    }
}

fn provenance(body: &Body) -> &str {
    match (&body.provenance, body.state) {
        (Some(given), _) => given,
        (None, State::Unknown) => "unknown",
        (None, _) => "in-tree",
    }
}

/// Returns the mark for a deliberate hole. Any other hole is an error.
fn hole(facts: &Facts, op: &Operation, part: &str, at: VersionRange) -> miette::Result<Value> {
    let key = (op.method.as_str(), template(&op.path), op.action.as_deref().unwrap_or_default());
    let reason = HOLES
        .iter()
        .find(|(service, method, path, action, of, _)| {
            *service == facts.service
                && *of == part
                && (*method, (*path).to_owned(), *action) == key
        })
        .map(|(.., reason)| *reason)
        .ok_or_else(|| {
            miette!(
                help = "if this is intended upstream, add it with the reason to HOLES in harvest/merge/exceptions.rs",
                "{}: there is no {part} schema for {at}",
                op.described()
            )
        })?;
    let mut hole = json!({"part": part, "reason": reason});
    for (key, end) in [("min-ver", at.min), ("max-ver", at.max)] {
        if let Some(end) = end {
            hole[key] = json!(end);
        }
    }
    Ok(hole)
}
