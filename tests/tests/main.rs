//! Tests of the whole program: `squall` as people start it, against a cloud that is served
//! on loopback and that can be made to misbehave.
//!
//! They are one target, so that one more of them costs no further link. Each module is a
//! file beside this one; [`support`] has what they share.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what tests share fails as tests do")]

mod accounts;
mod answers;
mod compare;
mod exit_codes;
mod interrupted;
mod killed;
mod observing;
mod pairs;
mod parallel;
mod peers;
mod planted;
mod plugin;
mod policy;
mod policy_proof;
mod preflight;
mod prove;
mod runs;
mod secrets;
mod specs;
mod support;
mod undoing;
mod words;

#[test]
fn every_file_of_tests_is_compiled() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let manifest = std::fs::read_to_string(folder.join("../Cargo.toml")).unwrap();
    let targets = manifest.matches("path = \"tests/").count();
    let mut found = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let is_module = include_str!("main.rs").contains(&format!("\nmod {name};\n"));
        let is_target = manifest.contains(&format!("path = \"tests/{name}.rs\""));
        assert!(
            is_module || is_target,
            "tests/{name}.rs is neither a module of main.rs nor a target"
        );
        found += usize::from(is_target);
    }
    assert_eq!(found, targets, "a target of the manifest has no file");
}
