//! Pages and links of compute's collections.

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
