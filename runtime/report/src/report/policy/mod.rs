//! What services let each persona do, beside what their policies say.
//!
//! It is made of the cells in a run's journal, and of the services' default rules, so that it also
//! says which rules no cell is about.

mod coverage;
mod page;
mod sarif;
mod terminal;

use std::collections::BTreeMap;

use serde::Serialize;
use squall_model::{PolicyRule, ServiceSpec};

pub use coverage::{ServiceCoverage, Unexercised};
pub(super) use page::Matrix;

use super::RunLine;
use super::run_record::RunRecord;
use crate::journal::{Entry, Event};
use crate::{Access, AccessDeviation, PolicyCell, TargetOwner};

/// What a run says of the services' policies.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PolicyReport {
    /// The run.
    pub run: RunLine,
    /// The personas, in the order in which the tests take them.
    pub personas: Vec<String>,
    /// How many of each service's rules were exercised.
    pub services: Vec<ServiceCoverage>,
    /// One row for each rule and each operation that checks it, sorted by service and rule.
    pub rows: Vec<PolicyRow>,
    /// What differs from the policy, grouped: over-permissions first.
    pub deviations: Vec<DeviationGroup>,
}

/// What all personas may do with an operation by a rule.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PolicyRow {
    /// The service, as in `compute`.
    pub service: String,
    /// The rule.
    pub rule: String,
    /// The operation.
    pub operation: String,
    /// The cells, in the order of the personas.
    pub cells: Vec<PolicyCell>,
}

/// Cells of one rule and operation that differ in the same way from the policy.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DeviationGroup {
    /// How they differ.
    pub deviation: AccessDeviation,
    /// The service.
    pub service: String,
    /// The rule.
    pub rule: String,
    /// The operation.
    pub operation: String,
    /// The personas, each with whose the target was.
    pub who: Vec<(String, TargetOwner)>,
    /// The first of the cells: what was expected, why, and the answer.
    pub example: PolicyCell,
}

impl PolicyReport {
    /// Reads the cells of a run, and compares them with the default rules of the services.
    pub fn of<'a>(
        entries: impl IntoIterator<Item = &'a Entry> + Clone,
        services: &[(&ServiceSpec, &[PolicyRule])],
    ) -> Self {
        let rows = rows(entries.clone());
        let run_record = RunRecord::of(entries);
        Self {
            run: RunLine::of(&run_record),
            personas: personas(&rows),
            services: services
                .iter()
                .filter(|(_, rules)| !rules.is_empty())
                .map(|(spec, rules)| ServiceCoverage::of(spec, rules, &rows))
                .collect(),
            deviations: deviations(&rows),
            rows,
        }
    }

    /// Whether there is any cell.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns all cells.
    pub fn cells(&self) -> impl Iterator<Item = &PolicyCell> {
        self.rows.iter().flat_map(|row| &row.cells)
    }

    /// Returns the share of the rules with an operation that were exercised, in percent; 100 if
    /// there are none.
    pub fn percent(&self) -> f64 {
        let sum = |each: fn(&ServiceCoverage) -> usize| self.services.iter().map(each).sum();
        coverage::percent(sum(|one| one.exercised), sum(|one| one.with_operation))
    }

    /// Renders the report for a terminal; `all` names every rule that was not exercised.
    pub fn terminal(&self, all: bool, colour: bool) -> String {
        terminal::text(self, all, colour)
    }

    /// Renders the report as one JSON document.
    ///
    /// # Errors
    /// Never in practice: all of it is plain data.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// Renders the deviations as SARIF 2.1.0, for programs that show findings beside code.
    ///
    /// # Errors
    /// Never in practice: all of it is plain data.
    pub fn sarif(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(&sarif::log(self)).map(|text| text + "\n")
    }

    /// Renders the matrix as a self-contained page.
    ///
    /// # Errors
    /// The template cannot be rendered.
    pub fn html(&self) -> Result<String, askama::Error> {
        page::html(self)
    }
}

/// Returns one row for each rule and operation. A cell that was tried again counts as it was last.
fn rows<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Vec<PolicyRow> {
    let mut rows: BTreeMap<[&str; 3], Vec<&PolicyCell>> = BTreeMap::new();
    for entry in entries {
        if let Event::PolicyCell { cell, .. } = &entry.event {
            let service = cell.operation.split('.').next().unwrap_or_default();
            let cells = rows.entry([service, &cell.rule, &cell.operation]).or_default();
            let same =
                |one: &&PolicyCell| (&one.persona, one.target) == (&cell.persona, cell.target);
            match cells.iter_mut().find(|one| same(one)) {
                Some(before) => *before = cell,
                None => cells.push(cell),
            }
        }
    }
    rows.into_iter()
        .map(|([service, rule, operation], cells)| PolicyRow {
            service: service.to_owned(),
            rule: rule.to_owned(),
            operation: operation.to_owned(),
            cells: cells.into_iter().cloned().collect(),
        })
        .collect()
}

/// Returns the personas in the order of the row that has most of them, then all others.
fn personas(rows: &[PolicyRow]) -> Vec<String> {
    let mut longest: Vec<&PolicyRow> = rows.iter().collect();
    longest.sort_by_key(|row| std::cmp::Reverse(row.cells.len()));
    let mut personas: Vec<String> = Vec::new();
    for cell in longest.iter().flat_map(|row| &row.cells) {
        if !personas.contains(&cell.persona) {
            personas.push(cell.persona.clone());
        }
    }
    personas
}

fn deviations(rows: &[PolicyRow]) -> Vec<DeviationGroup> {
    let mut groups: BTreeMap<(AccessDeviation, usize), DeviationGroup> = BTreeMap::new();
    for (position, row) in rows.iter().enumerate() {
        for cell in &row.cells {
            let Some(deviation) = cell.deviation() else { continue };
            let group = groups.entry((deviation, position)).or_insert_with(|| DeviationGroup {
                deviation,
                service: row.service.clone(),
                rule: row.rule.clone(),
                operation: row.operation.clone(),
                who: Vec::new(),
                example: cell.clone(),
            });
            group.who.push((cell.persona.clone(), cell.target));
        }
    }
    groups.into_values().collect()
}

impl DeviationGroup {
    /// Returns the personas in a sentence, as in `project-reader and domain-reader on another's`.
    fn personas(&self) -> String {
        let mut by_target: BTreeMap<TargetOwner, Vec<&str>> = BTreeMap::new();
        for (persona, target) in &self.who {
            by_target.entry(*target).or_default().push(persona);
        }
        let of = |(target, personas): (TargetOwner, Vec<&str>)| {
            format!("{} on {target} target", personas.join(", "))
        };
        by_target.into_iter().map(of).collect::<Vec<_>>().join("; ")
    }
}

/// Returns what the service answered, as in `denied (403), answered 403, req-1`.
fn answer(cell: &PolicyCell) -> String {
    let status = cell.status.map(|status| format!(", answered {status}")).unwrap_or_default();
    let id = cell.request_id.as_deref().map(|id| format!(", {id}")).unwrap_or_default();
    match &cell.observed {
        Access::Denied | Access::Hidden | Access::ScopeRefused => format!("{}{id}", cell.observed),
        observed => format!("{observed}{status}{id}"),
    }
}

#[cfg(test)]
mod tests;
