//! `squall why` and `squall run` agree on what is skipped, and say the same of it.

#![expect(clippy::unwrap_used, reason = "what is shared by tests fails as they do")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use squall::journal::{Entry, Event, Verdict};

const SETTINGS: &str = r#"[cloud.embedded]
flavor = "m1.micro"

[cloud.embedded.features]
compute.pause = false

[cloud.embedded.services]
volume = false
"#;

/// Tests that are switched off by a feature, by a service, and not at all.
const TESTS: [&str; 4] = [
    "compute.servers.pause",
    "scenario.volume.backup",
    "object-storage.temp-urls.sha512",
    "compute.servers.reboot",
];

fn squall(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_squall"))
        .args(arguments)
        .current_dir(dir)
        .env_remove("SQUALL_CLOUD")
        .output()
        .unwrap()
}

#[test]
fn why_and_run_say_the_same_of_every_test() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("squall.toml"), SETTINGS).unwrap();
    let filters = TESTS.map(|id| format!("id({id})"));
    let mut arguments = vec!["run", "--format", "json"];
    arguments.extend(filters.iter().map(String::as_str));
    let ran = squall(dir.path(), &arguments);
    let events = String::from_utf8(ran.stdout).unwrap();
    let verdict_of = |id: &str| {
        events.lines().find_map(|line| match serde_json::from_str::<Entry>(line).unwrap().event {
            Event::TestFinished(result) if result.test == id => Some(result.verdict),
            _ => None,
        })
    };
    let mut skipped = Vec::new();
    for id in TESTS {
        let why = squall(dir.path(), &["why", id, "--format", "json"]);
        let why: Value = serde_json::from_slice(&why.stdout).unwrap();
        let mut reasons = why["reasons"].as_array().unwrap().iter();
        let told = reasons.find_map(|reason| reason.get("skips")).and_then(Value::as_str);
        match verdict_of(id).unwrap() {
            Verdict::Skipped { reason } => {
                assert_eq!(Some(reason.as_str()), told, "{id}");
                assert_eq!(why["runs"], false);
                skipped.push(reason);
            }
            verdict => {
                assert_eq!(told, None, "{id} came to {verdict:?}");
                assert_eq!(why["runs"], true);
            }
        }
    }
    assert_eq!(
        skipped,
        [
            "needs feature compute.pause: set to false; found: taken for granted (set by \
             squall.toml:5)",
            "needs volume, which this cloud does not offer (set by squall.toml:8)",
        ]
    );
}

#[test]
fn the_flavor_that_was_chosen_is_the_one_that_is_used() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("squall.toml"), SETTINGS).unwrap();
    let boots = ["run", "--format", "json", "id(compute.servers.reboot)"];
    assert!(squall(dir.path(), &boots).status.success());
    let missing = SETTINGS.replace("m1.micro", "m9.huge");
    std::fs::write(dir.path().join("squall.toml"), missing).unwrap();
    let ran = squall(dir.path(), &boots);
    assert_eq!(ran.status.code(), Some(1));
    let events = String::from_utf8(ran.stdout).unwrap();
    assert!(events.contains("squall.toml:2 chooses the flavor `m9.huge`"), "{events}");
}

#[test]
fn a_mistake_in_the_settings_is_told_before_anything_runs() {
    let dir = tempfile::tempdir().unwrap();
    let mistaken = SETTINGS.replace("compute.pause", "compute.puase");
    std::fs::write(dir.path().join("mine.toml"), mistaken).unwrap();
    let ran = squall(dir.path(), &["run", "--settings", "mine.toml"]);
    assert_eq!(ran.status.code(), Some(2));
    let said = String::from_utf8(ran.stderr).unwrap();
    for part in ["no feature is called `compute.puase`", "`compute.pause`", "mine.toml:5"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(!dir.path().join(".squall").exists());
}

/// A test that asks for a feature nobody knows would be skipped everywhere, unseen.
#[test]
fn every_feature_that_a_test_asks_for_can_be_found_out() {
    use squall_suites as _;

    for test in squall::registry::discover().tests {
        for feature in &test.features {
            assert!(squall::features::is_known(feature), "{}: {feature}", test.id());
        }
    }
}
