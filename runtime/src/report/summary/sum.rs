//! From a run's story to its numbers and groups.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use squall_model::{Microversion, ServiceSpec};

use super::{Coverage, Fate, Group, Line, Operation, Sample, Summary};
use crate::journal::Verdict;
use crate::report::causes::{self, group, summary as said};
use crate::report::evidence;
use crate::report::outline::Paint;
use crate::report::story::{Calls, Story, Tale, millis};
use crate::services;

impl<'a> Summary<'a> {
    /// Sums a run up.
    pub(in crate::report) fn of(story: &'a Story) -> Self {
        let header = story.header.as_ref();
        let causes = group(story);
        let groups: Vec<Group<'a>> = causes.iter().map(Group::of).collect();
        let mut tests: Vec<Line<'a>> =
            story.tales.iter().map(|tale| Line::of(tale, story)).collect();
        mark(&mut tests, &causes);
        Self {
            run: header.map_or("", |header| &header.run),
            squall: header.map_or("", |header| &header.squall),
            cloud: header.map_or("", |header| &header.cloud),
            seed: header.map_or(0, |header| header.seed),
            jobs: header.map_or(0, |header| header.jobs),
            accounts: header
                .and_then(|header| header.accounts.as_deref())
                .map(|accounts| accounts.to_string_lossy()),
            selection: header.map_or("", |header| &header.selection),
            started: story.span.map(|(since, _)| since),
            duration_ms: story.duration_ms(),
            complete: story.end.is_some(),
            exit_code: story.end.map(|end| end.exit_code),
            refused: story.refused.as_deref().unwrap_or_default(),
            counts: story.counts(),
            without_verdict: story.open(),
            causes: groups,
            skipped: fates(story, |verdict| match verdict {
                Verdict::Skipped { reason } => Some(reason),
                _ => None,
            }),
            not_run: fates(story, |verdict| match verdict {
                Verdict::NotRun { reason } => Some(reason),
                _ => None,
            }),
            left: story.left.left.iter().map(ToString::to_string).collect(),
            tests,
            services: coverage(story),
            operations: story.traffic.0.iter().map(Operation::of).collect(),
        }
    }
}

/// Tells each test of a group which it is.
fn mark(tests: &mut [Line<'_>], causes: &[causes::Cause<'_>]) {
    let numbers: HashMap<&str, usize> = causes
        .iter()
        .enumerate()
        .flat_map(|(index, cause)| cause.tests().map(move |tale| (tale.id.as_str(), index + 1)))
        .collect();
    for test in tests {
        test.cause = numbers.get(test.id).copied();
    }
}

impl<'a> Group<'a> {
    fn of(cause: &causes::Cause<'a>) -> Self {
        let tale = cause.first;
        let evidence = tale.evidence.as_deref();
        Self {
            signature: cause.signature.clone(),
            count: cause.count(),
            verdict: tale.word(),
            message: tale.verdict.as_ref().map(said).unwrap_or_default(),
            tests: cause.tests().map(|tale| tale.id.as_str()).collect(),
            sample: Sample {
                test: &tale.id,
                reason: tale.verdict.as_ref().map_or_else(Vec::new, |verdict| {
                    let message = said(verdict).lines().count();
                    evidence::reason(verdict, Paint(false)).split_off(message)
                }),
                seen: evidence.map(evidence::seen).unwrap_or_default(),
                sent: evidence.map_or(0, |evidence| evidence.sent),
                exchanges: evidence.map_or_else(Vec::new, |e| e.exchanges.iter().collect()),
            },
        }
    }
}

impl<'a> Line<'a> {
    fn of(tale: &'a Tale, story: &Story) -> Self {
        let since = story.span.map(|(since, _)| since);
        let first = tale.attempts.first().map(|attempt| attempt.from);
        Self {
            id: &tale.id,
            name: &tale.name,
            verdict: tale.word(),
            duration_ms: tale.duration_ms,
            started_ms: since.zip(first).map(|(since, first)| millis(since, first)),
            worker: tale.lane(),
            attempts: tale.attempts.len(),
            message: tale.verdict.as_ref().map(said).filter(|text| !text.is_empty()),
            cause: None,
        }
    }
}

impl<'a> Operation<'a> {
    fn of((id, calls): (&'a String, &Calls)) -> Self {
        let [median_ms, p95_ms, max_ms] = calls.percentiles([50, 95, 100]);
        Self {
            id,
            calls: calls.count(),
            failed: calls.failed,
            violating: calls.violating,
            median_ms,
            p95_ms,
            max_ms,
            versions: calls.versions.iter().copied().collect(),
        }
    }
}

/// Groups tests by why they did not run.
fn fates<'a>(
    story: &'a Story,
    reason: impl Fn(&'a Verdict) -> Option<&'a String>,
) -> Vec<Fate<'a>> {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for tale in &story.tales {
        if let Some(reason) = tale.verdict.as_ref().and_then(&reason) {
            by_reason.entry(reason).or_default().push(&tale.id);
        }
    }
    by_reason.into_iter().map(|(reason, tests)| Fate { reason, tests }).collect()
}

/// Gives how much of each service's operations was called; what a session does by
/// itself is no operation.
fn coverage(story: &Story) -> Vec<Coverage<'static>> {
    let of = |spec: &'static ServiceSpec| {
        let known = |id: &String| spec.operation(id).is_some();
        let called: Vec<&Calls> =
            story.traffic.0.iter().filter(|(id, _)| known(id)).map(|(_, calls)| calls).collect();
        let versions: BTreeSet<Microversion> =
            called.iter().flat_map(|calls| calls.versions.iter().copied()).collect();
        let offer = story.offers.iter().find(|offer| offer.service == spec.name);
        Coverage {
            service: spec.name,
            exercised: called.len(),
            operations: spec.operations.len(),
            calls: called.iter().map(|calls| calls.count()).sum(),
            versions: versions.into_iter().collect(),
            offered: offer
                .filter(|offer| offer.versions.max.is_some())
                .map(|offer| offer.versions.to_string())
                .unwrap_or_default(),
        }
    };
    services::all().into_iter().map(of).filter(|service| service.calls > 0).collect()
}
