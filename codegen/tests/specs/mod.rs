//! Shared by the tests of the committed specs: the services as the generator reads them, and
//! the digests of the introspectors.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use serde_json::Value;
use squall_codegen::diagnostic::Diagnostics;
use squall_codegen::generate::{self, Source};
use squall_codegen::model::Service;
use squall_codegen::read;
use squall_model::{Microversion, VersionRange};

/// The folders below `api-specs/`: every spec, however it was written.
pub(crate) static SERVICES: LazyLock<Vec<&str>> = LazyLock::new(|| having("openapi.yaml"));

/// The folders of the specs that were harvested from a release.
pub(crate) static HARVESTED: LazyLock<Vec<&str>> = LazyLock::new(|| having("digests.tsv"));

/// Returns the folders below `api-specs/` that have a file, sorted.
#[expect(clippy::unwrap_used, reason = "what tests share fails as tests do")]
fn having(file: &str) -> Vec<&'static str> {
    let entries = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    let folders = entries.filter(|path| path.join(file).is_file());
    let name = |path: PathBuf| &*path.file_name().unwrap().to_str().unwrap().to_owned().leak();
    let mut names: Vec<&str> = folders.map(name).collect();
    names.sort_unstable();
    names
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../api-specs")
}

/// Returns the text of a service's file; empty if there is none.
pub(crate) fn text(service: &str, file: &str) -> String {
    fs::read_to_string(root().join(service).join(file)).unwrap_or_default()
}

/// Returns a service's file as a value; null if there is none.
pub(crate) fn value(service: &str, file: &str) -> Value {
    let mut sink = Diagnostics::new(file);
    let value = read::value(&text(service, file), &mut sink);
    assert!(!sink.has_errors(), "{service}/{file}: {:#?}", sink.into_sorted());
    value.unwrap_or_default()
}

/// Reads a document as the generator does.
#[expect(clippy::panic, reason = "what tests share fails as tests do")]
pub(crate) fn service(document: &str) -> Service {
    let outcome = generate::service(Source { file: "openapi.yaml", text: document }, None);
    let messages: Vec<String> = outcome.diagnostics.iter().map(ToString::to_string).collect();
    outcome.service.unwrap_or_else(|| panic!("{}", messages.join("\n")))
}

/// A line of `digests.tsv`: a schema entry as its introspector found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Digest {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) action: Option<String>,
    pub(crate) part: String,
    pub(crate) versions: VersionRange,
    /// The digest of what the spec carries.
    pub(crate) carried: String,
    /// Why that is not everything.
    pub(crate) reasons: Vec<String>,
    /// The whole line.
    pub(crate) line: String,
}

/// Reads a service's digests.
pub(crate) fn digests(service: &str) -> Vec<Digest> {
    text(service, "digests.tsv").lines().map(digest).collect()
}

fn digest(line: &str) -> Digest {
    let columns: Vec<&str> = line.split('\t').collect();
    assert!(matches!(columns.len(), 7 | 9), "{line}");
    let word = |at: usize| Some(columns[at]).filter(|word| *word != "-");
    let version = |at: usize| word(at).map(|text| text.parse::<Microversion>().expect(line));
    Digest {
        method: columns[0].to_owned(),
        path: columns[1].to_owned(),
        action: word(2).map(str::to_owned),
        part: columns[3].to_owned(),
        versions: VersionRange::new(version(4), version(5)),
        carried: columns.get(7).unwrap_or(&columns[6]).to_string(),
        reasons: columns
            .get(8)
            .map_or_else(Vec::new, |reasons| reasons.split(',').map(str::to_owned).collect()),
        line: line.to_owned(),
    }
}

/// Returns a path without the names of its parameters, which may differ.
pub(crate) fn template(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    let path = parts.collect::<Vec<_>>().join("/");
    if path.is_empty() { "/".to_owned() } else { path }
}
