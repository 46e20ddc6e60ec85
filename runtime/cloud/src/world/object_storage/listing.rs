//! Listings of containers and objects: what is in a page, and in which form.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::xml::{self, Of};
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
pub(crate) fn answer(entries: Vec<Entry<'_>>, of: Of<'_>, context: &RequestContext) -> Outcome {
    let format = Format::asked(context)?;
    let page = select(entries, context)?;
    if format == Format::Text {
        let lines: String = page.into_iter().map(|entry| entry.name.into_owned() + "\n").collect();
        let reply = if lines.is_empty() {
            Reply::empty(204).header("content-type", format.media_type())
        } else {
            Reply::bytes(200, lines, &format.media_type())
        };
        return Ok(varies(reply, context));
    }
    let rows = page.into_iter().map(|entry| match entry.details {
        Some(details) => details(),
        None => json!({ "subdir": entry.name }),
    });
    let body = match format {
        Format::Json => rows.collect::<Value>().to_string(),
        Format::Xml(_) | Format::Text => xml::listing(of, rows),
    };
    Ok(varies(Reply::bytes(200, body, &format.media_type()), context))
}

/// Answers a `HEAD`, which has the media type of the listing and no body.
pub(crate) fn head(context: &RequestContext) -> Outcome {
    let media_type = Format::asked(context)?.media_type();
    Ok(varies(Reply::empty(204).header("content-type", media_type), context))
}

/// Says that the answer depends on `Accept`, unless the query chose the form.
fn varies(reply: Reply, context: &RequestContext) -> Reply {
    if context.query.has("format") { reply } else { reply.header("vary", "Accept") }
}

/// The form of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
    /// As one of the two media types that XML has.
    Xml(&'static str),
}

impl Format {
    /// The forms that swift offers, the first for whoever does not mind.
    const OFFERED: [(&'static str, Self); 4] = [
        ("text/plain", Self::Text),
        ("application/json", Self::Json),
        ("application/xml", Self::Xml("application/xml")),
        ("text/xml", Self::Xml("text/xml")),
    ];

    /// Returns what a request asks for: in its query, or else in `Accept`
    /// (`swift.common.middleware.listing_formats.get_listing_content_type`).
    fn asked(context: &RequestContext) -> Result<Self, Fault> {
        match context.query.get("format").map(str::to_ascii_lowercase).as_deref() {
            Some("json") => return Ok(Self::Json),
            Some("xml") => return Ok(Self::Xml("application/xml")),
            None | Some("") => {}
            Some(_) => return Ok(Self::Text),
        }
        let Some(accept) = context.header("accept") else { return Ok(Self::Text) };
        let mut best: Option<(f32, Self)> = None;
        for (media_type, format) in Self::OFFERED {
            let quality = quality(accept, media_type);
            if quality > best.map_or(0.0, |(quality, _)| quality) {
                best = Some((quality, format));
            }
        }
        best.map(|(_, format)| format).ok_or_else(|| {
            Fault::new(406, "The resource is not available in a format acceptable to your browser.")
        })
    }

    fn media_type(self) -> String {
        let name = match self {
            Self::Text => "text/plain",
            Self::Json => "application/json",
            Self::Xml(name) => name,
        };
        format!("{name}; charset=utf-8")
    }
}

/// Returns how much `Accept` wants a media type, by the most exact range that holds it.
fn quality(accept: &str, media_type: &str) -> f32 {
    let family = media_type.split('/').next().unwrap_or_default();
    let ranges = accept.split(',').filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next()?.to_ascii_lowercase();
        let exact = match name.split_once('/')? {
            ("*", "*") => 0,
            (start, "*") if start == family => 1,
            _ if name == media_type => 2,
            _ => return None,
        };
        let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok());
        Some((exact, quality.unwrap_or(1.0)))
    });
    ranges.max_by_key(|(exact, _)| *exact).map_or(0.0, |(_, quality)| quality)
}

/// Writes a time as listings do, without a zone.
pub(crate) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%6f").to_string()
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
            let of = Of::Container("c");
            let reply = answer(entries, of, &RequestContext::asking(&query)).unwrap();
            let ReplyBody::Bytes { content, .. } = reply.body else { panic!("no JSON") };
            let page: Value = serde_json::from_slice(&content).unwrap();
            let Some(last) = page.as_array().unwrap().last() else { break };
            last["name"].as_str().unwrap().clone_into(&mut marker);
        }
        assert_eq!(described.get(), 500);
    }

    #[test]
    fn the_most_exact_range_decides_and_the_first_offer_wins() {
        let context = |accept: &str| {
            let mut context = RequestContext::asking("");
            context.headers.insert("accept", accept.parse().unwrap());
            context
        };
        for (accept, expected) in [
            ("*/*", Format::Text),
            ("application/json", Format::Json),
            ("text/xml", Format::Xml("text/xml")),
            (
                "application/xml;q=0.9, application/json;q=0.5, */*;q=0.1",
                Format::Xml("application/xml"),
            ),
            ("application/*", Format::Json),
        ] {
            assert_eq!(Format::asked(&context(accept)).unwrap(), expected, "{accept}");
        }
        assert_eq!(Format::asked(&context("image/png")).unwrap_err().status, 406);
    }
}
