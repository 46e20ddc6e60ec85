//! The patch in the guide for new services: it applies to this tree, its spec has no errors,
//! and it touches no more files than the guide promises.
//!
//! `.ci/nightly service` applies it to a copy of the tree and runs what it adds.
#![expect(clippy::unwrap_used, reason = "what tests share fails as tests do")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use squall_codegen::build::SpecFiles;

const PATCH: &str = "docs/src/guides/new-service.patch";

/// How many files a new service may need.
const MOST: usize = 8;

#[test]
fn the_guides_patch_applies() {
    let root = root();
    let applied = Command::new("git")
        .args(["apply", "--check", "--verbose", PATCH])
        .current_dir(&root)
        // A checkout below another one's is not a part of it.
        .env("GIT_CEILING_DIRECTORIES", root.parent().unwrap())
        .output()
        .unwrap();
    assert!(
        applied.status.success(),
        "{PATCH} no longer applies: apply it with `git apply --3way {PATCH}`, resolve what \
         conflicts, and write it again with `git diff HEAD` of the files that it names\n{}",
        String::from_utf8_lossy(&applied.stderr)
    );
}

#[test]
fn a_new_service_is_written_in_at_most_eight_files() {
    let patch = fs::read_to_string(root().join(PATCH)).unwrap();
    let files: BTreeSet<&str> = files(&patch).map(|(name, _)| name).collect();
    assert!(files.len() <= MOST, "{files:#?}");
    let guide = fs::read_to_string(root().join("docs/src/guides/new-service.md")).unwrap();
    let rows: BTreeSet<String> = guide
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned()))
        .collect();
    let named: BTreeSet<String> = files
        .iter()
        .map(|file| {
            file.replace("load-balancer", "<service>").replace("load_balancer", "<service>")
        })
        .collect();
    assert_eq!(named, rows, "the guide lists the files of the patch");
}

#[test]
fn its_spec_has_two_operations_and_no_errors() {
    let patch = fs::read_to_string(root().join(PATCH)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for name in ["openapi.yaml", "resources.yaml"] {
        let text = files(&patch).find(|(file, _)| file.ends_with(name)).unwrap().1;
        fs::write(folder.path().join(name), text).unwrap();
    }
    let outcome = SpecFiles::read(folder.path()).unwrap().generate();
    let messages: Vec<String> = outcome.diagnostics.iter().map(ToString::to_string).collect();
    assert!(messages.is_empty(), "{}", messages.join("\n"));
    assert_eq!(outcome.description.resources.len(), 1);
    assert!(outcome.service.unwrap().operations.len() >= 2);
}

/// Returns the files of a patch with the lines that it adds to them.
fn files(patch: &str) -> impl Iterator<Item = (&str, String)> {
    patch.split("\ndiff --git ").map(|part| {
        let mut lines = part.lines().skip_while(|line| !line.starts_with("+++ b/"));
        let name = lines.next().unwrap().trim_start_matches("+++ b/");
        let added = lines.filter_map(|line| line.strip_prefix('+'));
        (name, added.flat_map(|line| [line, "\n"]).collect())
    })
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}
