//! Grouping failures that have one cause: the same in every report.

use std::collections::HashMap;

use super::signature::signature;
use super::story::{Story, Tale};
use crate::journal::Verdict;

/// Tests that ended badly for the same reason.
#[derive(Debug)]
pub(super) struct Cause<'a> {
    /// What their messages have in common.
    pub(super) signature: String,
    /// The first of them, whose evidence stands for all.
    pub(super) first: &'a Tale,
    /// The others.
    pub(super) others: Vec<&'a Tale>,
}

impl<'a> Cause<'a> {
    /// Gives all of its tests.
    pub(super) fn tests(&self) -> impl Iterator<Item = &'a Tale> {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }

    /// Gives the number of its tests.
    pub(super) fn count(&self) -> usize {
        self.others.len() + 1
    }
}

/// Groups the tests that ran and did not pass by what went wrong: the largest group
/// first, those of a size and the tests of each in the order of their ids.
pub(super) fn group(story: &Story) -> Vec<Cause<'_>> {
    let mut causes: Vec<Cause<'_>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for tale in story.bad() {
        let signature = of(tale);
        if let Some(at) = known.get(&signature) {
            causes[*at].others.push(tale);
        } else {
            known.insert(signature.clone(), causes.len());
            causes.push(Cause { signature, first: tale, others: Vec::new() });
        }
    }
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.count()));
    causes
}

/// Gives the signature of what became of a test.
///
/// A test that did not end says nothing of why, so what it asked last tells one such
/// from another.
pub(super) fn of(tale: &Tale) -> String {
    let Some(verdict) = &tale.verdict else { return String::new() };
    let text = signature(&summary(verdict)).into_owned();
    match (verdict, tale.evidence.as_ref().and_then(|evidence| evidence.exchanges.back())) {
        (Verdict::TimedOut { .. }, Some(last)) => format!("{text}; last asked: {}", last.operation),
        _ => text,
    }
}

/// Says in one text what a verdict says.
pub(super) fn summary(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Passed => String::new(),
        Verdict::Failed { failure } => failure.to_string(),
        Verdict::Flaky { failed, failure } => {
            format!("passed after {failed} failed: {failure}")
        }
        Verdict::KnownBug { bug, failure } => format!("{bug}: {failure}"),
        Verdict::Skipped { reason } | Verdict::NotRun { reason } => reason.clone(),
        Verdict::TimedOut { after_ms, blocked } => {
            let seconds = std::time::Duration::from_millis(*after_ms).as_secs_f64();
            let how = if *blocked { ", and held on to its thread" } else { "" };
            format!("did not end within {seconds} s{how}")
        }
        Verdict::Crashed { how, .. } => format!("took its process down: {how}"),
    }
}
