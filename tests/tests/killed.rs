//! Runs that are killed with signal 9 at any point: a cleanup leaves the cloud as it
//! was, to the last thing, and nothing of anyone else's is touched.
#![expect(clippy::unwrap_used, reason = "what is shared by tests fails as they do")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;
use squall::census::{self, Census, Difference};
use squall::client::Session;
use squall::client::by_id::{Api as _, Request, SessionApi};
use squall::client::config::Clouds;
use squall::services;
use squall_cloud::{Cloud, Options, Running};

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
    let (running, admin) = runtime.block_on(async {
        let cloud = Cloud::new(Options { speed: f64::INFINITY, ..Options::default() });
        let running = squall_cloud::serve(cloud, ([127, 0, 0, 1], 0).into()).await.unwrap();
        let home = tempfile::tempdir().unwrap();
        let admin = session(&running, home.path());
        populate(&admin).await;
        (running, admin)
    });
    let before = runtime.block_on(held(&admin));

    std::thread::scope(|scope| {
        for lane in 0..LANES {
            let running = &running;
            scope.spawn(move || rounds(running, lane));
        }
    });

    let difference = Difference::of(&before, &runtime.block_on(held(&admin)));
    assert!(difference.is_none(), "{difference:?}");
    runtime.block_on(running.shutdown()).unwrap();
}

/// Kills runs one after another, and cleans up after each.
fn rounds(running: &Running, lane: usize) {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("clouds.yaml"), running.clouds_yaml("shared")).unwrap();
    for round in 0..ROUNDS / LANES {
        let events = fastrand::usize(1..=EVENTS);
        kill_after(dir.path(), events);
        let cleaned = squall(dir.path(), &["cleanup", "last"]).output().unwrap();
        let told = String::from_utf8_lossy(&cleaned.stdout);
        let code = cleaned.status.code();
        assert_eq!(code, Some(0), "lane {lane}, round {round}, {events} events: {told}");
        fs::remove_dir_all(dir.path().join(".squall/runs")).unwrap();
    }
}

/// Starts a run and kills it, and all its processes, once it has told so many events.
fn kill_after(dir: &Path, events: usize) {
    let mut run = squall(dir, &["run", "--cloud", "shared", "--format", "json", "-j", "4", TESTS])
        .process_group(0)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let told = BufReader::new(run.stdout.take().unwrap());
    let last = told.lines().take(events).last().unwrap().unwrap();
    let group = rustix::process::Pid::from_raw(i32::try_from(run.id()).unwrap()).unwrap();
    // A run that was shorter than that has ended by itself.
    let killed = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    assert!(killed.is_ok() || last.contains("run-finished"), "{last}");
    run.wait().unwrap();
}

fn squall(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_squall"));
    command.args(arguments).current_dir(dir).env_remove("SQUALL_CLOUD").env_remove("OS_CLOUD");
    command
}

fn session(running: &Running, home: &Path) -> Session {
    let file = home.join("clouds.yaml");
    fs::write(&file, running.clouds_yaml("shared")).unwrap();
    let clouds = Clouds::read(&file).unwrap();
    Session::builder(clouds.cloud(Some("shared")).unwrap()).build().unwrap()
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
