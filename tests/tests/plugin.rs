//! A plugin outside the workspace builds, depends on `squall` alone, and runs
//! against the embedded cloud; its responses are held against its types.
#![expect(clippy::unwrap_used, reason = "a plugin that does not come up ends its test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const TESTS: [&str; 3] = ["key_ring.keys.algorithm", "key_ring.keys.life", "key_ring.keys.unknown"];

#[test]
fn a_plugin_runs_against_the_embedded_cloud() {
    let home = tempfile::tempdir().unwrap();
    let output = plugin(home.path(), &["run"]);
    let told = format!(
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(0), "{told}");
    let events = journal(home.path());
    for test in TESTS {
        let verdicts: Vec<&Value> = of_type(&events, "test-finished")
            .filter(|event| event["test"] == test)
            .map(|event| &event["verdict"]["is"])
            .collect();
        assert_eq!(verdicts, ["passed"], "{test}: {told}");
    }
    assert_eq!(of_type(&events, "test-finished").count(), TESTS.len(), "{told}");
    // Every answer but the deliberate 404 and the deletions' was described by a type.
    for operation in
        ["key_ring.keypairs.create", "key_ring.keypairs.show", "key_ring.keypairs.list"]
    {
        let validated = of_type(&events, "exchange").any(|event| {
            event["exchange"]["operation"] == operation && event["exchange"]["validated"] == true
        });
        assert!(validated, "{operation} was validated: {told}");
    }
}

#[test]
fn a_plugin_depends_on_squall_alone() {
    let manifest = fs::read_to_string(root().join("tests/plugin/Cargo.toml")).unwrap();
    let dependencies: Vec<&str> = manifest
        .lines()
        .skip_while(|line| *line != "[dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.is_empty())
        .collect();
    assert!(
        matches!(dependencies[..], [line] if line.starts_with("squall = ")),
        "{dependencies:?}"
    );
}

/// Runs the plugin in a directory, with what is compiled already: the
/// workspace's lock file, profile and target directory.
fn plugin(dir: &Path, arguments: &[&str]) -> Output {
    let root = root();
    let plugin = root.join("tests/plugin");
    fs::copy(root.join("Cargo.lock"), plugin.join("Cargo.lock")).unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    Command::new(env!("CARGO"))
        .current_dir(dir)
        .args(["run", "--quiet", "--offline", "--manifest-path"])
        .arg(plugin.join("Cargo.toml"))
        .arg("--config")
        .arg(root.join("Cargo.toml"))
        .arg("--")
        .args(arguments)
        .env("CARGO_TARGET_DIR", target)
        .env_remove("SQUALL_CLOUD")
        .output()
        .unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Reads the events of the one run below a directory.
fn journal(dir: &Path) -> Vec<Value> {
    let runs: Vec<PathBuf> = fs::read_dir(dir.join(".squall/runs"))
        .unwrap()
        .map(|entry| entry.unwrap().path().join("journal.jsonl"))
        .filter(|path| path.is_file())
        .collect();
    assert_eq!(runs.len(), 1, "{runs:?}");
    let text = fs::read_to_string(&runs[0]).unwrap();
    text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["event"].clone()).collect()
}

fn of_type<'a>(events: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    events.iter().filter(move |event| event["type"] == kind)
}
