//! `squall report` as a program: what it writes where, what it says of bad input, and
//! what it ends with.

#![expect(clippy::unwrap_used, reason = "what is shared by tests fails as they do")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const BEFORE: &str = include_str!("../report/src/report/fixtures/before.jsonl");
const AFTER: &str = include_str!("../report/src/report/fixtures/mixed.jsonl");

/// Runs the program in a directory.
fn squall(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_misbehaving"))
        .args(arguments)
        .current_dir(dir)
        .env_remove("SQUALL_CLOUD")
        .output()
        .unwrap()
}

/// A directory with two runs.
fn two_runs() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (run, journal) in [("a1", BEFORE), ("b2", AFTER)] {
        let run = dir.path().join(".squall/runs").join(run);
        fs::create_dir_all(&run).unwrap();
        fs::write(run.join("journal.jsonl"), journal).unwrap();
    }
    dir
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_report_succeeds_whatever_is_in_it() {
    let dir = two_runs();
    for format in ["terminal", "json", "summary", "subunit", "junit", "html"] {
        let output = squall(dir.path(), &["report", "b2", "--format", format]);
        assert_eq!(output.status.code(), Some(0), "{format}: {}", said(&output));
        assert!(!output.stdout.is_empty(), "{format}");
    }
}

#[test]
fn a_file_holds_what_standard_output_would_have_got() {
    let dir = two_runs();
    let output = squall(dir.path(), &["report", "--format", "html", "-o", "run.html"]);
    assert!(output.stdout.is_empty() && said(&output).contains("report written to run.html"));
    let there = fs::read(dir.path().join("run.html")).unwrap();
    assert_eq!(there, squall(dir.path(), &["report", "--format", "html"]).stdout);
    assert!(!dir.path().join("run.html.partial").exists());
}

#[test]
fn what_cannot_be_found_or_written_is_bad_input() {
    let dir = two_runs();
    for (arguments, words) in [
        (&["report", "c3"][..], "no run `c3` among the 2"),
        (&["report", "-o", "nowhere/run.html"], "failed to write nowhere/run.html"),
        (&["report", "compare", "last"], "a comparison needs at least two runs"),
        (&["report", "compare", "a1", "c3"], "no run `c3`"),
    ] {
        let output = squall(dir.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(said(&output).contains(words), "{arguments:?}: {}", said(&output));
    }
}

#[test]
fn a_line_that_is_no_event_is_named_and_left_out() {
    let dir = two_runs();
    let journal = dir.path().join(".squall/runs/b2/journal.jsonl");
    let torn: Vec<&str> = AFTER.lines().take(20).collect();
    fs::write(&journal, torn.join("\n") + "\n{\"at\":\"2026-01").unwrap();
    let output = squall(dir.path(), &["report", "b2"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        said(&output).contains("b2/journal.jsonl:21: ignored, not an event"),
        "{}",
        said(&output)
    );
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("6 without a verdict"), "{text}");
    fs::write(&journal, "").unwrap();
    let output = squall(dir.path(), &["report", "b2"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("contains no event"), "{}", said(&output));
}

#[test]
fn a_regression_fails_only_where_that_is_asked_for() {
    let dir = two_runs();
    let code = |arguments: &[&str]| squall(dir.path(), arguments).status.code();
    assert_eq!(code(&["report", "compare", "a1", "b2"]), Some(0));
    assert_eq!(code(&["report", "compare", "--last", "2", "--fail-on-regression"]), Some(1));
    assert_eq!(code(&["report", "compare", "a1", "a1", "--fail-on-regression"]), Some(0));
    for format in ["terminal", "json", "html"] {
        let output = squall(dir.path(), &["report", "compare", "a1", "b2", "--format", format]);
        assert!(String::from_utf8_lossy(&output.stdout).contains("acme.resize"), "{format}");
    }
}

#[cfg(feature = "embedded")]
#[test]
fn subunit_is_the_same_as_it_happens_and_afterwards() {
    let dir = tempfile::tempdir().unwrap();
    let tests = "id(misbehaving.passes) | id(misbehaving.fails) | id(misbehaving.skips)";
    let streamed = squall(dir.path(), &["run", tests, "--format", "subunit"]);
    assert_eq!(streamed.status.code(), Some(1), "{}", said(&streamed));
    let again = squall(dir.path(), &["report", "--format", "subunit"]);
    assert!(!streamed.stdout.is_empty());
    assert_eq!(streamed.stdout, again.stdout);
}
