//! Snapshots of the report of a sample run.

mod forms;
mod secrets;
mod sums;

use serde_json::json;

use super::{Reporter, Terminal};
use crate::Failure;
use crate::journal::{Counts, Entry, Event, TestResult, Verdict};

/// Returns the terminal report of events, without times and source lines.
fn report(events: impl IntoIterator<Item = Event>) -> String {
    let mut out = Vec::new();
    let mut terminal = Terminal::new(&mut out, false);
    events.into_iter().for_each(|event| terminal.see(&Entry::now(event)));
    terminal.close().unwrap();
    String::from_utf8(out).unwrap()
}

fn started(tests: &[&str]) -> Event {
    let tests: Vec<_> = tests
        .iter()
        .map(|id| json!({"id": id, "name": format!("acme::{id}"), "package": "acme"}))
        .collect();
    serde_json::from_value(json!({
        "type": "run-started", "run": "01a2", "squall": "0.1.0", "cloud": "embedded", "seed": 7,
        "jobs": 4, "timeout-scale": 1.0, "selection": "", "tests": tests,
    }))
    .unwrap()
}

fn sent(test: &str, method: &str, path: &str, status: u16) -> Event {
    serde_json::from_value(json!({
        "type": "exchange", "test": test, "exchange": {
            "operation": "compute.servers.create", "method": method,
            "url": format!("http://cloud/v2.1{path}"), "attempt": 1,
            "started": "2026-01-01T00:00:00Z", "duration-ms": 5, "status": status,
            "version": "2.96", "request-id": "req-1", "request-headers": {},
            "response-headers": {}, "checked": "matches", "validated": true, "violations": [],
        },
    }))
    .unwrap()
}

fn finished(test: &str, verdict: Verdict) -> Event {
    Event::TestFinished(TestResult { test: test.to_owned(), verdict, duration_ms: 1200 })
}

fn ended(counts: Counts, exit_code: u8) -> Event {
    assert!(counts.reconciles());
    Event::RunFinished { counts, duration_ms: 3400, exit_code }
}

fn failed(message: &str) -> Verdict {
    Verdict::Failed { failure: Failure::new(message).with_location(None) }
}

#[test]
fn a_failure_is_shown_with_its_evidence_and_similar_failures() {
    let text = report([
        started(&["a.boot", "a.resize", "a.list", "a.move"]),
        sent("a.boot", "POST", "/servers", 202),
        Event::Note { test: "a.boot".into(), key: "flavor".into(), value: json!("m1.tiny") },
        Event::TestUndoing { test: "a.boot".into() },
        sent("a.boot", "DELETE", "/servers/1", 204),
        finished("a.boot", failed("the server is `ERROR` after 12 s")),
        finished("a.resize", failed("the server is `ERROR` after 3 s")),
        finished("a.list", Verdict::Passed),
        finished("a.move", Verdict::Skipped { reason: "needs two hosts".into() }),
        ended(Counts { selected: 4, passed: 1, failed: 2, skipped: 1, ..Counts::default() }, 1),
    ]);
    insta::assert_snapshot!(text);
}

#[test]
fn a_cloud_that_refuses_access_is_one_cause() {
    let not_run = || Verdict::NotRun { reason: "the cloud refused access".into() };
    let text = report([
        started(&["a.boot", "a.list"]),
        Event::CloudRefused { cause: vec!["connection refused".into(), "start it".into()] },
        finished("a.boot", not_run()),
        finished("a.list", not_run()),
        ended(Counts { selected: 2, not_run: 2, ..Counts::default() }, 3),
    ]);
    insta::assert_snapshot!(text);
}

#[test]
fn an_incomplete_journal_is_reported_as_such() {
    let text = report([started(&["a.boot", "a.list"]), finished("a.boot", Verdict::Passed)]);
    insta::assert_snapshot!(text);
}
