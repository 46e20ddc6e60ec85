//! Listings of containers and objects: what is in a page, and in which form.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;

/// The most entries that a listing gives at once.
const MAX_ENTRIES: usize = 10_000;

/// One entry of a listing.
pub(crate) struct Entry {
    pub(crate) name: String,
    /// What the JSON form says of it; nothing where it stands for a folder.
    pub(crate) details: Option<Value>,
}

/// Answers with the page of `entries`, sorted by name, that a request asks for.
pub(crate) fn answer(entries: Vec<Entry>, context: &RequestContext) -> Outcome {
    let page = select(entries, context)?;
    if wants_json(context) {
        let entries = page
            .into_iter()
            .map(|entry| entry.details.unwrap_or_else(|| json!({ "subdir": entry.name })));
        return Ok(Reply::json(200, entries.collect()));
    }
    if page.is_empty() {
        return Ok(Reply::empty(204));
    }
    let lines: String = page.into_iter().map(|entry| entry.name + "\n").collect();
    Ok(Reply::bytes(200, lines, "text/plain; charset=utf-8"))
}

/// Writes a time as listings do, without a zone.
pub(crate) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%6f").to_string()
}

fn wants_json(context: &RequestContext) -> bool {
    match context.query.get("format") {
        Some(format) => format == "json",
        None => context.header("accept").is_some_and(|accept| accept.contains("json")),
    }
}

fn select(entries: Vec<Entry>, context: &RequestContext) -> Result<Vec<Entry>, Fault> {
    let query = &context.query;
    let limit = match query.number("limit")? {
        Some(limit) if limit > MAX_ENTRIES => {
            return Err(Fault::new(412, format!("Maximum limit is {MAX_ENTRIES}")));
        }
        limit => limit.unwrap_or(MAX_ENTRIES),
    };
    let prefix = query.get("prefix").unwrap_or_default();
    let reverse = query.flag("reverse");
    let mut entries = folded(entries, prefix, query.get("delimiter").unwrap_or_default());
    if reverse {
        entries.reverse();
    }
    let after = |name: &str, marker: &str| if reverse { name < marker } else { name > marker };
    let marker = query.get("marker").filter(|marker| !marker.is_empty());
    let end = query.get("end_marker").filter(|marker| !marker.is_empty());
    Ok(entries
        .into_iter()
        .filter(|entry| marker.is_none_or(|marker| after(&entry.name, marker)))
        .filter(|entry| end.is_none_or(|end| entry.name != end && !after(&entry.name, end)))
        .take(limit)
        .collect())
}

/// Keeps what starts with the prefix, and folds what lies behind the next
/// delimiter into one entry that stands for a folder.
pub(crate) fn folded(entries: Vec<Entry>, prefix: &str, delimiter: &str) -> Vec<Entry> {
    let mut out: Vec<Entry> = Vec::new();
    for entry in entries {
        let Some(rest) = entry.name.strip_prefix(prefix) else { continue };
        match rest.find(delimiter).filter(|_| !delimiter.is_empty()) {
            None => out.push(entry),
            Some(at) => {
                let folder = entry.name[..prefix.len() + at + delimiter.len()].to_owned();
                if out.last().is_none_or(|last| last.name != folder) {
                    out.push(Entry { name: folder, details: None });
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_behind_a_delimiter_is_one_entry() {
        let entries = ["a", "b/1", "b/2", "c/x/y"]
            .map(|name| Entry { name: name.to_owned(), details: Some(Value::Null) });
        let names: Vec<String> =
            folded(entries.into(), "", "/").into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["a", "b/", "c/"]);
    }
}
