//! `JUnit` XML.
//!
//! A test suite is a package. Failed tests are failures; tests that timed out, crashed or did
//! not run are errors of that type.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use quick_junit::{
    NonSuccessKind, Property, Report, SerializeError, TestCase, TestCaseStatus, TestRerun,
    TestSuite,
};

use super::causes::summary;
use super::evidence;
use super::outline::Paint;
use super::run_record::{RunRecord, TestRecord};
use crate::journal::{Entry, Header, Verdict};

/// Returns the report of a run as `JUnit` XML.
///
/// # Errors
/// The report cannot be serialized.
pub fn junit<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Result<String, SerializeError> {
    let run_record = RunRecord::of(entries);
    let run = run_record.header.as_ref().map_or("unknown", |header| header.run.as_str());
    let mut report = Report::new(format!("squall run {run}"));
    report.set_time(Duration::from_millis(run_record.duration_ms()));
    report.timestamp = run_record.span.and_then(|(since, _)| stamp(since).parse().ok());
    let mut packages: BTreeMap<&str, Vec<&TestRecord>> = BTreeMap::new();
    for record in &run_record.records {
        packages.entry(&record.package).or_default().push(record);
    }
    report.add_test_suites(
        packages.into_iter().map(|(name, records)| suite(name, &records, &run_record)),
    );
    report.to_string()
}

fn suite(name: &str, records: &[&TestRecord], run_record: &RunRecord) -> TestSuite {
    let mut suite = TestSuite::new(if name.is_empty() { "unknown" } else { name });
    suite.set_time(records.iter().map(|record| Duration::from_millis(record.duration_ms)).sum());
    suite.timestamp = run_record.span.and_then(|(since, _)| stamp(since).parse().ok());
    if let Some(header) = &run_record.header {
        suite.add_properties(properties(header));
    }
    suite.add_test_cases(records.iter().map(|record| case(record)));
    suite
}

fn properties(header: &Header) -> [Property; 5] {
    [
        Property::new("run", header.run.as_str()),
        Property::new("squall", header.squall.as_str()),
        Property::new("cloud", header.cloud.as_str()),
        Property::new("seed", header.seed.to_string()),
        Property::new("selection", header.selection.as_str()),
    ]
}

fn case(record: &TestRecord) -> TestCase {
    let mut case = TestCase::new(record.id.as_str(), status(record));
    let module = record.name.rsplit_once("::").map_or("", |(module, _)| module);
    case.set_classname(module.replace("::", "."));
    case.set_time(Duration::from_millis(record.duration_ms));
    case.timestamp = record.attempts.last().and_then(|attempt| stamp(attempt.from).parse().ok());
    if let Some(evidence) = &record.evidence {
        let mut lines = evidence::seen(evidence);
        lines.extend(evidence.exchanges.iter().map(evidence::exchange));
        if !lines.is_empty() {
            case.set_system_out(lines.join("\n"));
        }
    }
    case
}

fn status(record: &TestRecord) -> TestCaseStatus {
    let Some(verdict) = &record.verdict else {
        return bad(
            NonSuccessKind::Error,
            "no-verdict",
            "no verdict: the journal is incomplete",
            "",
        );
    };
    let text = summary(verdict);
    let lines = evidence::reason(verdict, Paint(false)).join("\n");
    match verdict {
        Verdict::Passed => TestCaseStatus::success(),
        Verdict::Flaky { failed, failure } => {
            let mut status = TestCaseStatus::success();
            for _ in 0..*failed {
                let mut rerun = TestRerun::new(NonSuccessKind::Failure);
                rerun.set_message(failure.message().lines().next().unwrap_or_default());
                status.add_rerun(rerun);
            }
            status
        }
        Verdict::KnownBug { .. } => {
            let mut status = TestCaseStatus::skipped();
            status.set_type("known-bug").set_message(text.lines().next().unwrap_or_default());
            status
        }
        Verdict::Skipped { reason } => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(reason.as_str());
            status
        }
        Verdict::Failed { .. } => bad(NonSuccessKind::Failure, "failed", &text, &lines),
        Verdict::TimedOut { .. } => bad(NonSuccessKind::Error, "timed-out", &text, &lines),
        Verdict::Crashed { .. } => bad(NonSuccessKind::Error, "crashed", &text, &lines),
        Verdict::NotRun { .. } => bad(NonSuccessKind::Error, "not-run", &text, ""),
    }
}

fn bad(kind: NonSuccessKind, what: &str, message: &str, lines: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(what).set_message(message.lines().next().unwrap_or_default());
    if !lines.is_empty() {
        status.set_description(lines);
    }
    status
}

/// Formats a time as the crate parses it, in milliseconds as `JUnit`'s schema requires.
fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3f+00:00").to_string()
}
