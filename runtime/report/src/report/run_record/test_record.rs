//! The record of one test.

use jiff::Timestamp;

use super::{Evidence, millis};
use crate::journal::{TestResult, Verdict};

/// A test with its verdict, attempts and evidence.
#[derive(Debug, Default)]
pub(in crate::report) struct TestRecord {
    pub(in crate::report) id: String,
    /// Its path in the source; the id if unknown.
    pub(in crate::report) name: String,
    pub(in crate::report) package: String,
    /// `None` if the journal ends before.
    pub(in crate::report) verdict: Option<Verdict>,
    /// How long its body took, or how long it ran if its process was lost.
    pub(in crate::report) duration_ms: u64,
    /// Every attempt.
    pub(in crate::report) attempts: Vec<Attempt>,
    /// The evidence; `None` if it passed or was skipped.
    pub(in crate::report) evidence: Option<Box<Evidence>>,
}

/// One attempt at a test, from its start to the end of its cleanup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) struct Attempt {
    /// Its lane.
    pub(in crate::report) lane: usize,
    pub(in crate::report) from: Timestamp,
    /// `None` if the journal ends before.
    pub(in crate::report) until: Option<Timestamp>,
}

/// What the ids of fixtures begin with, and those of tests cannot.
const FIXTURE: &str = "fixture of ";

impl TestRecord {
    pub(super) fn of(test: &str) -> Self {
        Self { id: test.to_owned(), name: test.to_owned(), ..Self::default() }
    }

    /// The record of a suite's fixture.
    pub(super) fn of_fixture(suite: &str) -> Self {
        let id = format!("{FIXTURE}{suite}");
        Self { name: id.clone(), id, ..Self::default() }
    }

    /// Whether it is the record of a suite's fixture.
    pub(in crate::report) fn is_fixture(&self) -> bool {
        self.id.starts_with(FIXTURE)
    }

    /// Starts an attempt, and drops the evidence of earlier ones.
    pub(super) fn start(&mut self, lane: usize, from: Timestamp) {
        self.attempts.push(Attempt { lane, from, until: None });
        self.evidence = None;
    }

    pub(super) fn stop(&mut self, at: Timestamp) {
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.until.get_or_insert(at);
        }
    }

    pub(super) fn finish(&mut self, result: &TestResult) {
        if !result.verdict.is_bad() {
            self.evidence = None;
        }
        let under_way = |attempt: &Attempt| millis(attempt.from, attempt.until?).into();
        self.duration_ms = match result.duration_ms {
            0 => self.attempts.last().and_then(under_way).unwrap_or_default(),
            known => known,
        };
        self.verdict = Some(result.verdict.clone());
    }

    pub(super) fn evidence(&mut self) -> &mut Evidence {
        self.evidence.get_or_insert_default()
    }

    /// Whether it is running: started, but without a verdict.
    pub(in crate::report) fn is_under_way(&self) -> bool {
        self.verdict.is_none() && !self.attempts.is_empty()
    }

    /// Returns the word for its verdict.
    pub(in crate::report) fn word(&self) -> &'static str {
        self.verdict.as_ref().map_or("no verdict", Verdict::word)
    }

    /// Returns the lane of its last attempt.
    pub(in crate::report) fn lane(&self) -> Option<usize> {
        self.attempts.last().map(|attempt| attempt.lane)
    }
}
