//! Pages and links of compute's collections.

use regex::{Regex, RegexBuilder};
use serde_json::{Value, json};

use crate::fault::Fault;
use crate::page;
use crate::request::RequestContext;

/// Returns the two links of a resource.
pub(crate) fn links(collection: &str, id: &str, context: &RequestContext) -> Value {
    let base = &context.base;
    json!([
        { "rel": "self", "href": format!("{base}/compute/v2.1/{collection}/{id}") },
        { "rel": "bookmark", "href": format!("{base}/compute/{collection}/{id}") },
    ])
}

/// Reads a filter by name: a regular expression, which the database compares without regard to
/// case. On `MySQL` nova takes `|` as itself (`_safe_regex_mysql`).
pub(crate) fn name_pattern(text: &str) -> Result<Regex, Fault> {
    let pattern = text.replace('|', r"\|");
    RegexBuilder::new(&pattern).case_insensitive(true).build().map_err(|_| {
        Fault::bad_request(format!(
            "Invalid input for query parameters name. Value: {text}. '{text}' is not a 'regex'"
        ))
    })
}

/// Cuts a page out of items and gives it under `key`, with the link to the next.
pub(crate) fn paged<T>(
    key: &str,
    links: &str,
    items: Vec<T>,
    id: impl Fn(&T) -> &str,
    shown: impl Fn(&T) -> Value,
    context: &RequestContext,
) -> Result<Value, Fault> {
    let query = &context.query;
    let paged = page::page(items, query.number("limit")?, query.get("marker"), id)?;
    let list: Vec<Value> = paged.items.iter().map(shown).collect();
    let mut body = json!({ key: list });
    if let Some(marker) = paged.next {
        let next = query.with("marker", &marker);
        let href = format!("{}{}?{next}", context.base, context.path);
        body[links] = json!([{ "rel": "next", "href": href }]);
    }
    Ok(body)
}
