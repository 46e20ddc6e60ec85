//! Runs that are killed with signal 9 at any point: a cleanup leaves the cloud as it
//! was, to the last thing, and nothing of anyone else's is touched.

use std::collections::BTreeMap;
use std::fs;

use serde_json::json;
use squall::census::{self, Census, Difference};
use squall::client::Session;
use squall::client::by_id::{Api as _, Request, SessionApi};
use squall::services;

use crate::support::{Sandbox, ServedCloud};

/// How many runs are killed, by how many at a time.
const ROUNDS: usize = 100;
const LANES: usize = 2;

/// After how many events a run is killed at the latest.
const EVENTS: usize = 400;

/// Tests of every service that make things, and wait for few.
const TESTS: &str = "service(network) | service(identity) | service(volume) | \
    service(object_storage) | service(placement) | service(image) | test(=compute.servers.boot) | \
    suite(compute.shared-server)";

#[test]
fn what_a_killed_run_made_is_cleaned_up_and_nothing_else() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cloud = ServedCloud::start();
    let admin = cloud.session();
    runtime.block_on(populate(&admin));
    let before = runtime.block_on(held(&admin));

    std::thread::scope(|scope| {
        for lane in 0..LANES {
            let cloud = &cloud;
            scope.spawn(move || rounds(cloud, lane));
        }
    });

    let difference = Difference::of(&before, &runtime.block_on(held(&admin)));
    assert!(difference.is_none(), "{difference:?}");
}

/// Kills runs one after another, and cleans up after each.
fn rounds(cloud: &ServedCloud, lane: usize) {
    let sandbox = Sandbox::with_cloud(cloud, "shared");
    for round in 0..ROUNDS / LANES {
        let events = fastrand::usize(1..=EVENTS);
        kill_after(&sandbox, events);
        let cleaned = sandbox.run(["cleanup", "last"]);
        assert_eq!(cleaned.code, Some(0), "lane {lane}, round {round}, {events} events: {cleaned}");
        fs::remove_dir_all(sandbox.path().join(".squall/runs")).unwrap();
    }
}

/// Starts a run and kills it, and all its processes, after so many events.
fn kill_after(sandbox: &Sandbox, events: usize) {
    let run = sandbox.start(["run", "--cloud", "shared", "--format", "json", "-j", "4", TESTS]);
    run.lines(events).unwrap();
    run.kill();
    // A run that was shorter than that has ended by itself.
    let output = run.wait();
    let has_ended = output.stdout.contains("\"run-finished\"");
    assert!(output.signal == Some(9) || has_ended, "{output}");
}

async fn held(admin: &Session) -> Census {
    let census = census::take(&SessionApi::new(admin.clone())).await;
    assert!(census.len() > 20, "{census:?}");
    census
}

/// Makes things that are nobody's business, past any ledger.
async fn populate(admin: &Session) {
    let api = SessionApi::new(admin.clone());
    for (operation, body) in [
        ("network.networks.create", json!({ "network": { "name": "theirs" } })),
        ("network.security_groups.create", json!({ "security_group": { "name": "theirs" } })),
        ("volume.volumes.create", json!({ "volume": { "name": "theirs", "size": 1 } })),
        ("identity.projects.create", json!({ "project": { "name": "theirs" } })),
        ("identity.users.create", json!({ "user": { "name": "theirs" } })),
        ("image.images.create", json!({ "name": "theirs" })),
        ("placement.resource_providers.create", json!({ "name": "theirs" })),
    ] {
        let (spec, _) = services::operation(operation).unwrap();
        let (params, query) = (&BTreeMap::new(), Vec::new());
        let operation = spec.operation(operation).map(|known| known.id.as_ref()).unwrap();
        let request = Request { spec, operation, params, query, body: Some(body) };
        let answer = api.send(request).await.unwrap();
        assert!(answer.status < 300, "{operation}: {answer:?}");
    }
}
