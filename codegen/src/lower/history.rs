//! Reads a service's microversions from `history.yaml`.

use serde::Deserialize;
use squall_model::{Microversion, VersionKind};

use crate::diagnostic::Diagnostics;
use crate::model::Version;
use crate::read;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    version: Microversion,
    kind: VersionKind,
    #[serde(default)]
    summary: String,
}

/// Reads the history. Every entry that cannot be read is reported.
pub fn history(text: &str, sink: &mut Diagnostics) -> Vec<Version> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let Some(raw) = read::value(text, sink) else { return Vec::new() };
    if raw.is_null() {
        return Vec::new();
    }
    let Some(list) = raw.get("versions").unwrap_or(&raw).as_array() else {
        sink.error("", "a history must be a list of versions", HELP);
        return Vec::new();
    };
    let mut out: Vec<Version> = Vec::with_capacity(list.len());
    for (index, entry) in list.iter().enumerate() {
        let at = format!("/{index}");
        match Entry::deserialize(entry) {
            Ok(entry) => {
                if out.last().is_some_and(|before| before.version >= entry.version) {
                    let message =
                        format!("{} is not higher than the version before it", entry.version);
                    sink.error(at, message, "list the versions in ascending order, each once");
                    continue;
                }
                out.push(Version {
                    version: entry.version,
                    kind: entry.kind,
                    summary: entry.summary,
                });
            }
            Err(error) => sink.error(at, format!("invalid entry of a version: {error}"), HELP),
        }
    }
    out
}

const HELP: &str = "write `- {version: '2.90', kind: schema, summary: \"…\"}`, with the kind `schema` or `behaviour`";
