//! How a collection is read page by page, as data: where its items are, and how the next
//! page is found.
//!
//! The client calls [`Paging::next_page`] after each page. The generator and the checks at
//! start call [`Paging::fault`] to compare a paging with the response's schema.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::materialise::VERSIONS_KEY;

/// How a collection is read page by page. All fields are JSON pointers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Paging {
    /// By `limit` and `marker`: the next page starts after the last item of this one.
    Marker {
        /// The collection in the body; empty when the body is the list.
        collection: Cow<'static, str>,
        /// The marker in an item, as in `/id` or `/keypair/name`. Items may differ (object
        /// storage lists objects by `/name` and folders by `/subdir`): the first pointer that
        /// leads to a string or number counts.
        markers: Cow<'static, [Cow<'static, str>]>,
    },
    /// By a link to the next page in the body.
    Link {
        /// The collection in the body; empty when the body is the list.
        collection: Cow<'static, str>,
        /// The link: a URL, or a list of `{rel, href}` of which `rel: next` counts.
        next: Cow<'static, str>,
    },
}

/// What follows a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextPage {
    /// This was the last page.
    None,
    /// The page after this marker.
    Marker(String),
    /// The page at this URL, which may be relative. Use only its query: the rest comes from
    /// the service and may name another host.
    Link(String),
}

/// The next page cannot be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageError {
    /// There is no list where the collection should be.
    NoCollection {
        /// Where it was looked for.
        collection: String,
    },
    /// The last item of the page has no marker.
    NoMarker {
        /// Where it was looked for.
        markers: Vec<String>,
    },
    /// There is something other than a link where the link should be.
    NoLink {
        /// Where it was looked for.
        next: String,
    },
}

impl Paging {
    /// Returns the JSON pointer of the collection in the body.
    pub fn collection(&self) -> &str {
        match self {
            Self::Marker { collection, .. } | Self::Link { collection, .. } => collection,
        }
    }

    /// Returns the collection in a body, if it is a list.
    pub fn items<'b>(&self, body: &'b Value) -> Option<&'b Vec<Value>> {
        body.pointer(self.collection())?.as_array()
    }

    /// Returns what follows the page in this body.
    ///
    /// An empty page is the last one of a collection that is paged by markers.
    ///
    /// # Errors
    /// The next page cannot be found from this one. The collection has then not been read
    /// completely, and must not be treated as complete.
    pub fn next_page(&self, body: &Value) -> Result<NextPage, PageError> {
        let Some(items) = self.items(body) else {
            return Err(PageError::NoCollection { collection: self.collection().to_owned() });
        };
        match self {
            Self::Marker { markers, .. } => match items.last() {
                None => Ok(NextPage::None),
                Some(last) => {
                    self.marker_of(last).map(NextPage::Marker).ok_or_else(|| PageError::NoMarker {
                        markers: markers.iter().map(ToString::to_string).collect(),
                    })
                }
            },
            Self::Link { next, .. } => match body.pointer(next) {
                None | Some(Value::Null) => Ok(NextPage::None),
                Some(Value::String(url)) if url.is_empty() => Ok(NextPage::None),
                Some(Value::String(url)) => Ok(NextPage::Link(url.clone())),
                Some(Value::Array(links)) => Ok(next_of(links)),
                Some(_) => Err(PageError::NoLink { next: next.to_string() }),
            },
        }
    }

    /// Returns the marker of an item; `None` if it has none or the paging uses links.
    pub fn marker_of(&self, item: &Value) -> Option<String> {
        let Self::Marker { markers, .. } = self else { return None };
        markers.iter().find_map(|pointer| match item.pointer(pointer)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
    }

    /// Returns what the schema of the response lacks for this paging.
    ///
    /// In a merged schema, one version that has the field is enough. A schema that does not
    /// say what its values contain lacks nothing.
    pub fn fault(&self, response: &Value) -> Option<PagingFault> {
        let collection = tokens(self.collection());
        if !leads(response, response, &collection, &["array"], 0) {
            return Some(PagingFault::NoCollection(self.collection().to_owned()));
        }
        match self {
            Self::Marker { markers, .. } => markers.iter().find_map(|marker| {
                let mut path = collection.clone();
                path.push(Step::Item);
                path.extend(tokens(marker));
                let there = leads(response, response, &path, &["string", "integer", "number"], 0);
                (!there).then(|| PagingFault::NoMarker(marker.to_string()))
            }),
            Self::Link { next, .. } => {
                let there = leads(response, response, &tokens(next), &["string", "array"], 0);
                (!there).then(|| PagingFault::NoLink(next.to_string()))
            }
        }
    }
}

/// Converts the name of a key, or a JSON pointer, to a JSON pointer.
///
/// `id` and `/id` are the same; the empty string is the whole value.
pub fn pointer(place: &str) -> String {
    if place.is_empty() || place.starts_with('/') {
        place.to_owned()
    } else {
        crate::pointer::join("", place)
    }
}

/// What a response's schema lacks for a paging, each with its JSON pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PagingFault {
    /// The response has no list there.
    NoCollection(String),
    /// The items have no string or number there.
    NoMarker(String),
    /// The response has no link there.
    NoLink(String),
}

impl fmt::Display for PagingFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCollection(at) if at.is_empty() => f.write_str("the response is not a list"),
            Self::NoCollection(at) => write!(f, "the response has no list at `{at}`"),
            Self::NoMarker(at) => {
                write!(f, "the items of the collection have no string or number at `{at}`")
            }
            Self::NoLink(at) => write!(f, "the response has no link at `{at}`"),
        }
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCollection { collection } if collection.is_empty() => {
                f.write_str("the page is not a list")
            }
            Self::NoCollection { collection } => {
                write!(f, "the page has no list at `{collection}`")
            }
            Self::NoMarker { markers } => write!(
                f,
                "the last item of the page has no marker at `{}`, so the next page cannot be requested",
                markers.join("` or `")
            ),
            Self::NoLink { next } => write!(
                f,
                "the page has no valid link at `{next}`, so the next page cannot be requested"
            ),
        }
    }
}

impl std::error::Error for PageError {}

/// Returns the `rel: next` of a list of links.
fn next_of(links: &[Value]) -> NextPage {
    let next = links.iter().find(|link| link.get("rel").and_then(Value::as_str) == Some("next"));
    let href = next.and_then(|link| link.get("href")).and_then(Value::as_str);
    href.map_or(NextPage::None, |href| NextPage::Link(href.to_owned()))
}

/// A step from a value to one inside it.
#[derive(Debug, Clone)]
enum Step {
    Key(String),
    Item,
}

fn tokens(pointer: &str) -> Vec<Step> {
    crate::pointer::keys(pointer).map(Step::Key).collect()
}

/// How deeply schemas may be nested before the walk gives up.
const DEPTH: usize = 64;

/// Whether a value that the schema allows may have one of these types at a path.
fn leads(root: &Value, schema: &Value, path: &[Step], types: &[&str], depth: usize) -> bool {
    let Value::Object(keywords) = schema else { return schema != &Value::Bool(false) };
    if depth > DEPTH {
        return true;
    }
    let into = |schema: &Value, path: &[Step]| leads(root, schema, path, types, depth + 1);
    if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
        let target = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        return target.is_none_or(|target| into(target, path));
    }
    let marks = keywords.get(VERSIONS_KEY);
    if let Some(variants) = marks.and_then(|m| m.get("variants")).and_then(Value::as_array) {
        let schemas = variants.iter().filter_map(|variant| variant.get("schema"));
        return schemas.into_iter().any(|schema| into(schema, path));
    }
    let branches = || {
        let lists = ["oneOf", "anyOf", "allOf"].iter().filter_map(|key| keywords.get(*key));
        lists.filter_map(Value::as_array).flatten()
    };
    let Some((step, rest)) = path.split_first() else {
        let own = match keywords.get("type") {
            Some(Value::String(name)) => Some(types.contains(&name.as_str())),
            Some(Value::Array(names)) => {
                Some(names.iter().filter_map(Value::as_str).any(|name| types.contains(&name)))
            }
            _ => None,
        };
        return own.unwrap_or_else(|| {
            branches().next().is_none() || branches().any(|branch| into(branch, path))
        });
    };
    let own = match step {
        Step::Item => keywords.get("items").map(|items| into(items, rest)),
        Step::Key(key) => inner(keywords, key, marks)
            .map(|inner| inner.into_iter().any(|schema| into(schema, rest))),
    };
    match own {
        Some(true) => true,
        Some(false) => branches().any(|branch| into(branch, path)),
        None => branches().next().is_none() || branches().any(|branch| into(branch, path)),
    }
}

/// Returns the schemas for a key; `None` if the schema does not describe its keys.
fn inner<'s>(
    keywords: &'s serde_json::Map<String, Value>,
    key: &str,
    marks: Option<&Value>,
) -> Option<Vec<&'s Value>> {
    let map = |name: &str| keywords.get(name).and_then(Value::as_object);
    if let Some(own) = map("properties").and_then(|properties| properties.get(key)) {
        return Some(vec![own]);
    }
    if let Some(patterns) = map("patternProperties").filter(|patterns| !patterns.is_empty()) {
        return Some(patterns.values().collect());
    }
    match keywords.get("additionalProperties") {
        Some(rest @ Value::Object(_)) => Some(vec![rest]),
        Some(Value::Bool(false)) => Some(Vec::new()),
        _ => {
            let said = map("properties").is_some_and(|properties| !properties.is_empty())
                || marks.is_some_and(|marks| marks.get("additional-properties").is_some())
                || keywords.get("type").is_some_and(|ty| ty == "array" || ty == "string");
            said.then(Vec::new)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn by(collection: &'static str, markers: &[&'static str]) -> Paging {
        let markers = markers.iter().map(|marker| Cow::Borrowed(*marker)).collect();
        Paging::Marker { collection: collection.into(), markers }
    }

    fn linked(next: &'static str) -> Paging {
        Paging::Link { collection: "/secrets".into(), next: next.into() }
    }

    #[test]
    fn a_marker_may_lie_deep_and_be_one_of_several() {
        let keypairs = by("/keypairs", &["/keypair/name"]);
        let body = json!({"keypairs": [{"keypair": {"name": "a"}}, {"keypair": {"name": "b"}}]});
        assert_eq!(keypairs.next_page(&body), Ok(NextPage::Marker("b".to_owned())));
        let objects = by("", &["/name", "/subdir"]);
        let body = json!([{"name": "a"}, {"subdir": "b/"}]);
        assert_eq!(objects.next_page(&body), Ok(NextPage::Marker("b/".to_owned())));
    }

    #[test]
    fn an_empty_page_is_the_last_and_a_missing_marker_is_an_error() {
        let servers = by("/servers", &["/id"]);
        assert_eq!(servers.next_page(&json!({"servers": []})), Ok(NextPage::None));
        for item in [json!({"name": "a"}), json!({"id": null}), json!({"id": ""})] {
            let error = servers.next_page(&json!({"servers": [item]})).unwrap_err();
            assert!(error.to_string().contains("no marker at `/id`"), "{error}");
        }
        let error = servers.next_page(&json!({"server": []})).unwrap_err();
        assert_eq!(error.to_string(), "the page has no list at `/servers`");
    }

    #[test]
    fn a_link_is_a_url_or_the_next_of_a_list() {
        let page = |next: Value| json!({"secrets": [{}], "next": next});
        let follow = |next| linked("/next").next_page(&page(next));
        let link = |url: &str| Ok(NextPage::Link(url.to_owned()));
        assert_eq!(follow(json!("/v1/secrets?offset=2")), link("/v1/secrets?offset=2"));
        let links = json!([{"rel": "previous", "href": "x"}, {"rel": "next", "href": "y"}]);
        assert_eq!(follow(links), link("y"));
        for last in [json!(null), json!(""), json!([]), json!([{"rel": "self", "href": "x"}])] {
            assert_eq!(follow(last), Ok(NextPage::None));
        }
        assert!(matches!(follow(json!(3)), Err(PageError::NoLink { .. })));
    }

    #[test]
    fn what_the_schema_lacks_is_found() {
        let item = json!({"type": "object", "properties": {
            "keypair": {"type": "object", "properties": {"name": {"type": ["string", "null"]}}},
            "flags": {"type": "object"},
        }});
        let body = json!({"type": "object", "properties": {
            "keypairs": {"type": "array", "items": item}, "count": {"type": "integer"},
        }});
        assert_eq!(by("/keypairs", &["/keypair/name"]).fault(&body), None);
        let lacking = PagingFault::NoMarker("/name".to_owned());
        assert_eq!(by("/keypairs", &["/name"]).fault(&body), Some(lacking));
        let flags = PagingFault::NoMarker("/flags".to_owned());
        assert_eq!(by("/keypairs", &["/flags"]).fault(&body), Some(flags));
        for wrong in ["/next", "/count"] {
            let paging =
                Paging::Link { collection: "/keypairs".into(), next: wrong.to_owned().into() };
            assert_eq!(paging.fault(&body), Some(PagingFault::NoLink(wrong.to_owned())));
        }
        for wrong in ["/keys", "/count", ""] {
            let fault = by(wrong, &["/id"]).fault(&body);
            assert_eq!(fault, Some(PagingFault::NoCollection(wrong.to_owned())));
        }
    }

    #[test]
    fn every_version_and_branch_of_a_schema_counts() {
        let branch = |key: &str| json!({"type": "object", "properties": {key: {"type": "string"}}});
        let schema = json!({"type": "array", "items": {"x-openstack": {"variants": [
            {"max-ver": "2.1", "schema": branch("old")},
            {"min-ver": "2.2", "schema": {"oneOf": [branch("name"), branch("subdir")]}},
        ]}}});
        assert_eq!(by("", &["/name", "/subdir", "/old"]).fault(&schema), None);
        assert!(by("", &["/id"]).fault(&schema).is_some());
    }

    #[test]
    fn a_schema_that_says_nothing_lacks_nothing() {
        for schema in [json!({}), json!({"type": "object"}), json!(true)] {
            assert_eq!(by("/servers", &["/id"]).fault(&schema), None, "{schema}");
        }
        let open = json!({"type": "object", "properties": {"servers": {"type": "array"}}});
        assert_eq!(by("/servers", &["/id"]).fault(&open), None);
    }

    #[test]
    fn a_key_is_a_pointer_of_one_step() {
        assert_eq!([pointer("id"), pointer("/a/b"), pointer("")], ["/id", "/a/b", ""]);
        assert_eq!(pointer("a/b"), "/a~1b");
    }
}
