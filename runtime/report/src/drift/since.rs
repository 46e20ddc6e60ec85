//! Compares a report with one of an earlier cycle.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::report::{CellState, Report, ServiceReport, Since, SinceRow};

/// What is read of an earlier report.
#[derive(Debug, Clone, Deserialize)]
pub struct EarlierReport {
    runs: Vec<String>,
    services: Vec<EarlierService>,
}

#[derive(Debug, Clone, Deserialize)]
struct EarlierService {
    service: String,
    operations: Vec<EarlierOperation>,
    counts: EarlierCounts,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct EarlierCounts {
    cells: usize,
    exercised: usize,
}

#[derive(Debug, Clone, Deserialize)]
struct EarlierOperation {
    id: String,
    cells: Vec<EarlierCell>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct EarlierCell {
    state: CellState,
}

impl EarlierReport {
    /// Reads a report that was written as JSON.
    ///
    /// # Errors
    /// The text is no such report.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// Compares a report with this one.
    pub fn compare(&self, report: &Report) -> Since {
        let earlier: BTreeMap<&str, &EarlierService> =
            self.services.iter().map(|service| (&*service.service, service)).collect();
        let rows =
            report.services.iter().filter_map(|now| Some(row(earlier.get(&*now.service)?, now)));
        Since { runs: self.runs.clone(), services: rows.collect() }
    }
}

fn row(earlier: &EarlierService, now: &ServiceReport) -> SinceRow {
    let done = |state: CellState| state == CellState::Exercised;
    let was: BTreeSet<&str> = earlier
        .operations
        .iter()
        .filter(|op| op.cells.iter().any(|cell| done(cell.state)))
        .map(|op| &*op.id)
        .collect();
    let is: BTreeSet<&str> = now
        .operations
        .iter()
        .filter(|op| op.cells.iter().any(|cell| done(cell.state)))
        .map(|op| &*op.id)
        .collect();
    let list = |these: &BTreeSet<&str>, those: &BTreeSet<&str>| {
        these.difference(those).map(ToString::to_string).collect()
    };
    SinceRow {
        service: now.service.clone(),
        before: (earlier.counts.exercised, earlier.counts.cells),
        now: (now.counts.exercised, now.counts.cells),
        gained: list(&is, &was),
        lost: list(&was, &is),
    }
}
