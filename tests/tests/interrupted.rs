//! Derived tests that are killed between a request and its answer: whatever they sent, a cleanup
//! finds it by what the ledger has and undoes it.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use squall::client::Session;
use squall::client::by_id::{Api as _, Request, SessionApi};
use squall::services;

use crate::support::{Effect, Rule, Sandbox, ServedCloud};

/// A test, and what is in the body of the request after which it is killed.
const KILLED: [(&str, &str); 9] = [
    // A name of the greatest length, and none at all.
    ("boundary.placement.resource_classes.create.body.name.maxlength-2", LONG),
    ("boundary.volume.volumes.create.body.volume.name.type-null", "\"name\":null"),
    // States that let nothing be deleted.
    (
        "boundary.volume.volumes.reset_status.body.os-reset_status.status.enum-deleting",
        "\"status\":\"deleting\"",
    ),
    (
        "boundary.volume.snapshots.reset_status.body.os-reset_status.status.enum-deleting",
        "\"status\":\"deleting\"",
    ),
    ("boundary.identity.roles.create.body.role.options.immutable.present", "immutable"),
    ("boundary.image.images.create.body.protected.present", "\"protected\":true"),
    // What belongs to the cloud.
    (
        "boundary.network.agents.update.body.agent.admin_state_up.type-false",
        "\"admin_state_up\":false",
    ),
    ("boundary.compute.services.update.body.status.enum-disabled", "\"status\":\"disabled\""),
    (
        "boundary.compute.quota_class_sets.update.body.quota_class_set.instances.minimum-2",
        "\"instances\":",
    ),
];

/// Stands for a body that is long.
const LONG: &str = "longer than any other";

#[test]
fn what_a_test_sent_before_it_was_killed_is_found_and_undone() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (test, part) in KILLED {
        let cloud = ServedCloud::start();
        let before = runtime.block_on(settings(&cloud.session()));
        let sandbox = Sandbox::with_cloud(&cloud, "cut");
        let is_it = move |request: &http::Request<bytes::Bytes>| {
            let body = String::from_utf8_lossy(request.body());
            match part {
                LONG => body.len() > 200,
                part => body.contains(part),
            }
        };
        // The cloud does what was asked, and its answer does not come.
        let held = Effect::Drip(usize::MAX, Duration::from_secs(600));
        let rule = cloud.add(Rule::when(is_it, held));
        let run = sandbox.start(["run", "--cloud", "cut", "--format", "json", test]);
        let start = Instant::now();
        while rule.hits() == 0 {
            assert!(start.elapsed() < Duration::from_secs(120), "{test} does not send {part}");
            thread::sleep(Duration::from_millis(20));
        }
        run.kill();
        run.wait();
        cloud.calm();
        let cleaned = sandbox.run(["cleanup", "last"]).expect_code(0);
        let leaks = sandbox.run(["leaks", "--cloud", "cut"]);
        assert_eq!(leaks.code, Some(0), "{test}: {cleaned}\n{leaks}");
        let after = runtime.block_on(settings(&cloud.session()));
        assert_eq!(before, after, "{test}: {cleaned}");
    }
}

/// Returns what tests may change of the cloud itself: its agents, services and default quotas.
pub(crate) async fn settings(admin: &Session) -> Vec<Value> {
    let api = SessionApi::new(admin.clone());
    let mut settings = Vec::new();
    for (operation, lists, fields) in [
        ("network.agents.list", "/agents", &["id", "admin_state_up", "description"][..]),
        ("compute.services.list", "/services", &["id", "status", "disabled_reason", "forced_down"]),
        ("compute.quota_class_sets.show", "/quota_class_set", &[]),
    ] {
        let (spec, known) = services::operation(operation).unwrap();
        let params = BTreeMap::from([("class_name".to_owned(), "default".to_owned())]);
        let request =
            Request { spec, operation: &known.id, params: &params, query: Vec::new(), body: None };
        let answer = api.send(request).await.unwrap();
        let found = answer.body.pointer(lists).unwrap_or_else(|| panic!("{answer:?}"));
        match found.as_array() {
            Some(items) => settings.extend(items.iter().map(|item| {
                let shown = fields.iter().map(|field| ((*field).to_owned(), item[*field].clone()));
                Value::Object(shown.collect())
            })),
            None => settings.push(found.clone()),
        }
    }
    settings
}
