//! `JUnit`'s XML, for whatever shows test results.
//!
//! A suite is a package. Failed tests are failures; those that timed out, crashed or
//! did not run are errors, with that as their type.

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
use super::story::{Story, Tale};
use crate::journal::{Entry, Header, Verdict};

/// Gives the report of a run.
///
/// # Errors
/// XML that cannot be written; nothing in a journal is known to cause that.
pub fn junit<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Result<String, SerializeError> {
    let story = Story::of(entries);
    let run = story.header.as_ref().map_or("unknown", |header| header.run.as_str());
    let mut report = Report::new(format!("squall run {run}"));
    report.set_time(Duration::from_millis(story.duration_ms()));
    report.timestamp = story.span.and_then(|(since, _)| stamp(since).parse().ok());
    let mut packages: BTreeMap<&str, Vec<&Tale>> = BTreeMap::new();
    for tale in &story.tales {
        packages.entry(&tale.package).or_default().push(tale);
    }
    report.add_test_suites(packages.into_iter().map(|(name, tales)| suite(name, &tales, &story)));
    report.to_string()
}

fn suite(name: &str, tales: &[&Tale], story: &Story) -> TestSuite {
    let mut suite = TestSuite::new(if name.is_empty() { "unknown" } else { name });
    suite.set_time(tales.iter().map(|tale| Duration::from_millis(tale.duration_ms)).sum());
    suite.timestamp = story.span.and_then(|(since, _)| stamp(since).parse().ok());
    if let Some(header) = &story.header {
        suite.add_properties(properties(header));
    }
    suite.add_test_cases(tales.iter().map(|tale| case(tale)));
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

fn case(tale: &Tale) -> TestCase {
    let mut case = TestCase::new(tale.id.as_str(), status(tale));
    let module = tale.name.rsplit_once("::").map_or("", |(module, _)| module);
    case.set_classname(module.replace("::", "."));
    case.set_time(Duration::from_millis(tale.duration_ms));
    case.timestamp = tale.attempts.last().and_then(|attempt| stamp(attempt.from).parse().ok());
    if let Some(evidence) = &tale.evidence {
        let mut lines = evidence::seen(evidence);
        lines.extend(evidence.exchanges.iter().map(evidence::exchange));
        if !lines.is_empty() {
            case.set_system_out(lines.join("\n"));
        }
    }
    case
}

fn status(tale: &Tale) -> TestCaseStatus {
    let Some(verdict) = &tale.verdict else {
        return bad(
            NonSuccessKind::Error,
            "no-verdict",
            "the journal breaks off before its end",
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

/// Writes a time as the crate reads it; milliseconds are what `JUnit`'s schema knows.
fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3f+00:00").to_string()
}
