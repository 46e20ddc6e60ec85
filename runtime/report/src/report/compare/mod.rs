//! Compares runs: the last one with the earlier ones.

mod classify;
mod durations;
mod html;
mod terminal;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

pub use classify::Class;
use classify::{State, classify};
pub use durations::DurationChange;

use super::causes::{self, summary};
use super::run_record::{RunRecord, TestRecord};
use crate::journal::{Counts, Entry, SelectionScope};

/// What changed between runs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Comparison {
    /// The runs, in the given order.
    pub runs: Vec<RunLine>,
    /// The number of tests in each class; the sum is `tests`.
    pub counts: BTreeMap<Class, usize>,
    /// The number of tests in any of the runs.
    pub tests: usize,
    /// The tests of every class but `Unchanged`, by class and id.
    pub changes: Vec<TestChange>,
    /// Tests that passed before on the same cloud and again, with a duration that changed by
    /// more than noise.
    pub durations: Vec<DurationChange>,
    /// The median ratio of the durations of all tests that passed.
    pub pace: Option<f64>,
}

/// One of the runs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RunLine {
    /// Its id.
    pub run: String,
    /// Its cloud.
    pub cloud: String,
    /// When it started.
    pub started: Option<Timestamp>,
    /// How long it took.
    pub duration_ms: u64,
    /// Its verdicts, counted.
    pub counts: Counts,
    /// Tests without a verdict, if the journal is incomplete.
    pub without_verdict: usize,
}

/// One test that changed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TestChange {
    /// The test's id.
    pub test: String,
    /// What changed.
    pub class: Class,
    /// Its verdict in each run, as a word; `None` if it was not selected.
    pub history: Vec<Option<&'static str>>,
    /// The failure, or the reason for skipping, in the earlier run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_before: Option<String>,
    /// The failure, or the reason for skipping, in the last run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_after: Option<String>,
    /// Whether it fails with another cause than before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub message_changed: bool,
}

impl Comparison {
    /// Compares runs by their events, oldest first.
    pub fn of(runs: &[Vec<Entry>]) -> Self {
        let run_records: Vec<RunRecord> = runs.iter().map(RunRecord::of).collect();
        let mut by_test: BTreeMap<&str, Vec<Option<&TestRecord>>> = BTreeMap::new();
        for (index, run_record) in run_records.iter().enumerate() {
            for record in &run_record.records {
                by_test.entry(&record.id).or_insert_with(|| vec![None; run_records.len()])[index] =
                    Some(record);
            }
        }
        let reselects: Vec<bool> =
            run_records.iter().map(|earlier| reselects(run_records.last(), earlier)).collect();
        let mut changes: Vec<TestChange> = by_test
            .iter()
            .map(|(test, records)| TestChange::of(test, records, |run| reselects[run]))
            .collect();
        let mut counts = BTreeMap::new();
        for change in &changes {
            *counts.entry(change.class).or_default() += 1;
        }
        changes.retain(|change| change.class != Class::Unchanged);
        changes.sort_by(|a, b| (a.class, &a.test).cmp(&(b.class, &b.test)));
        let runs: Vec<RunLine> = run_records.iter().map(RunLine::of).collect();
        let cloud = runs.last().map(|run| run.cloud.as_str());
        let same_cloud: Vec<bool> = runs.iter().map(|run| Some(&*run.cloud) == cloud).collect();
        let (durations, pace) = durations::changed(&by_test, &same_cloud);
        Self { runs, counts, tests: by_test.len(), changes, durations, pace }
    }

    /// Whether a test is newly failing, was removed, or did not run any more.
    pub fn has_regressed(&self) -> bool {
        self.changes.iter().any(|change| change.class.is_regression())
    }

    /// Returns the tests of a class.
    pub(super) fn of_class(&self, class: Class) -> impl Iterator<Item = &TestChange> {
        self.changes.iter().filter(move |change| change.class == class)
    }

    /// Returns the comparison as one JSON document.
    ///
    /// # Errors
    /// The comparison cannot be serialized.
    pub fn json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Returns the comparison as text for a terminal.
    pub fn terminal(&self, colour: bool) -> String {
        terminal::text(self, colour)
    }

    /// Returns the comparison as a self-contained HTML page.
    ///
    /// # Errors
    /// The template cannot be rendered.
    pub fn html(&self) -> Result<String, askama::Error> {
        html::page(self)
    }
}

impl RunLine {
    pub(in crate::report) fn of(run_record: &RunRecord) -> Self {
        let header = run_record.header.as_ref();
        Self {
            run: header.map_or_else(|| "?".to_owned(), |header| header.run.clone()),
            cloud: header.map_or_else(String::new, |header| header.cloud.clone()),
            started: run_record.span.map(|(since, _)| since),
            duration_ms: run_record.duration_ms(),
            counts: run_record.counts(),
            without_verdict: run_record.open(),
        }
    }
}

impl TestChange {
    fn of(test: &str, records: &[Option<&TestRecord>], reselects: impl Fn(usize) -> bool) -> Self {
        let states: Vec<State> = records.iter().map(|record| State::of(*record)).collect();
        let (before, class) = classify(&states, reselects);
        let before = before.and_then(|index| records[index]);
        let after = records.last().copied().flatten();
        let bad_twice = [before, after].iter().all(|record| State::of(*record) == State::Bad);
        Self {
            test: test.to_owned(),
            class,
            history: records.iter().map(|record| record.map(TestRecord::word)).collect(),
            message_before: before.and_then(message),
            message_after: after.and_then(message),
            message_changed: bad_twice && before.map(causes::of) != after.map(causes::of),
        }
    }
}

/// Whether a run would select every test of an earlier one that still exists: it selects all
/// tests, or by the same filters.
fn reselects(last: Option<&RunRecord>, earlier: &RunRecord) -> bool {
    let header = |record: &RunRecord| record.header.clone();
    let Some((last, earlier)) = last.and_then(header).zip(header(earlier)) else { return false };
    match (last.scope(), earlier.scope()) {
        (SelectionScope::All, _) => true,
        (SelectionScope::Filter, SelectionScope::Filter) => last.selection == earlier.selection,
        _ => false,
    }
}

fn message(record: &TestRecord) -> Option<String> {
    let text = record.verdict.as_ref().map(summary).filter(|text| !text.is_empty());
    match record.verdict {
        None => Some("no verdict: the journal is incomplete".to_owned()),
        Some(_) => text,
    }
}

/// Each test's record in each run.
type ByTest<'a> = BTreeMap<&'a str, Vec<Option<&'a TestRecord>>>;

#[cfg(test)]
mod tests;
