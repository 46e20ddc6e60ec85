//! Computes the summary of a run.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use squall_model::{Microversion, ServiceSpec};

use super::{Coverage, Group, Line, Operation, ReasonGroup, Sample, Summary};
use crate::journal::{Header, Verdict};
use crate::program;
use crate::report::causes::{self, group, summary as said};
use crate::report::evidence;
use crate::report::outline::{Paint, shell};
use crate::report::run_record::{Calls, RunRecord, TestRecord, millis};

impl<'a> Summary<'a> {
    /// Summarizes a run.
    pub(in crate::report) fn of(run_record: &'a RunRecord, specs: &[&'static ServiceSpec]) -> Self {
        let header = run_record.header.as_ref();
        let causes = group(run_record);
        let groups: Vec<Group<'a>> = causes.iter().map(Group::of).collect();
        let mut tests: Vec<Line<'a>> =
            run_record.records.iter().map(|record| Line::of(record, run_record)).collect();
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
            run_again: header.map_or_else(String::new, run_again),
            started: run_record.span.map(|(since, _)| since),
            duration_ms: run_record.duration_ms(),
            complete: run_record.end.is_some(),
            exit_code: run_record.end.map(|end| end.exit_code),
            refused: run_record.refused.as_deref().unwrap_or_default(),
            counts: run_record.counts(),
            without_verdict: run_record.open(),
            causes: groups,
            skipped: by_reason(run_record, |verdict| match verdict {
                Verdict::Skipped { reason } => Some(reason),
                _ => None,
            }),
            not_run: by_reason(run_record, |verdict| match verdict {
                Verdict::NotRun { reason } => Some(reason),
                _ => None,
            }),
            left: run_record
                .left
                .left
                .iter()
                .map(ToString::to_string)
                .chain(run_record.left.unknown.iter().map(|why| format!("not known: {why}")))
                .collect(),
            tests,
            services: coverage(run_record, specs),
            operations: run_record.traffic.0.iter().map(Operation::of).collect(),
        }
    }
}

/// Returns the command that runs the same tests again. Older journals do not have all of its
/// options.
fn run_again(header: &Header) -> String {
    let mut again = header.again.clone();
    if again.is_empty() {
        again = vec!["--seed".to_owned(), header.seed.to_string()];
        again.extend(["--jobs".to_owned(), header.jobs.to_string()]);
        if header.cloud != EMBEDDED {
            again.extend(["--cloud".to_owned(), header.cloud.clone()]);
        }
        if let Some(accounts) = &header.accounts {
            again.extend(["--accounts".to_owned(), accounts.display().to_string()]);
        }
        again.extend(Some(header.selection.clone()).filter(|selection| !selection.is_empty()));
    }
    format!("{} run {}", program::name(), shell(again.iter().map(String::as_str)))
}

/// The name of the embedded cloud in older journals.
const EMBEDDED: &str = "embedded";

/// Sets the cause of every test in a group.
fn mark(tests: &mut [Line<'_>], causes: &[causes::Cause<'_>]) {
    let numbers: HashMap<&str, usize> = causes
        .iter()
        .enumerate()
        .flat_map(|(index, cause)| cause.tests().map(move |record| (record.id.as_str(), index + 1)))
        .collect();
    for test in tests {
        test.cause = numbers.get(test.id).copied();
    }
}

impl<'a> Group<'a> {
    fn of(cause: &causes::Cause<'a>) -> Self {
        let record = cause.first;
        let evidence = record.evidence.as_deref();
        Self {
            signature: cause.signature.clone(),
            count: cause.count(),
            verdict: record.word(),
            message: record.verdict.as_ref().map(said).unwrap_or_default(),
            tests: cause.tests().map(|record| record.id.as_str()).collect(),
            sample: Sample {
                test: &record.id,
                reason: record.verdict.as_ref().map_or_else(Vec::new, |verdict| {
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
    fn of(record: &'a TestRecord, run_record: &RunRecord) -> Self {
        let since = run_record.span.map(|(since, _)| since);
        let first = record.attempts.first().map(|attempt| attempt.from);
        Self {
            id: &record.id,
            name: &record.name,
            verdict: record.word(),
            duration_ms: record.duration_ms,
            started_ms: since.zip(first).map(|(since, first)| millis(since, first)),
            worker: record.lane(),
            attempts: record.attempts.len(),
            message: record.verdict.as_ref().map(said).filter(|text| !text.is_empty()),
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

/// Groups tests by the reason they did not run.
fn by_reason<'a>(
    run_record: &'a RunRecord,
    reason: impl Fn(&'a Verdict) -> Option<&'a String>,
) -> Vec<ReasonGroup<'a>> {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for record in &run_record.records {
        if let Some(reason) = record.verdict.as_ref().and_then(&reason) {
            by_reason.entry(reason).or_default().push(&record.id);
        }
    }
    by_reason.into_iter().map(|(reason, tests)| ReasonGroup { reason, tests }).collect()
}

/// Returns the called operations of each service; the session's own requests are not
/// operations.
fn coverage(run_record: &RunRecord, specs: &[&'static ServiceSpec]) -> Vec<Coverage<'static>> {
    let of = |spec: &'static ServiceSpec| {
        let known = |id: &String| spec.operation(id).is_some();
        let called: Vec<&Calls> = run_record
            .traffic
            .0
            .iter()
            .filter(|(id, _)| known(id))
            .map(|(_, calls)| calls)
            .collect();
        let versions: BTreeSet<Microversion> =
            called.iter().flat_map(|calls| calls.versions.iter().copied()).collect();
        let offer = run_record.offers.iter().find(|offer| offer.service == spec.name);
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
    specs.iter().copied().map(of).filter(|service| service.calls > 0).collect()
}
