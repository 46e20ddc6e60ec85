//! Which rules a run exercised, and why it did not exercise the others.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use squall_model::{PolicyRule, ServiceSpec};

use super::PolicyRow;
use crate::Access;

/// How many personas must have a decided cell for a rule to count as exercised.
pub(super) const ENOUGH: usize = 3;

/// How many of a service's rules were exercised.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ServiceCoverage {
    /// The service, as in `compute`.
    pub service: String,
    /// How many default rules it has.
    pub rules: usize,
    /// How many of them an operation checks.
    pub with_operation: usize,
    /// How many of these have a decided cell for at least three personas.
    pub exercised: usize,
    /// How many rules have a cell that differs from the policy.
    pub deviating: usize,
    /// How many cells there are, and how many of them are decided.
    pub cells: usize,
    /// How many cells are decided.
    pub decided: usize,
    /// The rules that an operation checks and that were not exercised, with the reason.
    pub unexercised: Vec<Unexercised>,
}

/// A rule that was not exercised.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Unexercised {
    /// The rule.
    pub rule: String,
    /// Why.
    pub reason: String,
}

impl ServiceCoverage {
    pub(super) fn of(spec: &ServiceSpec, rules: &[PolicyRule], rows: &[PolicyRow]) -> Self {
        let checked: BTreeSet<&str> = spec
            .operations
            .iter()
            .flat_map(|operation| operation.policies.iter().map(|policy| policy.rule.as_ref()))
            .collect();
        let mut by_rule: BTreeMap<&str, Vec<&PolicyRow>> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.service == spec.name) {
            by_rule.entry(&row.rule).or_default().push(row);
        }
        let cells = || by_rule.values().flatten().flat_map(|row| &row.cells);
        let mut coverage = Self {
            service: spec.name.to_owned(),
            rules: rules.len(),
            with_operation: 0,
            exercised: 0,
            deviating: by_rule
                .values()
                .filter(|rows| rows.iter().any(|row| row.deviates()))
                .count(),
            cells: cells().count(),
            decided: cells().filter(|cell| cell.is_decided()).count(),
            unexercised: Vec::new(),
        };
        for rule in rules.iter().filter(|rule| checked.contains(rule.name.as_ref())) {
            coverage.with_operation += 1;
            match unexercised(by_rule.get(rule.name.as_ref()).map_or(&[], Vec::as_slice)) {
                None => coverage.exercised += 1,
                Some(reason) => {
                    coverage.unexercised.push(Unexercised { rule: rule.name.to_string(), reason });
                }
            }
        }
        coverage
    }

    /// Returns the share of the rules with an operation that were exercised, in percent.
    pub fn percent(&self) -> f64 {
        percent(self.exercised, self.with_operation)
    }
}

impl PolicyRow {
    /// Whether a cell differs from the policy.
    pub(super) fn deviates(&self) -> bool {
        self.cells.iter().any(|cell| cell.deviation().is_some())
    }

    /// Whether a cell is undecided.
    pub(super) fn is_undecided(&self) -> bool {
        self.cells.iter().any(|cell| !cell.is_decided())
    }
}

/// Returns why a rule with these rows counts as not exercised; `None` if it was.
fn unexercised(rows: &[&PolicyRow]) -> Option<String> {
    let cells = || rows.iter().flat_map(|row| &row.cells);
    let decided: BTreeSet<&str> =
        cells().filter(|cell| cell.is_decided()).map(|cell| cell.persona.as_str()).collect();
    if decided.len() >= ENOUGH {
        return None;
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for cell in cells() {
        if let Access::Undecided(reason) = &cell.observed {
            *reasons.entry(reason).or_default() += 1;
        }
    }
    let most = reasons.into_iter().max_by_key(|(_, times)| *times);
    Some(match most {
        Some((reason, _)) => reason.to_owned(),
        None if rows.is_empty() => "no test of this run called it".to_owned(),
        None => format!("decided for {} of {ENOUGH} personas", decided.len()),
    })
}

/// Returns a share in percent; 100 of nothing.
pub(super) fn percent(part: usize, whole: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "numbers of rules are small")]
    if whole == 0 { 100.0 } else { part as f64 * 100.0 / whole as f64 }
}
