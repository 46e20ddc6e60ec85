//! Listings of containers and objects: what is in a page, and in which form.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;

/// The most entries that a listing gives at once.
const MAX_ENTRIES: usize = 10_000;

/// One entry of a listing.
pub(crate) struct Entry<'a> {
    pub(crate) name: Cow<'a, str>,
    /// What the JSON form says of it, made for those of a page alone; nothing where it
    /// stands for a folder.
    pub(crate) details: Option<Details<'a>>,
}

/// Makes what the JSON form says of an entry.
pub(crate) type Details<'a> = Box<dyn Fn() -> Value + 'a>;

impl<'a> Entry<'a> {
    pub(crate) fn new(name: &'a str, details: impl Fn() -> Value + 'a) -> Self {
        Self { name: Cow::Borrowed(name), details: Some(Box::new(details)) }
    }
}

/// Answers with the page of `entries`, sorted by name, that a request asks for.
pub(crate) fn answer(entries: Vec<Entry<'_>>, context: &RequestContext) -> Outcome {
    let page = select(entries, context)?;
    if wants_json(context) {
        let entries = page.into_iter().map(|entry| match entry.details {
            Some(details) => details(),
            None => json!({ "subdir": entry.name }),
        });
        return Ok(Reply::json(200, entries.collect()));
    }
    if page.is_empty() {
        return Ok(Reply::empty(204));
    }
    let lines: String = page.into_iter().map(|entry| entry.name.into_owned() + "\n").collect();
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

fn select<'a>(entries: Vec<Entry<'a>>, context: &RequestContext) -> Result<Vec<Entry<'a>>, Fault> {
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
        .filter(|entry| end.is_none_or(|end| *entry.name != *end && !after(&entry.name, end)))
        .take(limit)
        .collect())
}

/// Keeps what starts with the prefix, and folds what lies behind the next
/// delimiter into one entry that stands for a folder.
pub(crate) fn folded<'a>(entries: Vec<Entry<'a>>, prefix: &str, delimiter: &str) -> Vec<Entry<'a>> {
    let mut out: Vec<Entry<'a>> = Vec::new();
    for entry in entries {
        let Some(rest) = entry.name.strip_prefix(prefix) else { continue };
        match rest.find(delimiter).filter(|_| !delimiter.is_empty()) {
            None => out.push(entry),
            Some(at) => {
                let folder = entry.name[..prefix.len() + at + delimiter.len()].to_owned();
                if out.last().is_none_or(|last| last.name != folder) {
                    out.push(Entry { name: Cow::Owned(folder), details: None });
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::outcome::ReplyBody;

    #[test]
    fn what_lies_behind_a_delimiter_is_one_entry() {
        let entries = ["a", "b/1", "b/2", "c/x/y"].map(|name| Entry::new(name, || Value::Null));
        let folded = folded(entries.into(), "", "/");
        let names: Vec<&str> = folded.iter().map(|entry| &*entry.name).collect();
        assert_eq!(names, ["a", "b/", "c/"]);
    }

    #[test]
    fn a_listing_read_in_pages_describes_each_entry_once() {
        let names: Vec<String> = (0..500).map(|number| format!("{number:03}")).collect();
        let described = Cell::new(0);
        let mut marker = String::new();
        loop {
            let query = format!("format=json&limit=50&marker={marker}");
            let described = &described;
            let entry = |name| {
                Entry::new(name, move || {
                    described.set(described.get() + 1);
                    json!({ "name": name })
                })
            };
            let entries = names.iter().map(|name| entry(name.as_str())).collect();
            let reply = answer(entries, &RequestContext::asking(&query)).unwrap();
            let ReplyBody::Json(page) = reply.body else { panic!("no JSON") };
            let Some(last) = page.as_array().unwrap().last() else { break };
            last["name"].as_str().unwrap().clone_into(&mut marker);
        }
        assert_eq!(described.get(), 500);
    }
}
