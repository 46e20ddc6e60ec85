//! What the journals of runs say about tests whose operations were pretended.

use serde_json::{Value, json};
use squall_model::service::{HAD_EFFECT, HAD_NO_EFFECT, PRETENDED_HEADER};

use super::*;

const AT: &str = "2026-01-02T03:04:05Z";

/// The journal of a run.
struct Run(Vec<Entry>);

impl Run {
    fn of(tests: &[&str], pretended: &Value) -> Self {
        let tests: Vec<Value> = tests
            .iter()
            .map(|test| json!({ "id": test, "name": test, "package": "acme" }))
            .collect();
        Self(Vec::new()).event(&json!({
            "type": "run-started", "run": "r", "squall": "0.1.0", "cloud": "embedded", "seed": 7,
            "jobs": 1, "timeout-scale": 1.0, "selection": "", "tests": tests,
            "pretended": pretended,
        }))
    }

    fn event(mut self, event: &Value) -> Self {
        self.0.push(serde_json::from_value(json!({ "at": AT, "event": event })).unwrap());
        self
    }

    fn starts(self, test: &str) -> Self {
        self.event(&json!({ "type": "test-started", "test": test, "attempt": 1, "timeout_ms": 1 }))
    }

    fn sends(self, test: &str, method: &str, operation: &str, status: u16) -> Self {
        self.exchange(test, method, operation, status, &json!({}))
    }

    fn pretends(self, test: &str, operation: &str, effect: &str) -> Self {
        self.exchange(test, "POST", operation, 201, &json!({ PRETENDED_HEADER: effect }))
    }

    fn exchange(
        self,
        test: &str,
        method: &str,
        operation: &str,
        status: u16,
        headers: &Value,
    ) -> Self {
        self.event(&json!({ "type": "exchange", "test": test, "exchange": {
            "operation": operation, "method": method, "url": "http://127.0.0.1/x", "attempt": 1,
            "started": AT, "duration-ms": 1, "status": status, "request-headers": {},
            "response-headers": headers, "checked": "off", "validated": false,
        }}))
    }

    fn ends(self, test: &str, verdict: &Value) -> Self {
        self.event(&json!({
            "type": "test-finished", "test": test, "verdict": verdict, "duration-ms": 1,
        }))
    }

    fn passes(self, test: &str) -> Self {
        self.ends(test, &json!({ "is": "passed" }))
    }

    fn fails(self, test: &str) -> Self {
        self.ends(test, &json!({ "is": "failed", "failure": { "message": "no such thing\nmore" } }))
    }
}

/// A run of the test `a`, which makes, changes and removes a thing.
fn first() -> Run {
    Run::of(&["a"], &json!({}))
        .starts("a")
        .sends("a", "POST", "s.things.create", 201)
        .sends("a", "PUT", "s.things.update", 200)
        .sends("a", "GET", "s.things.show", 200)
        .sends("a", "DELETE", "s.things.delete", 204)
        .passes("a")
}

/// A run of `a` in which an operation is pretended.
fn pretending(operation: &str) -> Run {
    Run::of(&["a"], &json!({ "a": [operation] })).starts("a")
}

fn outcome(proof: &Proof, operation: &str) -> Outcome {
    let mut operations = proof.tests.iter().flat_map(|test| &test.operations);
    operations.find(|proof| proof.operation == operation).unwrap().outcome.clone()
}

#[test]
fn what_the_body_changes_with_success_is_tried() {
    let run = Run::of(&["a", "b"], &json!({}))
        .sends("a", "POST", "s.fixtures.create", 201)
        .starts("a")
        .event(&json!({ "type": "test-undoing", "test": "b" }))
        .sends("a", "POST", "session.authenticate", 201)
        .sends("a", "POST", "s.things.create", 201)
        .sends("a", "POST", "s.things.refused", 409)
        .sends("a", "GET", "s.things.show", 200)
        .sends("a", "PUT", "s.things.update", 202)
        .sends("a", "PUT", "s.things.update", 202)
        .event(&json!({ "type": "test-undoing", "test": "a" }))
        .sends("a", "DELETE", "s.things.delete", 204)
        .passes("a")
        .starts("b")
        .sends("b", "POST", "s.things.create", 201)
        .fails("b");
    let proof = Proof::begin(&run.0, 7);
    let untried: Vec<_> =
        proof.untried().map(|(test, operation)| (test.test.as_str(), operation)).collect();
    assert_eq!(untried, [("a", "s.things.create"), ("a", "s.things.update")]);
    assert_eq!((proof.tests[1].verdict, &*proof.tests[1].reason), ("failed", "no such thing"));
    assert!(!proof.holds(), "a test fails by itself");
}

#[test]
fn a_test_that_passes_without_the_effect_misses_it() {
    let mut proof = Proof::begin(&first().0, 7);
    let create = pretending("s.things.create").pretends("a", "s.things.create", HAD_EFFECT);
    proof.add(&create.fails("a").0);
    let update = pretending("s.things.update").pretends("a", "s.things.update", HAD_EFFECT);
    proof.add(&update.passes("a").0);
    let delete = pretending("s.things.delete").pretends("a", "s.things.delete", HAD_EFFECT);
    let late = json!({ "is": "timed-out", "after_ms": 10_000, "blocked": false });
    proof.add(&delete.ends("a", &late).0);
    assert_eq!(proof.noticed(), 2);
    proof.end(&[]);
    let how = "failed: no such thing".to_owned();
    assert_eq!(outcome(&proof, "s.things.create"), Outcome::Noticed { how });
    assert_eq!(outcome(&proof, "s.things.update"), Outcome::Missed);
    assert!(!proof.holds());
    let text = proof.terminal(false, false);
    assert!(text.contains("run 'id(a)' --pretend s.things.update"), "{text}");
    assert!(!text.contains("s.things.create"), "{text}");
    let total = "1 test, seed 7: 2 of 3 operations that have an effect noticed, 1 missed";
    assert_eq!(text.lines().last(), Some(total));
    let all = proof.terminal(true, false);
    assert!(all.contains("noticed  s.things.create  failed: no such thing"), "{all}");
    assert!(all.contains("noticed  s.things.delete  timed out: "), "{all}");
}

#[test]
fn what_fails_for_another_reason_proves_nothing() {
    let mut proof = Proof::begin(&first().0, 7);
    proof.add(&pretending("s.things.create").fails("a").0);
    let update = pretending("s.things.update").pretends("a", "s.things.update", HAD_NO_EFFECT);
    proof.add(&update.fails("a").0);
    let skipped = json!({ "is": "skipped", "reason": "no room" });
    proof.add(&pretending("s.things.delete").ends("a", &skipped).0);
    proof.end(&[]);
    for operation in ["s.things.create", "s.things.update", "s.things.delete"] {
        let outcome = outcome(&proof, operation);
        assert!(matches!(outcome, Outcome::Unclear { .. }), "{operation}: {outcome:?}");
    }
    assert!(!proof.holds());
}

#[test]
fn what_has_no_effect_cannot_be_noticed_and_does_not_count() {
    let mut proof = Proof::begin(&first().0, 7);
    for (operation, effect) in [("s.things.create", HAD_EFFECT), ("s.things.delete", HAD_EFFECT)] {
        proof.add(&pretending(operation).pretends("a", operation, effect).fails("a").0);
    }
    let update = pretending("s.things.update").pretends("a", "s.things.update", HAD_NO_EFFECT);
    proof.add(&update.passes("a").0);
    proof.end(&[]);
    assert_eq!(outcome(&proof, "s.things.update"), Outcome::NoEffect);
    assert!(proof.holds());
    let text = proof.terminal(false, false);
    let total = "1 test, seed 7: 2 of 2 operations that have an effect noticed; 1 have none";
    assert_eq!(text, format!("{total}\n"));
}

#[test]
fn what_was_not_tried_does_not_hold() {
    let mut proof = Proof::begin(&first().0, 7);
    proof.end(&[]);
    assert!(!proof.holds());
    assert_eq!(proof.tried(), 0);
}

#[test]
fn an_accepted_operation_holds_until_it_is_noticed() {
    let list = "# Why.\n\na  s.things.update  the answer is all there is\nz s.x.y gone\n";
    let accepted = Unnoticed::read(list).unwrap();
    assert_eq!(accepted[0].reason, "the answer is all there is");
    let proof = |update: fn(Run) -> Run| {
        let mut proof = Proof::begin(&first().0, 7);
        for operation in ["s.things.create", "s.things.delete"] {
            let run = pretending(operation).pretends("a", operation, HAD_EFFECT);
            proof.add(&run.fails("a").0);
        }
        let run = pretending("s.things.update").pretends("a", "s.things.update", HAD_EFFECT);
        proof.add(&update(run).0);
        proof.end(&accepted);
        proof
    };
    let missed = proof(|run| run.passes("a"));
    assert!(missed.holds());
    assert!(missed.unused.is_empty(), "tests that were not selected do not count");
    let noticed = proof(|run| run.fails("a"));
    assert!(!noticed.holds());
    assert_eq!(noticed.unused, ["a s.things.update"]);
}

#[test]
fn a_list_without_reasons_is_refused() {
    let error = Unnoticed::read("a s.things.update why\n\na s.things.create").unwrap_err();
    assert_eq!(error.to_string(), "line 3 has no reason");
    assert_eq!(Unnoticed::read("a").unwrap_err().to_string(), "line 1 has no operation");
}
