//! What two journals say of two clouds.

use serde_json::{Value, json};

use super::*;

const AT: &str = "2026-01-02T03:04:05Z";

/// A run of some tests on a cloud.
struct Run(Vec<Entry>);

impl Run {
    fn on(cloud: &str, tests: &[&str]) -> Self {
        let tests: Vec<Value> = tests
            .iter()
            .map(|test| json!({ "id": test, "name": test, "package": "acme" }))
            .collect();
        let started = json!({
            "type": "run-started", "run": format!("run-on-{cloud}"), "squall": "0.1.0", "cloud": cloud,
            "seed": 7, "jobs": 1, "timeout-scale": 1.0, "selection": "", "tests": tests,
        });
        Self(Vec::new()).event(&started)
    }

    fn event(mut self, event: &Value) -> Self {
        self.0.push(serde_json::from_value(json!({ "at": AT, "event": event })).unwrap());
        self
    }

    fn starts(self, test: &str) -> Self {
        self.event(&json!({ "type": "test-started", "test": test, "attempt": 1, "timeout_ms": 1 }))
    }

    fn sends(self, test: &str, operation: &str, status: u16, body: &Value) -> Self {
        self.attempts(test, operation, 1, status, body)
    }

    fn attempts(
        self,
        test: &str,
        operation: &str,
        attempt: u32,
        status: u16,
        body: &Value,
    ) -> Self {
        self.event(&json!({ "type": "exchange", "test": test, "exchange": {
            "operation": operation, "method": "GET", "url": "http://127.0.0.1/x", "attempt": attempt,
            "started": AT, "duration-ms": 1, "status": status, "request-headers": {},
            "response-headers": { "content-type": "application/json" },
            "response-body": body.to_string(), "checked": "off", "validated": false,
        }}))
    }

    fn undoes(self, test: &str) -> Self {
        self.event(&json!({ "type": "test-undoing", "test": test }))
    }

    fn ends(self, test: &str, verdict: &Value) -> Self {
        self.event(&json!({
            "type": "test-finished", "test": test, "verdict": verdict, "duration-ms": 1,
        }))
    }

    fn passes(self, test: &str) -> Self {
        self.ends(test, &json!({ "is": "passed" }))
    }
}

fn agreement(first: &Run, second: &Run) -> Agreement {
    Agreement::of([&first.0, &second.0])
}

fn causes(agreement: &Agreement) -> Vec<String> {
    let text =
        |cause: &Cause| format!("{} × {}", cause.requests, cause.difference.text(["A", "B"]));
    agreement.causes.iter().map(text).collect()
}

/// A run of one test that sends one request.
fn one(cloud: &str, status: u16, body: &Value) -> Run {
    let run = Run::on(cloud, &["t"]).starts("t").sends("t", "network.ports.show", status, body);
    run.undoes("t").passes("t")
}

#[test]
fn status_error_and_fields_are_compared() {
    let port = json!({ "port": { "id": "a", "mtu": 5 } });
    let same =
        agreement(&one("A", 200, &port), &one("B", 200, &json!({"port": {"id": "b", "mtu": 7}})));
    assert_eq!(same.requests, Tally { compared: 1, agree: 1 });
    assert!(same.causes.is_empty());

    let apart = agreement(&one("A", 200, &port), &one("B", 404, &port));
    assert_eq!(causes(&apart), ["1 × 200 on A, 404 on B"]);
    assert_eq!(apart.services["network"], Tally { compared: 1, agree: 0 });

    let other = json!({ "port": { "id": 7, "tags": [] } });
    let apart = agreement(&one("A", 200, &port), &one("B", 200, &other));
    assert_eq!(
        causes(&apart),
        [
            "1 × `/port/mtu` on A alone",
            "1 × `/port/tags` on B alone",
            "1 × `/port/id` is a string on A, a number on B",
        ]
    );

    let error =
        |name: &str| json!({ "NeutronError": { "type": name, "message": "m", "detail": "" } });
    let apart =
        agreement(&one("A", 404, &error("PortNotFound")), &one("B", 404, &error("HTTPNotFound")));
    assert_eq!(
        causes(&apart),
        ["1 × 404 whose `/NeutronError/type` is `PortNotFound` on A, `HTTPNotFound` on B"]
    );
}

#[test]
fn a_body_that_is_cut_is_counted_and_a_broken_one_differs() {
    let whole = json!({ "port": { "id": "a" } });
    let sent = |cloud: &str, text: &str| {
        let mut run = one(cloud, 200, &whole);
        for entry in &mut run.0 {
            if let crate::journal::Event::Exchange { exchange, .. } = &mut entry.event {
                exchange.response_body = Some(text.to_owned());
            }
        }
        run
    };
    let cut = "{\"port\": {\"id\": \"… (9000 characters more)";
    let counted = agreement(&sent("A", cut), &one("B", 200, &whole));
    assert_eq!((counted.cut, counted.requests), (1, Tally { compared: 1, agree: 1 }));
    let text = counted.terminal(false);
    assert!(text.contains("the bodies of 1 request were too long for the journal"), "{text}");

    let broken = agreement(&sent("A", "7 bytes that are not JSON"), &one("B", 200, &whole));
    assert_eq!(broken.cut, 0);
    assert_eq!(causes(&broken), ["1 × 200 with a body that is not JSON on A, JSON on B"]);
}

#[test]
fn polls_count_once_and_cleanup_does_not_count() {
    let building = json!({ "server": { "status": "BUILD" } });
    let active = json!({ "server": { "status": "ACTIVE", "host": "a" } });
    let run = |cloud: &str, polls: usize, deleted: u16| {
        let mut run = Run::on(cloud, &["t"]).starts("t");
        for _ in 0..polls {
            run = run.sends("t", "compute.servers.show", 200, &building);
        }
        let run = run.sends("t", "compute.servers.show", 200, &active).undoes("t");
        run.sends("t", "compute.servers.delete", deleted, &json!({})).passes("t")
    };
    let same = agreement(&run("A", 0, 204), &run("B", 3, 409));
    assert_eq!(same.requests, Tally { compared: 1, agree: 1 });
}

#[test]
fn calls_at_the_same_version_are_paired_and_then_the_rest() {
    let call = |run: Run, version: &str, status: u16| {
        run.event(&json!({ "type": "exchange", "test": "t", "exchange": {
            "operation": "compute.flavors.show", "method": "GET", "url": "http://127.0.0.1/x",
            "attempt": 1, "started": AT, "duration-ms": 1, "status": status,
            "requested-version": version, "request-headers": {}, "response-headers": {},
            "checked": "off", "validated": false,
        }}))
    };
    let first = call(call(Run::on("A", &["t"]).starts("t"), "2.1", 200), "2.103", 404);
    let second = call(call(Run::on("B", &["t"]).starts("t"), "2.104", 404), "2.1", 200);
    let same = agreement(&first.undoes("t").passes("t"), &second.undoes("t").passes("t"));
    assert_eq!(same.requests, Tally { compared: 2, agree: 2 });
}

#[test]
fn the_last_attempt_counts_of_a_request_and_of_a_test() {
    let body = json!({});
    let run = |cloud: &str, first: u16| {
        let run = Run::on(cloud, &["t"]).starts("t").sends("t", "volume.limits.show", 500, &body);
        let run = run.undoes("t").starts("t").sends("t", "volume.limits.show", first, &body);
        run.attempts("t", "volume.limits.show", 2, 200, &body).undoes("t").passes("t")
    };
    let same = agreement(&run("A", 503), &run("B", 502));
    assert_eq!(same.requests, Tally { compared: 1, agree: 1 });
}

#[test]
fn what_ran_on_one_cloud_alone_is_not_compared_and_is_counted_by_reason() {
    let body = json!({});
    let sends = |cloud: &str| {
        let run =
            Run::on(cloud, &["t", "u"]).starts("t").sends("t", "image.images.list", 501, &body);
        run.starts("u").sends("u", "image.images.list", 200, &body)
    };
    let failed = json!({ "is": "failed", "failure": { "message": "got 200" } });
    let skipped = json!({ "is": "skipped", "reason": "no behaviour for 17" });
    let first = sends("A").ends("t", &skipped).ends("u", &failed);
    let second = sends("B").passes("t").passes("u");
    let agreement = agreement(&first, &second);
    assert_eq!(agreement.requests, Tally { compared: 1, agree: 1 });
    assert_eq!(agreement.tests, Tally { compared: 1, agree: 0 });
    let skipped: Vec<_> =
        agreement.skipped.iter().map(|one| (&*one.cloud, &*one.reason, one.tests)).collect();
    assert_eq!(skipped, [("A", "no behaviour for <n>", 1)]);
    insta::assert_snapshot!(agreement.terminal(false));
}
