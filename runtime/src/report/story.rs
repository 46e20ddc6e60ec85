//! What a run's events add up to: the one thing that terminal reports are made of.

use std::collections::HashMap;

use crate::cleanup::Outcome;
use crate::client::Exchange;
use crate::journal::{Counts, Entry, Event, Header, TestResult, Verdict, WaitReport};

/// How many of a test's last exchanges are kept as evidence.
const LAST: usize = 5;

/// A run, as far as its events tell it.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub(super) header: Option<Header>,
    /// What cannot be undone, at the end of the run.
    pub(super) left: Outcome,
    pub(super) refused: Option<Vec<String>>,
    pub(super) results: Vec<TestResult>,
    pub(super) interrupted: u32,
    pub(super) end: Option<Ended>,
    evidence: HashMap<String, Evidence>,
}

/// The last line of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended {
    pub(super) counts: Counts,
    pub(super) duration_ms: u64,
    pub(super) exit_code: u8,
}

/// What shows why a test did not pass.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// Its last exchanges.
    pub(super) exchanges: Vec<Exchange>,
    /// Its waits that were in vain.
    pub(super) waits: Vec<WaitReport>,
    /// What it noted itself.
    pub(super) notes: Vec<(String, String)>,
    closed: bool,
}

impl Story {
    /// Takes in an event.
    pub(super) fn add(&mut self, entry: &Entry) {
        match &entry.event {
            Event::RunStarted(header) => self.header = Some(header.clone()),
            Event::CloudRefused { cause } => self.refused = Some(cause.clone()),
            Event::TestStarted { test, .. } => {
                // A second attempt starts from nothing.
                self.evidence.insert(test.clone(), Evidence::default());
            }
            Event::Exchange { test: Some(test), exchange } => {
                let evidence = self.evidence.entry(test.clone()).or_default();
                // What is sent to undo things shows nothing of why the test failed.
                if !evidence.closed {
                    if evidence.exchanges.len() == LAST {
                        evidence.exchanges.remove(0);
                    }
                    evidence.exchanges.push((**exchange).clone());
                }
            }
            Event::TestUndoing { test } => {
                self.evidence.entry(test.clone()).or_default().closed = true;
            }
            Event::Wait { test, wait } if wait.error.is_some() => {
                self.evidence.entry(test.clone()).or_default().waits.push(wait.clone());
            }
            Event::Note { test, key, value } => {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                self.evidence.entry(test.clone()).or_default().notes.push((key.clone(), value));
            }
            Event::Cleanup { test: None, outcome } => self.left = outcome.clone(),
            Event::TestFinished(result) => {
                if !result.verdict.is_bad() {
                    self.evidence.remove(&result.test);
                }
                self.results.push(result.clone());
            }
            Event::Interrupted { times } => self.interrupted = *times,
            Event::RunFinished { counts, duration_ms, exit_code } => {
                let (counts, duration_ms, exit_code) = (*counts, *duration_ms, *exit_code);
                self.end = Some(Ended { counts, duration_ms, exit_code });
            }
            _ => {}
        }
    }

    /// Gives the tests that did not pass and were not skipped, in their order.
    pub(super) fn bad(&self) -> Vec<&TestResult> {
        let mut bad: Vec<&TestResult> = self
            .results
            .iter()
            .filter(|result| {
                result.verdict.is_bad() && !matches!(result.verdict, Verdict::NotRun { .. })
            })
            .collect();
        bad.sort_by(|a, b| a.test.cmp(&b.test));
        bad
    }

    /// Gives what shows why a test did not pass.
    pub(super) fn evidence(&self, test: &str) -> Option<&Evidence> {
        self.evidence.get(test)
    }

    /// Gives what became of the tests, also of a run whose journal breaks off.
    pub(super) fn counts(&self) -> Counts {
        self.end.map_or_else(
            || {
                let selected = self.header.as_ref().map_or(0, |header| header.tests.len());
                let mut counts = Counts::of(selected);
                self.results.iter().for_each(|result| counts.add(&result.verdict));
                counts
            },
            |end| end.counts,
        )
    }
}
