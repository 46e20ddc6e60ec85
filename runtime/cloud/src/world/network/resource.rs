//! What network's resources share: ownership, lists with filters, stamps.

use serde_json::{Map, Value, json};

use super::State;
use super::target::{rule, target};
use crate::clock::Stamp;
use crate::document::{Document, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::page::{self, Page};
use crate::query::truth;
use crate::request::RequestContext;
use crate::world::World;

/// The names of a kind of resource.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) singular: &'static str,
    pub(crate) plural: &'static str,
    /// The word of the fault when there is none.
    pub(crate) missing: &'static str,
    /// What messages call it.
    pub(crate) label: &'static str,
}

impl Kind {
    /// Answers with one resource.
    pub(crate) fn one(
        &self,
        status: u16,
        resource: &Document,
        state: &State,
        context: &RequestContext,
    ) -> Reply {
        let view = View::new(self, Some(resource), state, context);
        Reply::json(status, json!({ self.singular: view.of(resource) }))
    }

    /// Answers with what the query leaves of the resources, and what the caller may get of it.
    pub(crate) fn many<'a>(
        &self,
        resources: impl Iterator<Item = &'a Document>,
        state: &State,
        context: &RequestContext,
    ) -> Outcome {
        let query = &context.query;
        let get = rule("get", self.singular);
        let seen = |r: &Document| context.may(&get, &target(state, None, Some(r), context));
        let mut kept: Vec<&Document> =
            resources.filter(|r| matches(r, context) && seen(r)).collect();
        let keys: Vec<&str> = query.all("sort_key").collect();
        let directions: Vec<&str> = query.all("sort_dir").collect();
        for (index, key) in keys.iter().enumerate().rev() {
            kept.sort_by_key(|a| plain(a.get(*key)));
            if directions.get(index) == Some(&"desc") {
                kept.reverse();
            }
        }
        // Without a limit, network knows neither markers nor directions: everything is one page.
        let limit = query.number("limit")?.filter(|limit| *limit > 0);
        let back = limit.is_some()
            && query.get("page_reverse").is_some_and(|text| text.eq_ignore_ascii_case("true"));
        if back {
            kept.reverse();
        }
        let marker = query.get("marker").filter(|_| limit.is_some());
        let paged = match limit {
            Some(_) => page::page(kept, limit, marker, |r| text(r, "id"))?,
            None => Page { items: kept, next: None },
        };
        let mut items = paged.items;
        if back {
            items.reverse();
        }
        let mut links = Vec::new();
        let mut link = |rel: &str, query: String| {
            let href = format!("{}{}?{query}", context.base, context.path);
            links.push(json!({ "rel": rel, "href": href }));
        };
        if let Some(marker) = &paged.next {
            link(if back { "previous" } else { "next" }, query.with("marker", marker));
        }
        if let (Some(first), Some(_)) = (items.first(), marker) {
            let reversed = crate::query::Query::parse(&query.with("page_reverse", "True"));
            link("previous", reversed.with("marker", text(first, "id")));
        }
        let view = View::new(self, items.first().copied(), state, context);
        let shown: Vec<Value> = items.iter().map(|r| view.of(r)).collect();
        let mut body = json!({ self.plural: shown });
        if limit.is_some() && !links.is_empty() {
            body[format!("{}_links", self.plural)] = json!(links);
        }
        Ok(Reply::json(200, body))
    }

    /// Returns the fault for an id that nothing visible has.
    pub(crate) fn missing(&self, id: &str) -> Fault {
        Fault::not_found(format!("{} {id} could not be found.", self.label)).word(self.missing)
    }

    /// Returns the attributes of the resource in the body.
    pub(crate) fn attributes<'a>(
        &self,
        context: &'a RequestContext,
    ) -> Result<&'a Document, Fault> {
        context.json.get(self.singular).and_then(Value::as_object).ok_or_else(|| {
            Fault::bad_request(format!("Resource body required: an object `{}`.", self.singular))
        })
    }
}

/// How the resources of one answer are shown: without the attributes that the caller may not see,
/// and only the fields asked for.
struct View<'a> {
    fields: Vec<&'a str>,
    hidden: Vec<&'a str>,
}

impl<'a> View<'a> {
    /// Decides what is shown by the first resource, as neutron does for all of an answer
    /// (`PolicyHook._exclude_attributes_by_policy`).
    fn new(
        kind: &Kind,
        first: Option<&'a Document>,
        state: &State,
        context: &'a RequestContext,
    ) -> Self {
        let action = rule("get", kind.singular);
        let first_target = target(state, None, first, context);
        let hides = |name: &&str| {
            let rule = context.attribute_rule(&action, name);
            rule.is_some_and(|rule| !context.may(rule, &first_target))
        };
        let names = first.into_iter().flat_map(Document::keys).map(String::as_str);
        Self {
            fields: context.query.all("fields").collect(),
            hidden: names.filter(hides).collect(),
        }
    }

    fn of(&self, resource: &Document) -> Value {
        let kept: Map<String, Value> = resource
            .iter()
            .filter(|(key, _)| !self.hidden.contains(&key.as_str()))
            .filter(|(key, _)| self.fields.is_empty() || self.fields.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        Value::Object(kept)
    }
}

/// Returns each resource of a body with one or with several in it.
pub(crate) fn bodies<'a>(
    kind: &Kind,
    context: &'a RequestContext,
) -> Result<(Vec<&'a Document>, bool), Fault> {
    match context.json.get(kind.plural).and_then(Value::as_array) {
        Some(list) => Ok((list.iter().filter_map(Value::as_object).collect(), true)),
        None => Ok((vec![kind.attributes(context)?], false)),
    }
}

/// Answers a request that made one resource, or several at once.
pub(crate) fn made(
    kind: &Kind,
    made: &[Document],
    several: bool,
    state: &State,
    context: &RequestContext,
) -> Outcome {
    let view = View::new(kind, made.first(), state, context);
    let mut shown: Vec<Value> = made.iter().map(|r| view.of(r)).collect();
    let body =
        if several { json!({ kind.plural: shown }) } else { json!({ kind.singular: shown.pop() }) };
    Ok(Reply::json(201, body))
}

/// Returns the project that a new resource belongs to.
pub(crate) fn owner(body: &Document, context: &RequestContext) -> Result<String, Fault> {
    let asked = [text(body, "project_id"), text(body, "tenant_id")];
    match asked.into_iter().find(|project| !project.is_empty()) {
        Some(project) if !context.may_see(project) => Err(Fault::bad_request(
            "Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin privileges",
        )),
        Some(project) => Ok(project.to_owned()),
        None => Ok(context.project().to_owned()),
    }
}

/// Whether a resource belongs to a project that the caller may see.
pub(crate) fn visible(resource: &Document, context: &RequestContext) -> bool {
    context.may_see(text(resource, "project_id"))
}

/// Adds what every resource has: ids of its project, stamps, tags.
pub(crate) fn complete(world: &World, resource: &mut Document, id: &str, project: &str) {
    let now = world.stamp(Stamp::Seconds);
    for (key, value) in [
        ("id", json!(id)),
        ("project_id", json!(project)),
        ("tenant_id", json!(project)),
        ("created_at", json!(now)),
        ("updated_at", json!(now)),
        ("revision_number", json!(1)),
    ] {
        resource.insert(key.to_owned(), value);
    }
    resource.entry("tags").or_insert_with(|| json!([]));
}

/// Notes that a resource was changed.
pub(crate) fn touch(resource: &mut Document, now: &str) {
    let revision = resource.get("revision_number").and_then(Value::as_u64).unwrap_or(0);
    resource.insert("revision_number".to_owned(), json!(revision + 1));
    resource.insert("updated_at".to_owned(), json!(now));
}

/// Copies the attributes that may be changed, and refuses the others.
pub(crate) fn change(
    resource: &mut Document,
    body: &Document,
    fixed: &[&str],
    now: &str,
) -> Result<(), Fault> {
    if let Some(key) = body.keys().find(|key| fixed.contains(&key.as_str())) {
        return Err(Fault::bad_request(format!("Cannot update read-only attribute {key}"))
            .word("HTTPBadRequest"));
    }
    crate::document::merge(resource, body);
    touch(resource, now);
    Ok(())
}

/// The parameters of a list that are no filters.
const NO_FILTERS: [&str; 11] = [
    "fields",
    "limit",
    "marker",
    "page_reverse",
    "sort_key",
    "sort_dir",
    "tags",
    "tags-any",
    "not-tags",
    "not-tags-any",
    "fixed_ips",
];

/// Applies `attribute=value` filters; repeated ones are alternatives.
fn matches(resource: &Document, context: &RequestContext) -> bool {
    let query = &context.query;
    let filters = query.iter().map(|(key, _)| key).filter(|key| !NO_FILTERS.contains(key));
    let tags = |key: &str| -> Option<Vec<String>> {
        query.get(key).map(|list| list.split(',').map(str::to_owned).collect())
    };
    let has = |tag: &String| {
        resource
            .get("tags")
            .and_then(Value::as_array)
            .is_some_and(|tags| tags.iter().any(|t| t == tag))
    };
    let mut filters = filters;
    filters.all(|key| {
        let Some(value) = resource.get(key) else { return true };
        query.all(key).any(|wanted| same(value, wanted))
    }) && tags("tags").is_none_or(|tags| tags.iter().all(has))
        && tags("tags-any").is_none_or(|tags| tags.iter().any(has))
        && tags("not-tags").is_none_or(|tags| !tags.iter().all(has))
        && tags("not-tags-any").is_none_or(|tags| !tags.iter().any(has))
        && query.all("fixed_ips").all(|filter| has_fixed_ip(resource, filter))
}

fn has_fixed_ip(resource: &Document, filter: &str) -> bool {
    let Some((key, wanted)) = filter.split_once('=') else { return true };
    let ips = resource.get("fixed_ips").and_then(Value::as_array);
    ips.is_some_and(|ips| ips.iter().any(|ip| ip.get(key).is_some_and(|value| value == wanted)))
}

fn same(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Bool(value) => truth(wanted) == Some(*value),
        Value::Null => wanted.is_empty() || wanted == "None",
        Value::Array(values) => values.iter().any(|value| plain(Some(value)) == wanted),
        value => plain(Some(value)) == wanted,
    }
}

/// Writes a value so that it can be compared as text.
fn plain(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(value) => value.to_string(),
    }
}
