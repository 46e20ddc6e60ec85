//! Builds `undecided.yaml`: what one source alone says of answers that upstream does not describe.
//!
//! It is for a person, who decides in `overrides.yaml`. Nothing reads it.

use serde_json::{Value, json};

use super::facts::{Facts, Undecided};
use super::kept::Kept;

/// Returns the document; `None` if no answers were described from several sources.
pub(super) fn document(facts: &Facts, kept: &[Kept]) -> Option<(Value, usize)> {
    let mut entries: Vec<(&str, &Undecided)> = Vec::new();
    for entry in facts.undecided.as_ref()? {
        let of_entry = |one: &&Kept| {
            (&one.op.method, &one.op.path, &one.op.action)
                == (&entry.method, &entry.path, &entry.action)
        };
        entries.extend(kept.iter().filter(of_entry).map(|one| (one.name.id.as_str(), entry)));
    }
    entries.sort_by_key(|(id, entry)| (*id, &entry.pointer, &entry.what));
    let list = entries.iter().map(|(id, entry)| {
        json!({
            "operation": id,
            "pointer": entry.pointer,
            "versions": entry.versions,
            "sources": entry.sources,
            "what": entry.what,
        })
    });
    let list: Vec<Value> = list.collect();
    let count = list.len();
    Some((json!({"service": facts.service, "undecided": list}), count))
}
