//! What became of one test.

use jiff::Timestamp;

use super::{Evidence, millis};
use crate::journal::{TestResult, Verdict};

/// A test, and what became of it.
#[derive(Debug, Default)]
pub(in crate::report) struct Tale {
    pub(in crate::report) id: String,
    /// Its name in the source; the id where nobody told it.
    pub(in crate::report) name: String,
    pub(in crate::report) package: String,
    /// None where the journal breaks off before.
    pub(in crate::report) verdict: Option<Verdict>,
    /// How long its body took; how long it was under way, where its process was lost.
    pub(in crate::report) duration_ms: u64,
    /// Each time that it was started.
    pub(in crate::report) attempts: Vec<Attempt>,
    /// What shows why it did not pass; none where it passed, or was skipped.
    pub(in crate::report) evidence: Option<Box<Evidence>>,
}

/// One time that a test ran, from its start to the end of its cleanup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) struct Attempt {
    /// The place in the run that it had.
    pub(in crate::report) lane: usize,
    pub(in crate::report) from: Timestamp,
    /// None where the journal breaks off before.
    pub(in crate::report) until: Option<Timestamp>,
}

impl Tale {
    pub(super) fn of(test: &str) -> Self {
        Self { id: test.to_owned(), name: test.to_owned(), ..Self::default() }
    }

    /// What a suite sets up, told as a test is.
    pub(super) fn of_fixture(suite: &str) -> Self {
        let id = format!("fixture of {suite}");
        Self { name: id.clone(), id, ..Self::default() }
    }

    /// It starts; what an earlier attempt left as evidence shows nothing of this one.
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

    /// Tells whether it was started and did not end.
    pub(in crate::report) fn is_under_way(&self) -> bool {
        self.verdict.is_none() && !self.attempts.is_empty()
    }

    /// Gives the word for what became of it.
    pub(in crate::report) fn word(&self) -> &'static str {
        self.verdict.as_ref().map_or("no verdict", Verdict::word)
    }

    /// Gives the place it had in the run, the last where it had several.
    pub(in crate::report) fn lane(&self) -> Option<usize> {
        self.attempts.last().map(|attempt| attempt.lane)
    }
}
