//! Reads a service's microversions from `history.yaml`.

use serde::Deserialize;
use squall_model::{Microversion, VersionKind, VersionRange};

use crate::diagnostic::{Diagnostics, pointer};
use crate::model::{Service, Version};
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
    let (base, list) = match raw.get("versions") {
        Some(list) => ("/versions", list),
        None => ("", &raw),
    };
    let Some(list) = list.as_array() else {
        sink.error("", "a history must be a list of versions", HELP);
        return Vec::new();
    };
    let mut out: Vec<Version> = Vec::with_capacity(list.len());
    for (index, entry) in list.iter().enumerate() {
        let at = pointer(base, index);
        match Entry::deserialize(entry) {
            Ok(entry) => {
                if out.last().is_some_and(|before| before.version >= entry.version) {
                    let message =
                        format!("{} is not higher than the version before it", entry.version);
                    sink.error(at, message, "list the versions in ascending order, each once");
                    continue;
                }
                if entry.summary.trim().is_empty() {
                    let message = format!("{} has no summary", entry.version);
                    sink.warning(&at, message, "describe in one line what it changed");
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

/// Compares the history with the service's range: every version has exactly one entry.
pub fn compare(service: VersionRange, history: &[Version], sink: &mut Diagnostics) {
    let VersionRange { min: Some(first), max: Some(last) } = service else {
        if !history.is_empty() && service == VersionRange::ALL {
            let message = "the history has versions, but the document has no microversions";
            sink.error("", message, "add `min-ver` and `max-ver` to the document");
        }
        return;
    };
    for (index, note) in history.iter().enumerate() {
        if !service.contains(Some(note.version)) {
            let message = format!("{} is outside of the service's range, {service}", note.version);
            let help = "remove the entry, or correct the range in the document";
            sink.error(format!("/versions/{index}/version"), message, help);
        }
    }
    let mut missing = Vec::new();
    let mut next = first;
    while next <= last && next.major == first.major && missing.len() < LISTED {
        if !history.iter().any(|note| note.version == next) {
            missing.push(next.to_string());
        }
        next = next.next();
    }
    if !missing.is_empty() {
        let more = if missing.len() == LISTED { ", …" } else { "" };
        let message = format!("no entry for {}{more}", missing.join(", "));
        sink.error("/versions", message, HELP);
    }
}

/// Compares the kinds in the history with what changes: no version is called behaviour-only at
/// which something changes that is sent or answered.
pub fn compare_kinds(service: &Service, sink: &mut Diagnostics) {
    let changes = service.changes();
    for (index, note) in service.history.iter().enumerate() {
        if note.kind == VersionKind::Behaviour
            && let Some(change) = changes.get(&note.version)
        {
            let message = format!("{} counts as `behaviour`, but {change} at it", note.version);
            let help = "write `kind: schema`, or correct the version mark in the document";
            sink.error(format!("/versions/{index}/kind"), message, help);
        }
    }
}

/// How many missing versions a message lists at most.
const LISTED: usize = 10;

const HELP: &str = "write `- {version: '2.90', kind: schema, summary: \"…\"}`, with the kind `schema` or `behaviour`";
