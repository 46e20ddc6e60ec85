//! A plugin outside the workspace builds, depends on `squall` alone, and runs
//! against the embedded cloud; its responses are validated against its types.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use squall::journal::{Event, Verdict};

use crate::support::{Output, Sandbox, Started, clean};

const TESTS: [&str; 3] = ["key_ring.keys.algorithm", "key_ring.keys.life", "key_ring.keys.unknown"];

#[test]
fn a_plugin_runs_against_the_embedded_cloud() {
    let sandbox = Sandbox::new();
    let output = plugin(sandbox.path(), &["run"]).expect_code(0);
    let events = sandbox.events();
    let verdicts = events.iter().filter_map(|event| match event {
        Event::TestFinished(result) => Some((result.test.as_str(), &result.verdict)),
        _ => None,
    });
    let mut verdicts: Vec<_> = verdicts.collect();
    verdicts.sort_by_key(|(test, _)| *test);
    assert_eq!(verdicts, TESTS.map(|test| (test, &Verdict::Passed)), "{output}");
    // Every answer but the deliberate 404 and the deletions' was described by a type.
    for operation in
        ["key_ring.keypairs.create", "key_ring.keypairs.show", "key_ring.keypairs.list"]
    {
        let is_validated = |event: &Event| {
            matches!(event, Event::Exchange { exchange, .. }
                if exchange.operation == operation && exchange.validated)
        };
        assert!(events.iter().any(is_validated), "{operation} was validated: {output}");
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
    let mut command = Command::new(env!("CARGO"));
    clean(&mut command);
    command
        .current_dir(dir)
        .args(["run", "--quiet", "--offline", "--manifest-path"])
        .arg(plugin.join("Cargo.toml"))
        .arg("--config")
        .arg(root.join("Cargo.toml"))
        .arg("--")
        .args(arguments)
        .env("CARGO_TARGET_DIR", target);
    Started::spawn(&mut command).wait()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
