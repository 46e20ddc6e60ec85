//! What a journal and logs say together.

use serde_json::{Value, json};

use super::*;

const AT: &str = "2026-01-02T03:04:05Z";
const BODY: &str = "req-3f0c1fd4-6f1e-4a2b-9d51-0d1b5f3c2a11";
const NAME: &str = "req-00000000-6f1e-4a2b-9d51-0d1b5f3c2a11";

fn entry(event: &Value) -> Entry {
    serde_json::from_value(json!({ "at": AT, "event": event })).unwrap()
}

fn failure(operation: &str, status: Option<u16>, rule: &str, id: Option<&str>) -> Value {
    let answered = match status {
        Some(status) => json!({ "refused": status }),
        None => json!("accepted"),
    };
    let said = match status {
        Some(status) => format!("the service answered {status}: volume {}", operation.len()),
        None => String::new(),
    };
    json!({ "message": "failed\nagain: curl", "request_id": id, "answer": {
        "operation": operation, "answered": answered, "said": said, "rule": rule,
        "curl": format!("curl -X POST {operation}"),
    }})
}

fn run(verdicts: &[(&str, Value)]) -> Vec<Entry> {
    let tests: Vec<Value> = verdicts
        .iter()
        .map(|(test, _)| json!({ "id": test, "name": test, "package": "acme" }))
        .collect();
    let mut entries = vec![entry(&json!({
        "type": "run-started", "run": "run-1", "squall": "0.1.0", "cloud": "staging", "seed": 7,
        "jobs": 1, "timeout-scale": 1.0, "selection": "", "tests": tests,
    }))];
    for (test, verdict) in verdicts {
        entries.push(entry(&json!({
            "type": "test-finished", "test": test, "verdict": verdict, "duration-ms": 1,
        })));
    }
    entries
}

fn failed(failure: &Value) -> Value {
    json!({ "is": "failed", "failure": failure })
}

/// Three tests that one exception ends, one that is accepted, two of a lax service, and one that
/// keeps no answer.
fn five_causes() -> Vec<Entry> {
    let by_body = |operation, rule, id| failure(operation, Some(500), rule, Some(id));
    let lax = |operation| failed(&failure(operation, None, "maxLength of the body", None));
    run(&[
        ("negative.volume.a", failed(&by_body("volume.a.create", "required of the body", BODY))),
        ("negative.volume.b", failed(&by_body("volume.b.create", "type of the body", BODY))),
        (
            "negative.volume.c",
            json!({
                "is": "known-bug", "bug": "volume/null-body: It is taken for granted.",
                "failure": by_body("volume.c.create", "type of the body", BODY),
            }),
        ),
        ("negative.volume.d", failed(&refused("volume.d.create"))),
        ("negative.network.e", lax("network.e.create")),
        ("negative.network.f", lax("network.f.update")),
        ("network.ports.bind", failed(&json!({ "message": "port 7 is DOWN after 3 s" }))),
        ("network.ports.list", json!({ "is": "passed" })),
    ])
}

fn refused(operation: &str) -> Value {
    failure(operation, Some(409), "type of the body", Some("req-unknown"))
}

fn log() -> ServiceLog {
    let at: jiff::Timestamp = AT.parse().unwrap();
    let at = at.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let traceback = |id: &str, function: &str, exception: &str| {
        let line = |rest: &str| format!("{at}.123 7 ERROR cinder.api.wsgi {rest}\n");
        [
            line(&format!("[None {id} 0a 1b - - default default] Caught error: {exception}")),
            line("Traceback (most recent call last):"),
            line(&format!("  File \"/v/site-packages/cinder/api/b.py\", line 9, in {function}")),
            line(exception),
            line(""),
        ]
        .concat()
    };
    let text = traceback(BODY, "wrapper", "KeyError: 'body'")
        + &traceback(NAME, "strip", "AttributeError: 'int' object has no attribute 'strip'");
    ServiceLog { package: "cinder".to_owned(), text }
}

#[test]
fn tests_that_one_exception_ends_are_one_finding() {
    let findings = Findings::of(&five_causes(), &[log()]);
    let volume: Vec<(&RunFinding, usize)> = findings
        .findings
        .iter()
        .filter(|one| one.service == "volume")
        .map(|one| (one, one.tests.len()))
        .collect();
    let (first, tests) = volume[0];
    assert_eq!(
        (first.tests.as_slice(), tests),
        (&["negative.volume.a".to_owned(), "negative.volume.b".to_owned()][..], 2)
    );
    let exception = first.exception.as_ref().unwrap();
    assert_eq!(
        (exception.class.as_str(), exception.symbol.as_str()),
        ("KeyError", "cinder.api.b.wrapper")
    );
    assert_eq!(findings.open(), findings.findings.len() - 1);
    assert_eq!(findings.unnoticed.len(), 1);
    assert_eq!(findings.unnoticed[0].symbol, "cinder.api.b.strip");
}

#[test]
fn without_a_log_the_rule_and_what_was_said_are_the_cause() {
    let findings = Findings::of(&five_causes(), &[]);
    let causes: Vec<(&str, String, usize)> = findings
        .findings
        .iter()
        .map(|one| (one.rule.as_str(), one.answered.to_string(), one.tests.len()))
        .collect();
    assert_eq!(
        causes,
        [
            ("maxLength of the body", "accepted".to_owned(), 2),
            ("", "accepted".to_owned(), 1),
            ("type of the body", "409".to_owned(), 1),
            ("required of the body", "500".to_owned(), 1),
            ("type of the body", "500".to_owned(), 1),
            ("type of the body", "500".to_owned(), 1),
        ]
        .map(|(rule, answered, tests)| (rule, answered, tests))
    );
}

#[test]
fn people_read_causes_with_their_tests_and_requests() {
    let findings = Findings::of(&five_causes(), &[log()]);
    insta::assert_snapshot!(findings.terminal(false, false));
}

#[test]
fn a_draft_leaves_empty_what_a_person_has_to_say() {
    let findings = Findings::of(&five_causes(), &[log()]);
    let packages = BTreeMap::from([("volume".to_owned(), "cinder 29.0.0".to_owned())]);
    insta::assert_snapshot!(findings.draft(&packages, "2026-07-01".parse().unwrap()));
}
