//! `squall why` and `squall run` agree on what is skipped, and say the same of it.

use serde_json::Value;
use squall::journal::{Event, Verdict};

use crate::support::Sandbox;

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
    "compute.servers.reboot.hard",
];

#[test]
fn why_and_run_say_the_same_of_every_test() {
    let sandbox = Sandbox::new();
    sandbox.write("squall.toml", SETTINGS);
    let filters = TESTS.map(|id| format!("id({id})"));
    let mut arguments = vec!["run", "--format", "json"];
    arguments.extend(filters.iter().map(String::as_str));
    let events = sandbox.run(arguments).events();
    let verdict_of = |id: &str| {
        events.iter().find_map(|event| match event {
            Event::TestFinished(result) if result.test == id => Some(result.verdict.clone()),
            _ => None,
        })
    };
    let mut skipped = Vec::new();
    for id in TESTS {
        let why = sandbox.run(["why", id, "--format", "json"]);
        let why: Value = serde_json::from_str(&why.stdout).unwrap();
        let mut reasons = why["reasons"].as_array().unwrap().iter();
        let skips = reasons.find_map(|reason| reason.get("skips")).and_then(Value::as_str);
        match verdict_of(id).unwrap() {
            Verdict::Skipped { reason } => {
                assert_eq!(Some(reason.as_str()), skips, "{id}");
                assert_eq!(why["runs"], false);
                skipped.push(reason);
            }
            verdict => {
                assert_eq!(skips, None, "{id} came to {verdict:?}");
                assert_eq!(why["runs"], true);
            }
        }
    }
    assert_eq!(
        skipped,
        [
            "needs feature compute.pause: set to false; found: assumed (set by \
             squall.toml:5)",
            "needs volume, which this cloud does not offer (set by squall.toml:8)",
        ]
    );
}

#[test]
fn the_flavor_that_was_chosen_is_the_one_that_is_used() {
    let sandbox = Sandbox::new();
    sandbox.write("squall.toml", SETTINGS);
    let boots = ["run", "--format", "json", "id(compute.servers.reboot.hard)"];
    sandbox.run(boots).expect_code(0);
    sandbox.write("squall.toml", &SETTINGS.replace("m1.micro", "m9.huge"));
    let ran = sandbox.run(boots).expect_code(1);
    assert!(ran.stdout.contains("squall.toml:2 chooses the flavor `m9.huge`"), "{ran}");
}

#[test]
fn a_mistake_in_the_settings_is_told_before_anything_runs() {
    let sandbox = Sandbox::new();
    sandbox.write("mine.toml", &SETTINGS.replace("compute.pause", "compute.puase"));
    let ran = sandbox.run(["run", "--settings", "mine.toml"]).expect_code(2);
    for part in ["unknown feature `compute.puase`", "`compute.pause`", "mine.toml:5"] {
        assert!(ran.stderr.contains(part), "{part} in {ran}");
    }
    assert!(sandbox.runs().is_empty());
}

/// A test that needs an unknown feature would be skipped everywhere without notice.
#[test]
fn every_feature_that_a_test_needs_is_known() {
    use squall_suites as _;

    for test in squall::registry::discover().tests {
        for feature in &test.features {
            assert!(squall::features::is_known(feature), "{}: {feature}", test.id());
        }
    }
}
