//! Lists as volume gives them: filters, order, pages, counts and links.

use serde_json::{Value, json};

use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::page;
use crate::request::RequestContext;

/// A collection's names and what its items can be filtered by.
pub(crate) struct Collection {
    pub(crate) key: &'static str,
    pub(crate) links: &'static str,
    /// The path below the version, for the link to the next page.
    pub(crate) path: &'static str,
}

/// Answers with a page of items; `detail` is how they are filtered and sorted,
/// `shown` how they are given.
pub(crate) fn answer<T>(
    collection: &Collection,
    items: Vec<T>,
    detail: impl Fn(&T) -> Value,
    shown: impl Fn(&T) -> Value,
    context: &RequestContext,
) -> Outcome {
    let query = &context.query;
    let mut kept: Vec<(Value, T)> = items
        .into_iter()
        .map(|item| (detail(&item), item))
        .filter(|(detail, _)| matches(detail, context))
        .collect();
    kept.reverse();
    sort(&mut kept, context)?;
    let count = kept.len();
    let offset = query.number("offset")?.unwrap_or(0);
    let kept: Vec<(Value, T)> = kept.into_iter().skip(offset).collect();
    let limit = query.number("limit")?;
    let paged = page::page(kept, limit, query.get("marker"), |(detail, _)| {
        detail["id"].as_str().unwrap_or_default()
    })?;
    let list: Vec<Value> = paged.items.iter().map(|(_, item)| shown(item)).collect();
    let mut body = json!({ collection.key: list });
    if let Some(marker) = paged.next {
        let path = format!("{}/volume/v3/{}", context.base, collection.path);
        let href = format!("{path}?{}", query.with("marker", &marker));
        body[collection.links] = json!([{ "rel": "next", "href": href }]);
    }
    if query.flag("with_count") && context.since(45) {
        body["count"] = json!(count);
    }
    Ok(Reply::json(200, body))
}

/// Tells whether an administrator asks for the things of all projects.
pub(crate) fn all_projects(context: &RequestContext) -> bool {
    context.is_admin() && context.query.flag("all_tenants")
}

const NO_FILTERS: [&str; 8] =
    ["limit", "marker", "offset", "sort", "sort_key", "sort_dir", "all_tenants", "with_count"];

/// Applies `attribute=value` and, from 3.31, `attribute~=part`.
fn matches(detail: &Value, context: &RequestContext) -> bool {
    context.query.iter().filter(|(key, _)| !NO_FILTERS.contains(key)).all(|(key, wanted)| {
        if let Some(key) = key.strip_suffix('~') {
            return plain(&detail[key]).contains(wanted);
        }
        match &detail[key] {
            Value::Null if detail.get(key).is_none() => true,
            Value::Object(map) => pairs(wanted)
                .iter()
                .all(|(key, value)| map.get(key).is_some_and(|have| plain(have) == *value)),
            value => plain(value).eq_ignore_ascii_case(wanted),
        }
    })
}

/// Reads `{'key': 'value'}`, Python's spelling of a dictionary.
fn pairs(text: &str) -> Vec<(String, String)> {
    let inner = text.trim().trim_start_matches('{').trim_end_matches('}');
    let bare =
        |part: &str| part.trim().trim_start_matches("u'").trim_matches(['\'', '"']).to_owned();
    inner
        .split(',')
        .filter_map(|pair| pair.split_once(':'))
        .map(|(key, value)| (bare(key), bare(value)))
        .collect()
}

/// Sorts by `sort=key:dir,…` or `sort_key` and `sort_dir`; the newest first.
fn sort<T>(items: &mut [(Value, T)], context: &RequestContext) -> Result<(), Fault> {
    let query = &context.query;
    if query.has("sort") && (query.has("sort_key") || query.has("sort_dir")) {
        return Err(Fault::bad_request(
            "The \"sort_key\" and \"sort_dir\" parameters are deprecated and cannot be used with the \"sort\" parameter.",
        ));
    }
    let keys: Vec<(String, String)> = match (query.get("sort"), query.get("sort_key")) {
        (Some(sort), _) => sort
            .split(',')
            .map(|part| part.split_once(':').unwrap_or((part, "desc")))
            .map(|(key, direction)| (key.trim().to_owned(), direction.trim().to_owned()))
            .collect(),
        (None, Some(key)) => {
            vec![(key.to_owned(), query.get("sort_dir").unwrap_or("desc").to_owned())]
        }
        (None, None) => Vec::new(),
    };
    for (key, direction) in keys.iter().rev() {
        if !["asc", "desc"].contains(&direction.as_str()) {
            return Err(Fault::bad_request(format!(
                "Unknown sort direction, must be one of asc, desc: {direction}"
            )));
        }
        let key = if key == "display_name" { "name" } else { key };
        items.sort_by(|(a, _), (b, _)| {
            let order = match (a[key].as_u64(), b[key].as_u64()) {
                (Some(a), Some(b)) => a.cmp(&b),
                _ => plain(&a[key]).cmp(&plain(&b[key])),
            };
            if direction == "desc" { order.reverse() } else { order }
        });
    }
    Ok(())
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_python_dictionary_is_read() {
        assert_eq!(
            pairs("{'a': 'b', u'c':'d'}"),
            [("a".into(), "b".into()), ("c".into(), "d".into())]
        );
    }
}
