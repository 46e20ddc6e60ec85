//! The report of a request that did many things: 200, whatever became of each.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use crate::fault::title;
use crate::outcome::Reply;
use crate::request::RequestContext;

/// What became of many things.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// The counts, by what the report calls them.
    pub(crate) counts: Vec<(&'static str, usize)>,
    /// The path of each thing that failed, and its status.
    pub(crate) errors: Vec<(String, u16)>,
    /// The status where all went well.
    pub(crate) good: u16,
    /// What is said where nothing was done at all.
    pub(crate) nothing: &'static str,
}

impl Report {
    /// Answers in the form that the caller accepts: JSON, or lines.
    pub(crate) fn answer(self, context: &RequestContext) -> Reply {
        let did = self.counts.iter().any(|(_, count)| *count > 0);
        let (status, body) = match (self.errors.is_empty(), did) {
            (false, _) => (400, ""),
            (true, true) => (self.good, ""),
            (true, false) => (400, self.nothing),
        };
        let errors: Vec<Value> =
            self.errors.iter().map(|(path, status)| json!([path, line(*status)])).collect();
        let mut fields: Map<String, Value> =
            self.counts.iter().map(|(name, count)| ((*name).to_owned(), json!(count))).collect();
        fields.insert("Response Status".to_owned(), json!(line(status)));
        fields.insert("Response Body".to_owned(), json!(body));
        fields.insert("Errors".to_owned(), json!(errors));
        if context.header("accept").is_some_and(|accept| accept.contains("json")) {
            return Reply::json(200, Value::Object(fields));
        }
        let lines = fields.iter().filter(|(name, _)| *name != "Errors").map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            format!("{name}: {text}\n")
        });
        let errors =
            self.errors.iter().map(|(path, status)| format!("{path}, {}\n", line(*status)));
        let (lines, errors) =
            (lines.collect::<Vec<_>>().concat(), errors.collect::<Vec<_>>().concat());
        Reply::bytes(200, format!("{lines}Errors:\n{errors}"), "text/plain")
    }
}

fn line(status: u16) -> String {
    format!("{status} {}", title(status))
}

/// Writes a path as reports do, percent-encoded.
pub(crate) fn quoted(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

/// What Python's `quote` encodes: all but letters, digits, `_.-~` and slashes.
pub(super) const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~').remove(b'/');
