//! Runs on one cloud at the same time do not disturb each other: a team shares a cloud, and
//! so do the jobs of a CI.

use std::collections::BTreeSet;
use std::mem;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Method, Request};
use serde_json::Value;

use crate::support::{Output, Sandbox, ServedCloud, effect};

/// How many runs there are at once.
const RUNS: usize = 4;

/// What only an admin can change and every run shares, as services and agents are, the
/// contract suites set to the value that it has.
const WITHOUT_CONTRACTS: &str = "!kind(contract)";

fn run(cloud: &ServedCloud, tests: &[&str]) -> Output {
    let sandbox = Sandbox::with_cloud(cloud, "shared");
    let arguments = ["run", "--cloud", "shared", "-j", "4"];
    sandbox.run(arguments.iter().chain(tests)).expect_code(0)
}

#[test]
fn whole_runs_at_the_same_time_pass_on_one_cloud() {
    let cloud = ServedCloud::start();
    std::thread::scope(|scope| {
        for _ in 0..RUNS {
            scope.spawn(|| run(&cloud, &[]));
        }
    });
}

/// What two runs both change, they change in each other's way, whether or not two of them
/// ever met there.
#[test]
fn no_two_runs_change_the_same_resource_or_use_the_same_name() {
    let cloud = ServedCloud::start();
    let changes = Arc::new(Mutex::new(BTreeSet::new()));
    let noted = Arc::clone(&changes);
    cloud.on(
        "* /",
        effect::alter(move |request, response| {
            if response.status().is_success() {
                noted.lock().unwrap().extend(changes_of(request));
            }
        }),
    );
    run(&cloud, &[WITHOUT_CONTRACTS]);
    let first: BTreeSet<String> = mem::take(&mut changes.lock().unwrap());
    run(&cloud, &[WITHOUT_CONTRACTS]);
    let second = mem::take(&mut *changes.lock().unwrap());
    assert!(first.len() > 500, "{} changes", first.len());
    let shared: Vec<&String> = first.intersection(&second).collect();
    assert!(shared.is_empty(), "{shared:#?}");
}

/// Returns what a request changes: the resource that its URL names, and the names in its body
/// that have to be unique.
fn changes_of(request: &Request<Bytes>) -> Vec<String> {
    let path = request.uri().path();
    let is_token = path.ends_with("/auth/tokens");
    if is_token || [Method::GET, Method::HEAD].contains(request.method()) {
        return Vec::new();
    }
    let method = request.method();
    let mut changes = Vec::new();
    if method != Method::POST {
        changes.push(format!("{method} {path}"));
    }
    // A resource is described in its envelope, or without one.
    let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let fields = body.as_object().into_iter().flatten();
    for described in fields.map(|(_, inside)| inside).chain([&body]) {
        for field in ["name", "id", "uuid"] {
            let value = described.get(field).and_then(Value::as_str);
            changes.extend(value.map(|value| format!("{field} {value}")));
        }
    }
    changes
}
