//! Groups failures by cause, in the same way for every report.

use std::collections::HashMap;

use super::run_record::{RunRecord, TestRecord};
use super::signature::signature;
use crate::journal::Verdict;

/// Tests that failed for the same reason.
#[derive(Debug)]
pub(super) struct Cause<'a> {
    /// The common signature of their messages.
    pub(super) signature: String,
    /// The first of them, whose evidence represents the group.
    pub(super) first: &'a TestRecord,
    /// The others.
    pub(super) others: Vec<&'a TestRecord>,
}

impl<'a> Cause<'a> {
    /// Returns all tests of the group.
    pub(super) fn tests(&self) -> impl Iterator<Item = &'a TestRecord> {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }

    /// Returns the number of tests in the group.
    pub(super) fn count(&self) -> usize {
        self.others.len() + 1
    }
}

/// Groups the failed tests by cause: the largest group first; groups of one size, and the tests
/// in a group, in the order of their ids.
pub(super) fn group(run_record: &RunRecord) -> Vec<Cause<'_>> {
    let mut causes: Vec<Cause<'_>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for record in run_record.bad() {
        let signature = of(record);
        if let Some(at) = known.get(&signature) {
            causes[*at].others.push(record);
        } else {
            known.insert(signature.clone(), causes.len());
            causes.push(Cause { signature, first: record, others: Vec::new() });
        }
    }
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.count()));
    causes
}

/// Returns the signature of a test's verdict.
///
/// Tests that time out have the same message, so their last request distinguishes them.
pub(super) fn of(record: &TestRecord) -> String {
    let Some(verdict) = &record.verdict else { return String::new() };
    let text = signature(&summary(verdict)).into_owned();
    match (verdict, record.evidence.as_ref().and_then(|evidence| evidence.exchanges.back())) {
        (Verdict::TimedOut { .. }, Some(last)) => {
            format!("{text}; last request: {}", last.operation)
        }
        _ => text,
    }
}

/// Describes a verdict in one text.
pub(super) fn summary(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Passed => String::new(),
        Verdict::Failed { failure } => failure.to_string(),
        Verdict::Flaky { failed, failure } => {
            format!("passed after {failed} failed attempts: {failure}")
        }
        Verdict::KnownBug { bug, failure } => format!("{bug}: {failure}"),
        Verdict::Skipped { reason } | Verdict::NotRun { reason } => reason.clone(),
        Verdict::TimedOut { after_ms, blocked } => {
            let seconds = std::time::Duration::from_millis(*after_ms).as_secs_f64();
            let how = if *blocked { " and blocked its thread" } else { "" };
            format!("did not finish within {seconds} s{how}")
        }
        Verdict::Crashed { how, .. } => format!("crashed its process: {how}"),
    }
}
