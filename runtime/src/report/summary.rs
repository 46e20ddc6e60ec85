//! A run in numbers and groups: the JSON summary, and what the page is made of.

use jiff::Timestamp;
use serde::Serialize;
use squall_model::Microversion;

use super::causes::{group, summary as said};
use super::outline::Paint;
use super::story::{Calls, Story, Tale, millis};
use super::{causes, evidence};
use crate::client::Exchange;
use crate::journal::{Counts, Entry, Verdict};
use crate::services;

/// Gives the summary of a run as one JSON document.
///
/// # Errors
/// JSON that cannot be written; nothing in a journal is known to cause that.
pub fn summary<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> serde_json::Result<String> {
    let story = Story::of(entries);
    Ok(serde_json::to_string_pretty(&Summary::of(&story))? + "\n")
}

/// A run in numbers and groups.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Summary<'a> {
    pub(super) run: &'a str,
    pub(super) squall: &'a str,
    pub(super) cloud: &'a str,
    pub(super) seed: u64,
    pub(super) jobs: usize,
    pub(super) selection: &'a str,
    pub(super) started: Option<Timestamp>,
    pub(super) duration_ms: u64,
    /// Whether the journal comes to its end.
    pub(super) complete: bool,
    pub(super) exit_code: Option<u8>,
    pub(super) refused: &'a [String],
    pub(super) counts: Counts,
    /// Tests without a verdict, where the journal breaks off; with `counts` they add
    /// up to what was selected.
    pub(super) without_verdict: usize,
    pub(super) causes: Vec<Group<'a>>,
    pub(super) skipped: Vec<Fate<'a>>,
    pub(super) not_run: Vec<Fate<'a>>,
    pub(super) left: Vec<String>,
    pub(super) tests: Vec<Line<'a>>,
    pub(super) services: Vec<Coverage<'a>>,
    pub(super) operations: Vec<Operation<'a>>,
}

/// Failures with one cause.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Group<'a> {
    pub(super) signature: String,
    pub(super) count: usize,
    pub(super) verdict: &'static str,
    pub(super) message: String,
    pub(super) tests: Vec<&'a str>,
    pub(super) sample: Sample<'a>,
}

/// The test whose evidence stands for its group.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Sample<'a> {
    pub(super) test: &'a str,
    /// The place in the source, or what the process last wrote.
    pub(super) reason: Vec<String>,
    /// Waits in vain, and notes.
    pub(super) seen: Vec<String>,
    /// How many requests it sent before it undid what it made.
    pub(super) sent: usize,
    /// The last of them.
    pub(super) exchanges: Vec<&'a Exchange>,
}

/// Tests that did not run for one reason.
#[derive(Debug, Serialize)]
pub(super) struct Fate<'a> {
    pub(super) reason: &'a str,
    pub(super) tests: Vec<&'a str>,
}

/// One test.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Line<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) verdict: &'static str,
    pub(super) duration_ms: u64,
    /// Milliseconds from the start of the run to its own.
    pub(super) started_ms: Option<u64>,
    pub(super) worker: Option<usize>,
    pub(super) attempts: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    /// The number of its group, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cause: Option<usize>,
}

/// How much of a service was exercised.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Coverage<'a> {
    pub(super) service: &'a str,
    pub(super) exercised: usize,
    /// How many operations its spec has.
    pub(super) operations: usize,
    pub(super) calls: usize,
    /// The microversions of its answers.
    pub(super) versions: Vec<Microversion>,
    /// What the cloud offers, in words; empty where it has no microversions.
    pub(super) offered: String,
}

/// One operation's calls, and how long they took.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Operation<'a> {
    pub(super) id: &'a str,
    pub(super) calls: usize,
    pub(super) failed: usize,
    pub(super) violating: usize,
    pub(super) median_ms: u64,
    pub(super) p95_ms: u64,
    pub(super) max_ms: u64,
    pub(super) versions: Vec<Microversion>,
}

impl<'a> Summary<'a> {
    /// Sums a run up.
    pub(super) fn of(story: &'a Story) -> Self {
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
    let numbers: std::collections::HashMap<&str, usize> = causes
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

impl Coverage<'_> {
    /// Gives the share of operations that were called.
    pub(super) fn percent(&self) -> usize {
        (self.exercised * 100).checked_div(self.operations).unwrap_or_default()
    }
}

/// Groups tests by why they did not run.
fn fates<'a>(
    story: &'a Story,
    reason: impl Fn(&'a Verdict) -> Option<&'a String>,
) -> Vec<Fate<'a>> {
    let mut by_reason: std::collections::BTreeMap<&str, Vec<&str>> =
        std::collections::BTreeMap::new();
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
    let of = |spec: &'static squall_model::ServiceSpec| {
        let known = |id: &String| spec.operation(id).is_some();
        let called: Vec<&Calls> =
            story.traffic.0.iter().filter(|(id, _)| known(id)).map(|(_, calls)| calls).collect();
        let versions: std::collections::BTreeSet<Microversion> =
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
