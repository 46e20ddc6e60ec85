//! No report contains a secret: requests go through the client into a journal, and from there
//! into every format.

use std::sync::{Arc, Mutex};

use serde_json::json;

use super::super::fixture::{services, specs};
use super::super::{
    Comparison, Json, Libtest, Reporter, Style, Subunit, Terminal, html, junit, summary,
};
use super::{Event, finished, started};
use crate::Failure;
use crate::client::model::{Method, Operation, OperationSchemas, VersionRange};
use crate::client::script::Script;
use crate::client::{Exchange, Json as Anything, Observer, ServiceDescription, decode};
use crate::journal::{Entry, Verdict};

const TOKEN: &str = "gAAAAAB-planted-token";
const PASSWORD: &str = "planted-admin-pass";
const KEY: &str = "-----BEGIN planted-private-key";
const NOTED: &str = "planted-in-a-note";

#[derive(Default)]
struct Notes(Mutex<Vec<Exchange>>);

impl Observer for Notes {
    fn after(&self, exchange: Box<Exchange>) {
        self.0.lock().unwrap().push(*exchange);
    }
}

/// A run whose one test sent and got secrets, and failed.
async fn journal() -> Vec<Entry> {
    let script =
        Script::new().signed_in_as(TOKEN, &[("compute", "http://cloud.test/compute")]).answer_with(
            "POST",
            "/compute/servers",
            500,
            &[("set-cookie", PASSWORD), ("x-subject-token", TOKEN)],
            json!({"server": {"adminPass": PASSWORD, "private_key": KEY, "name": "shown"}}),
        );
    let notes = Arc::new(Notes::default());
    let session = script.builder().observer(notes.clone()).build().unwrap();
    let compute = session.service(ServiceDescription {
        name: "compute".into(),
        service_type: "compute".into(),
        version_path: "".into(),
        versions: VersionRange::ALL,
    });
    let create = Operation::new(
        "compute.servers.create",
        Method::Post,
        "/servers",
        OperationSchemas::default(),
    );
    let error = compute
        .call(Arc::new(create), decode::json::<Anything>)
        .body(Some("server"), json!({"name": "shown", "adminPass": PASSWORD, "user_data": KEY}))
        .send()
        .await
        .unwrap_err();
    let test = || "a.boot".to_owned();
    let mut events = vec![started(&["a.boot"])];
    events.push(Event::TestStarted { test: test(), attempt: 1, timeout_ms: 9 });
    for exchange in notes.0.lock().unwrap().drain(..) {
        events.push(Event::Exchange { test: Some(test()), exchange: Box::new(exchange) });
    }
    let whole = json!({"server": {"adminPass": NOTED}, "kept": "noted and shown"});
    events.push(Event::Note { test: test(), key: "answer".into(), value: whole });
    events.push(Event::Note { test: test(), key: "password".into(), value: json!(NOTED) });
    events.push(finished("a.boot", Verdict::Failed { failure: Failure::from(error) }));
    events.into_iter().map(Entry::now).collect()
}

fn every_form(entries: &[Entry]) -> Vec<(&'static str, String)> {
    let mut terminal = Vec::new();
    let mut reporter = Terminal::new(&mut terminal, false);
    reporter.see_all(entries);
    reporter.close().unwrap();
    let mut subunit = Vec::new();
    let mut reporter = Subunit::new(&mut subunit);
    reporter.see_all(entries);
    reporter.close().unwrap();
    let mut libtest = Vec::new();
    let mut reporter = Libtest::new(&mut libtest, Style::Pretty, 0);
    reporter.see_all(entries);
    reporter.finish().unwrap();
    let comparison = Comparison::of(&[entries.to_vec(), entries.to_vec()]);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    vec![
        ("terminal", text(terminal)),
        ("subunit", text(subunit)),
        ("libtest", text(libtest)),
        ("summary", summary(entries, &specs()).unwrap()),
        ("junit", junit(entries).unwrap()),
        ("html", html(entries, &services()).unwrap()),
        ("comparison", comparison.json().unwrap()),
        ("comparison, terminal", comparison.terminal(false)),
        ("comparison, page", comparison.html().unwrap()),
    ]
}

#[tokio::test]
async fn no_form_has_a_secret() {
    let entries = journal().await;
    for (form, text) in every_form(&entries) {
        for secret in [TOKEN, PASSWORD, KEY, NOTED] {
            assert!(!text.contains(secret), "{secret} is in {form}:\n{text}");
        }
    }
    let mut events = Vec::new();
    let mut json = Json::new(&mut events);
    json.see_all(&entries);
    let events = String::from_utf8(events).unwrap();
    assert!([TOKEN, PASSWORD, KEY].iter().all(|secret| !events.contains(secret)), "{events}");
}

#[tokio::test]
async fn what_is_no_secret_is_shown() {
    for (form, text) in every_form(&journal().await) {
        if ["subunit", "summary", "html"].contains(&form) {
            assert!(text.contains("shown") && text.contains("***"), "{form}:\n{text}");
        }
    }
}
