//! The structure of the workspace, checked against its sources: files do not import each
//! other in circles, and a lower layer of the runtime imports no higher one.
//!
//! Between crates the compiler checks the direction; within a crate these tests do.

mod imports;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use imports::{Edges, Imports};
use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

/// The circles that exist, each named by its files. At most two may; a new one fails, and so
/// does one that no longer exists and is still named.
const ALLOWED: &[&[&str]] = &[
    // What the cloud does for a request changes the world, and a request carries who sends it,
    // which is a part of the world. Services are parts of it, and in no circle.
    &[
        "runtime/cloud/src/behaviour.rs",
        "runtime/cloud/src/request.rs",
        "runtime/cloud/src/world/identity/catalog.rs",
        "runtime/cloud/src/world/identity/mod.rs",
        "runtime/cloud/src/world/identity/token.rs",
        "runtime/cloud/src/world/mod.rs",
    ],
    // A test sets up the fixtures around it, and a fixture is set up as a test runs.
    &["runtime/src/run/execute/fixtures.rs", "runtime/src/run/execute/test_run.rs"],
];

/// The layers of the runtime, from the top; see `docs/src/architecture.md`.
const LAYERS: &[&str] = &["cli", "run", "author", "resources", "target"];

#[test]
fn files_import_each_other_in_at_most_two_known_circles() {
    assert!(ALLOWED.len() <= 2, "two circles at most");
    let root = root();
    let mut report = String::new();
    let mut found: Vec<Vec<String>> = Vec::new();
    for source in crates(&root) {
        let edges = Imports::read(&source).edges();
        for circle in circles(&edges) {
            let mut files: Vec<String> = circle.iter().map(|file| shown(file)).collect();
            files.sort();
            if !ALLOWED.iter().any(|allowed| *allowed == files) {
                describe(&mut report, &edges, &circle);
            }
            found.push(files);
        }
    }
    for allowed in ALLOWED {
        if !found.iter().any(|files| files == allowed) {
            let _ = writeln!(report, "no circle any more, remove it from `ALLOWED`: {allowed:?}");
        }
    }
    assert!(
        report.is_empty(),
        "files import each other in a circle: move what both need to a file of its own\n{report}"
    );
}

/// Returns the folders with the sources of the workspace's crates, as its manifest lists them;
/// without the generated ones, which are one file each.
fn crates(root: &Path) -> Vec<PathBuf> {
    let manifest =
        std::fs::read_to_string(root.join("Cargo.toml")).expect("the workspace's manifest");
    let manifest: toml::Table = toml::from_str(&manifest).expect("TOML");
    let members = manifest["workspace"]["members"].as_array().expect("a list of members");
    let members = members.iter().filter_map(|member| member.as_str());
    let members =
        members.filter(|member| !member.contains('*') && !member.starts_with("generated"));
    members.map(|member| root.join(member).join("src")).collect()
}

#[test]
fn a_layer_of_the_runtime_imports_no_higher_one() {
    let src = root().join("runtime/src");
    let layer = |file: &Path| {
        let first = file.strip_prefix(&src).ok()?.components().next()?;
        LAYERS.iter().position(|layer| first.as_os_str() == *layer)
    };
    let mut report = String::new();
    for ((from, to), names) in Imports::read(&src).edges() {
        if let (Some(lower), Some(higher)) = (layer(&from), layer(&to))
            && higher < lower
        {
            let names: Vec<String> = names.into_iter().collect();
            let (from, to) = (shown(&from), shown(&to));
            let _ = writeln!(report, "{from} imports {to}: {}", names.join(", "));
        }
    }
    assert!(
        report.is_empty(),
        "the layers are, from the top, {}: move what is imported down, or its user up\n{report}",
        LAYERS.join(", ")
    );
    for entry in std::fs::read_dir(&src).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(name == "lib.rs" || LAYERS.contains(&name.as_str()), "`{name}` is in no layer");
    }
}

#[test]
fn a_circle_is_found_and_parts_of_a_module_are_none() {
    let dir = tempfile::tempdir().unwrap();
    for (file, source) in [
        ("lib.rs", "mod a; mod b; mod parts; pub use b::Thing;"),
        ("a.rs", "use crate::Thing; pub struct Other(Thing);"),
        ("b.rs", "pub struct Thing; fn f() { let _ = vec![crate::a::Other::new]; }"),
        ("parts/mod.rs", "mod part; use part::Part; pub struct Whole(Part);"),
        ("parts/part.rs", "use super::Whole; pub struct Part(Box<Whole>);"),
        ("unused.rs", "#[cfg(test)] mod tests { use crate::parts::Whole; }"),
    ] {
        let path = dir.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, source).unwrap();
    }
    let edges = Imports::read(dir.path()).edges();
    let circles = circles(&edges);
    let names: Vec<_> = circles.iter().flatten().filter_map(|file| file.file_name()).collect();
    assert_eq!(circles.len(), 1, "{edges:?}");
    assert!(names.iter().all(|name| ["a.rs", "b.rs"].map(AsRef::as_ref).contains(name)));
    assert!(!edges.keys().any(|(from, _)| from.ends_with("unused.rs")), "{edges:?}");
}

fn circles(edges: &Edges) -> Vec<Vec<&PathBuf>> {
    let graph: DiGraphMap<&PathBuf, ()> = edges.keys().map(|(from, to)| (from, to, ())).collect();
    tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > 1).collect()
}

/// Lists the imports that make a circle.
fn describe(report: &mut String, edges: &Edges, circle: &[&PathBuf]) {
    let _ = writeln!(report, "\na circle of {} files:", circle.len());
    for ((from, to), names) in edges {
        if circle.contains(&from) && circle.contains(&to) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let (from, to) = (shown(from), shown(to));
            let _ = writeln!(report, "  {from} imports {to}: {}", names.join(", "));
        }
    }
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace")
}
