//! Lists as volume gives them: filters, order, pages, counts and links.

use std::cell::OnceCell;

use serde_json::{Value, json};

use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::page::{self, Bounds};
use crate::request::RequestContext;

/// A collection's names and what its items can be filtered by.
pub(crate) struct Collection {
    pub(crate) key: &'static str,
    pub(crate) links: &'static str,
    /// The path below the version, for the link to the next page.
    pub(crate) path: &'static str,
}

/// What a list has to know of an item without showing it.
pub(crate) trait Item {
    fn id(&self) -> &str;

    /// Returns an attribute that is cheap to have; `None` where only the whole has it.
    fn field(&self, key: &str) -> Option<Value>;
}

/// Implements [`Item`] with attributes that are shown as they are kept: the name of each in
/// the API, and the field that has it.
macro_rules! item {
    ($resource:ty { $($key:literal: $field:ident),+ $(,)? }) => {
        impl $crate::world::volume::collection::Item for $resource {
            fn id(&self) -> &str {
                &self.id
            }

            fn field(&self, key: &str) -> Option<serde_json::Value> {
                Some(match key {
                    $($key => serde_json::json!(self.$field),)+
                    _ => return None,
                })
            }
        }
    };
}
pub(super) use item;

/// Answers with a page of items. They are filtered and sorted by what `detail` has, which
/// is made of an item only where its own fields do not suffice, and given as `shown`.
pub(crate) fn answer<T: Item>(
    collection: &Collection,
    items: Vec<&T>,
    detail: impl Fn(&T) -> Value,
    shown: impl Fn(&T) -> Value,
    context: &RequestContext,
) -> Outcome {
    let query = &context.query;
    let mut items = items;
    items.reverse();
    sort(&mut items, &detail, context)?;
    let bounds = Bounds {
        limit: query.number("limit")?,
        marker: query.get("marker"),
        offset: query.number("offset")?.unwrap_or(0),
    };
    let kept = |item: &T| matches(item, &detail, context);
    let paged = page::filtered(&items, kept, &bounds, Item::id)?;
    let list: Vec<Value> = paged.items.into_iter().map(&shown).collect();
    let mut body = json!({ collection.key: list });
    if let Some(marker) = paged.next {
        let path = format!("{}/volume/v3/{}", context.base, collection.path);
        let href = format!("{path}?{}", query.with("marker", &marker));
        body[collection.links] = json!([{ "rel": "next", "href": href }]);
    }
    if query.flag("with_count") && context.since(45) {
        body["count"] = json!(items.iter().filter(|item| kept(item)).count());
    }
    Ok(Reply::json(200, body))
}

/// Whether an administrator asks for the things of all projects.
pub(crate) fn all_projects(context: &RequestContext) -> bool {
    context.is_admin() && context.query.flag("all_tenants")
}

/// What selects, orders or counts. `is_public` is applied by the lists that have it: its value
/// `None` leaves in both.
const NO_FILTERS: [&str; 9] = [
    "limit",
    "marker",
    "offset",
    "sort",
    "sort_key",
    "sort_dir",
    "all_tenants",
    "with_count",
    "is_public",
];

/// Applies `attribute=value` and, from 3.31, `attribute~=part`.
fn matches<T: Item>(item: &T, detail: &impl Fn(&T) -> Value, context: &RequestContext) -> bool {
    let whole = OnceCell::new();
    let value = |key: &str| match item.field(key) {
        Some(value) => Some(value),
        None => whole.get_or_init(|| detail(item)).get(key).cloned(),
    };
    context.query.iter().filter(|(key, _)| !NO_FILTERS.contains(key)).all(|(key, wanted)| {
        if let Some(key) = key.strip_suffix('~') {
            return plain(&value(key).unwrap_or_default()).contains(wanted);
        }
        match value(key) {
            None => true,
            Some(Value::Object(map)) => pairs(wanted)
                .iter()
                .all(|(key, value)| map.get(key).is_some_and(|have| plain(have) == *value)),
            Some(value) => plain(&value).eq_ignore_ascii_case(wanted),
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
fn sort<T: Item>(
    items: &mut Vec<&T>,
    detail: &impl Fn(&T) -> Value,
    context: &RequestContext,
) -> Result<(), Fault> {
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
        let key: &str = if key == "display_name" { "name" } else { key };
        let value = |item: &T| item.field(key).unwrap_or_else(|| detail(item)[key].take());
        let mut keyed: Vec<(Value, &T)> = items.iter().map(|item| (value(item), *item)).collect();
        keyed.sort_by(|(a, _), (b, _)| {
            let order = match (a.as_u64(), b.as_u64()) {
                (Some(a), Some(b)) => a.cmp(&b),
                _ => plain(a).cmp(&plain(b)),
            };
            if direction == "desc" { order.reverse() } else { order }
        });
        *items = keyed.into_iter().map(|(_, item)| item).collect();
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
    use std::cell::Cell;

    use super::*;
    use crate::outcome::ReplyBody;

    #[test]
    fn a_python_dictionary_is_read() {
        assert_eq!(
            pairs("{'a': 'b', u'c':'d'}"),
            [("a".into(), "b".into()), ("c".into(), "d".into())]
        );
    }

    struct Thing(String);

    impl Item for Thing {
        fn id(&self) -> &str {
            &self.0
        }

        fn field(&self, key: &str) -> Option<Value> {
            ["id", "name"].contains(&key).then(|| json!(self.0))
        }
    }

    /// Reads a whole list page by page; gives how often an item was shown in detail and how
    /// often it was given.
    fn walk(query: &str) -> (usize, usize) {
        let things: Vec<Thing> = (0..500).map(|number| Thing(number.to_string())).collect();
        let (details, given) = (Cell::new(0), Cell::new(0));
        let collection = Collection { key: "things", links: "links", path: "things" };
        let mut marker = String::new();
        loop {
            let context = RequestContext::asking(&format!("{query}&marker={marker}"));
            let detail = |thing: &Thing| {
                details.set(details.get() + 1);
                json!({ "id": thing.0, "colour": "red" })
            };
            let shown = |thing: &Thing| {
                given.set(given.get() + 1);
                json!({ "id": thing.0 })
            };
            let reply =
                answer(&collection, things.iter().collect(), detail, shown, &context).unwrap();
            let ReplyBody::Json(body) = reply.body else { panic!("no JSON") };
            if body.get("links").is_none() {
                return (details.get(), given.get());
            }
            let last = body["things"].as_array().unwrap().last().unwrap();
            last["id"].as_str().unwrap().clone_into(&mut marker);
        }
    }

    #[test]
    fn a_list_read_in_pages_shows_each_item_once() {
        assert_eq!(walk("limit=10"), (0, 500));
        assert_eq!(walk("limit=10&sort=name:asc&name=7"), (0, 1));
        // What only the whole has is looked at once an item, and once more for the first of
        // each next page.
        let (details, given) = walk("limit=10&colour=red");
        assert_eq!(given, 500);
        assert!(details <= 500 + 50, "{details}");
    }
}
