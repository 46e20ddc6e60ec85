//! Constructs of documents, our own or published, with the expected output.
//!
//! A case is a folder with `spec.yaml`, the expected `output.rs` (types, client, and the lock
//! as a comment) and, if there are diagnostics, `diagnostics.txt`; with `resources.yaml` it has
//! `description.rs` as well. `SQUALL_BLESS=1 cargo test
//! -p squall-codegen --test cases` updates them.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use squall_codegen::emit;
use squall_codegen::generate::{self, Outcome, Source};

#[test]
fn every_case_has_its_expected_output() {
    let mut wrong = Vec::new();
    for folder in cases() {
        let text = fs::read_to_string(folder.join("spec.yaml")).unwrap();
        let mut outcome = generate::service(Source { file: "spec.yaml", text: &text }, None);
        let description = description(&folder, &mut outcome);
        hold(&folder.join("description.rs"), &description, &mut wrong);
        let messages: Vec<String> = outcome.diagnostics.iter().map(ToString::to_string).collect();
        let messages = messages.join("\n\n");
        hold(&folder.join("diagnostics.txt"), &messages, &mut wrong);
        let output = outcome.service.map(|service| {
            let lock = emit::lock::emit(&service);
            let lock = lock.lines().skip(1).collect::<Vec<_>>().join("\n// ");
            format!("{}\n{}\n// {lock}", emit::types::emit(&service), emit::client::emit(&service))
        });
        hold(&folder.join("output.rs"), &output.unwrap_or_default(), &mut wrong);
    }
    assert!(
        wrong.is_empty(),
        "unexpected output; check it and run `SQUALL_BLESS=1 cargo test -p squall-codegen --test cases`:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn generating_twice_gives_the_same_bytes() {
    for folder in cases() {
        let text = fs::read_to_string(folder.join("spec.yaml")).unwrap();
        let code = || {
            let outcome = generate::service(Source { file: "spec.yaml", text: &text }, None);
            outcome.service.map(|service| emit::code(&service))
        };
        assert_eq!(code(), code(), "{}", folder.display());
    }
}

/// Returns the code of the case's `resources.yaml`; nothing if there is none or it is wrong.
fn description(folder: &Path, outcome: &mut Outcome) -> String {
    let Ok(text) = fs::read_to_string(folder.join("resources.yaml")) else { return String::new() };
    generate::describe(Source { file: "resources.yaml", text: &text }, outcome);
    let Some(service) = &outcome.service else { return String::new() };
    String::from_utf8(emit::description::emit(&service.name, &outcome.description).content).unwrap()
}

/// Compares a file with its expected content; a missing file is empty.
fn hold(path: &Path, content: &str, wrong: &mut Vec<String>) {
    let content =
        if content.is_empty() { String::new() } else { format!("{}\n", content.trim_end()) };
    if env::var_os("SQUALL_BLESS").is_some() {
        if content.is_empty() {
            let _ = fs::remove_file(path);
        } else {
            fs::write(path, &content).unwrap();
        }
    }
    if fs::read_to_string(path).unwrap_or_default() != content {
        wrong.push(format!("  {}", path.display()));
    }
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

/// Compiles the output of all cases, as separate crates in one Cargo run.
#[test]
fn the_output_of_all_cases_compiles() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let runtime = workspace.join("runtime");
    let mut dependencies = String::new();
    for case in cases() {
        let report = squall_codegen::check(&[case.join("spec.yaml")]);
        for service in report.documents.iter().filter_map(|document| document.service.as_ref()) {
            let name = case.file_name().unwrap().to_string_lossy().replace('.', "-");
            let path = folder.path().join("crates").join(&name);
            squall_codegen::emit_crate(service, &path, Some(&runtime)).unwrap();
            if let Ok(text) = fs::read_to_string(case.join("description.rs")) {
                fs::write(path.join("src/description.rs"), text).unwrap();
                let library = path.join("src/lib.rs");
                let declared = fs::read_to_string(&library).unwrap() + "pub mod description;\n";
                fs::write(library, declared).unwrap();
            }
            writeln!(dependencies, "{name} = {{ path = {path:?} }}").unwrap();
        }
    }
    let all = folder.path().join("all");
    fs::create_dir_all(all.join("src")).unwrap();
    fs::write(all.join("src/lib.rs"), "").unwrap();
    let manifest = format!(
        "[package]\nname = \"all\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [workspace]\n\n[dependencies]\n{dependencies}"
    );
    fs::write(all.join("Cargo.toml"), manifest).unwrap();
    // With the same versions, most dependencies are already built.
    fs::copy(workspace.join("Cargo.lock"), all.join("Cargo.lock")).unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet"])
        .current_dir(&all)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !stderr.contains("warning"), "{stderr}");
}
