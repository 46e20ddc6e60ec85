//! The findings of a run: what its tests hold against the services, grouped by cause.
//!
//! The logs of a cloud that was brought up here say which exception ended a request: all tests
//! that met it are one finding. Without a log, findings are grouped by service, answer, rule and
//! what the service said.

mod draft;
mod terminal;
mod traceback;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::tz::TimeZone;
use serde::Serialize;

use super::RunLine;
use super::run_record::{RunRecord, TestRecord};
use super::signature::signature;
use crate::journal::{Entry, Verdict};
use crate::{Answered, Failure};
use traceback::Traceback;

/// How much of what was said is shown.
const SAID: usize = 160;

/// The log of a service's processes.
#[derive(Debug, Clone)]
pub struct ServiceLog {
    /// The package with the service's code, as in `neutron`.
    pub package: String,
    /// What was logged.
    pub text: String,
}

/// The findings of a run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Findings {
    /// The run.
    pub run: RunLine,
    /// What tests failed for, by service; the most frequent first.
    pub findings: Vec<RunFinding>,
    /// Exceptions that services logged during the run, of which no test is a finding.
    pub unnoticed: Vec<LoggedException>,
}

/// Tests that failed for one cause.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RunFinding {
    /// The service, as in `network`.
    pub service: String,
    /// How the requests were answered.
    pub answered: Answered,
    /// The exception that the service logged, if its log is known.
    pub exception: Option<LoggedException>,
    /// What the tests held against the answer; empty if an exception says it.
    pub rule: String,
    /// What the service said, or the failure of a test that keeps no answer.
    pub said: String,
    /// The operations that were called.
    pub operations: BTreeSet<String>,
    /// The tests.
    pub tests: Vec<String>,
    /// The request of the first of them, as a `curl` line.
    pub again: String,
    /// The service's id of that request.
    pub request_id: Option<String>,
    /// The known bug that accepts all of them.
    pub accepted: Option<String>,
}

/// An exception in the log of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LoggedException {
    /// Its class.
    pub class: String,
    /// The last place in the service's own code.
    pub symbol: String,
    /// Its text, of the first time.
    pub message: String,
    /// How often it was logged.
    pub times: usize,
}

/// What findings have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    service: String,
    answered: Answered,
    /// Symbol and class of the exception, or rule and text.
    cause: (String, String),
    /// Accepted and other findings stay apart.
    accepted: Option<String>,
}

impl Findings {
    /// Groups the failures of a run, by the exceptions in these logs where they have them.
    pub fn of(entries: &[Entry], logs: &[ServiceLog]) -> Self {
        let run_record = RunRecord::of(entries);
        let tracebacks = tracebacks(&run_record, logs);
        let mut by_request: HashMap<&str, &Traceback> = HashMap::new();
        for traceback in &tracebacks {
            if let Some(id) = &traceback.request_id {
                by_request.insert(id, traceback);
            }
        }
        let mut groups: BTreeMap<Key, RunFinding> = BTreeMap::new();
        let mut noticed: BTreeSet<&str> = BTreeSet::new();
        for record in &run_record.records {
            let Some((failure, bug)) = failure(record) else { continue };
            let traceback = failure.request_id().and_then(|id| by_request.get(id).copied());
            noticed.extend(failure.request_id());
            let key = Key::of(record, failure, traceback, bug);
            let group = groups.entry(key).or_insert_with_key(|key| {
                RunFinding::new(
                    key,
                    failure,
                    traceback.map(|one| LoggedException::of(one, &tracebacks)),
                )
            });
            group.tests.push(record.id.clone());
            let operation = failure.answer().map(|answer| answer.operation.clone());
            group.operations.extend(operation.filter(|operation| !operation.is_empty()));
        }
        let mut findings: Vec<RunFinding> = groups.into_values().collect();
        findings.sort_by(|one, other| {
            let size = |finding: &RunFinding| std::cmp::Reverse(finding.tests.len());
            (&one.service, size(one)).cmp(&(&other.service, size(other)))
        });
        let is_noticed = |one: &&Traceback| {
            let is_found = |finding: &RunFinding| {
                finding.exception.as_ref().is_some_and(|found| found.is_cause(one))
            };
            one.request_id.as_deref().is_some_and(|id| noticed.contains(id))
                || findings.iter().any(is_found)
        };
        let mut unnoticed: Vec<LoggedException> = Vec::new();
        for traceback in tracebacks.iter().filter(|one| !is_noticed(one)) {
            if !unnoticed.iter().any(|one| one.is_cause(traceback)) {
                unnoticed.push(LoggedException::of(traceback, &tracebacks));
            }
        }
        unnoticed.sort_by_key(|one| std::cmp::Reverse(one.times));
        Self { run: RunLine::of(&run_record), findings, unnoticed }
    }

    /// Returns the number of causes that are not accepted.
    pub fn open(&self) -> usize {
        self.findings.iter().filter(|finding| finding.accepted.is_none()).count()
    }

    /// Returns the findings as one JSON document.
    ///
    /// # Errors
    /// They cannot be serialized.
    pub fn json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Returns the findings as text for a terminal; with every request if `all` is set.
    pub fn terminal(&self, colour: bool, all: bool) -> String {
        terminal::text(self, colour, all)
    }

    /// Returns entries for a file of accepted findings, one for each that is not accepted yet.
    /// What only a person can say is left empty. `packages` are those of the cloud's services, as
    /// in `cinder 29.0.0`.
    pub fn draft(&self, packages: &BTreeMap<String, String>, expires: jiff::civil::Date) -> String {
        draft::text(self, packages, expires)
    }
}

impl Key {
    fn of(
        record: &TestRecord,
        failure: &Failure,
        traceback: Option<&Traceback>,
        bug: Option<&str>,
    ) -> Self {
        let answer = failure.answer();
        let service = match answer.and_then(|answer| answer.operation.split('.').next()) {
            Some(service) if !service.is_empty() => service,
            // By their ids tests belong to a service: `network.ports.bind`.
            _ => record.id.split('.').next().unwrap_or_default(),
        };
        let cause = match (traceback, answer) {
            (Some(one), _) => (one.symbol.clone(), one.exception.clone()),
            // What is said of a success is about that one answer.
            (None, Some(answer))
                if answer.answered == Answered::Accepted && !answer.rule.is_empty() =>
            {
                (answer.rule.clone(), String::new())
            }
            (None, Some(answer)) if !answer.rule.is_empty() => {
                (answer.rule.clone(), signature(&answer.said).into_owned())
            }
            _ => (String::new(), signature(first_line(failure)).into_owned()),
        };
        Self {
            service: service.to_owned(),
            answered: answer.map(|answer| answer.answered).unwrap_or_default(),
            cause,
            accepted: bug.map(str::to_owned),
        }
    }
}

impl RunFinding {
    fn new(key: &Key, failure: &Failure, exception: Option<LoggedException>) -> Self {
        let answer = failure.answer().cloned().unwrap_or_default();
        let said = if answer.said.is_empty() && answer.rule.is_empty() {
            first_line(failure).to_owned()
        } else {
            answer.said
        };
        Self {
            service: key.service.clone(),
            answered: key.answered,
            rule: if exception.is_some() { String::new() } else { answer.rule },
            exception,
            said,
            operations: BTreeSet::new(),
            tests: Vec::new(),
            again: answer.curl,
            request_id: failure.request_id().map(str::to_owned),
            accepted: key.accepted.clone(),
        }
    }
}

impl LoggedException {
    /// The exception of a traceback, counted among all.
    fn of(traceback: &Traceback, all: &[Traceback]) -> Self {
        let Traceback { exception, symbol, message, .. } = traceback;
        let (class, symbol, message) = (exception.clone(), symbol.clone(), message.clone());
        let once = Self { class, symbol, message, times: 1 };
        Self { times: all.iter().filter(|one| once.is_cause(one)).count(), ..once }
    }

    fn is_cause(&self, traceback: &Traceback) -> bool {
        self.class == traceback.exception && self.symbol == traceback.symbol
    }
}

/// Returns the failure of a test that failed, and the known bug that accepts it.
fn failure(record: &TestRecord) -> Option<(&Failure, Option<&str>)> {
    match record.verdict.as_ref()? {
        Verdict::Failed { failure } => Some((failure, None)),
        Verdict::KnownBug { bug, failure } => Some((failure, Some(bug))),
        _ => None,
    }
}

fn first_line(failure: &Failure) -> &str {
    failure.message().lines().next().unwrap_or_default()
}

/// Reads the tracebacks that were logged during a run. Services write the time of this machine.
fn tracebacks(run_record: &RunRecord, logs: &[ServiceLog]) -> Vec<Traceback> {
    let Some((since, until)) = run_record.span else { return Vec::new() };
    let written = |at: jiff::Timestamp| {
        at.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    };
    let (since, until) = (written(since), written(until));
    let read = |log: &ServiceLog| traceback::read(&log.text, &log.package, &since, &until);
    logs.iter().flat_map(read).collect()
}

#[cfg(test)]
mod tests;
