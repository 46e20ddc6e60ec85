//! What identity's resources share: links, envelopes, lists and filters.

use serde_json::{Value, json};

use crate::document::{Document, flag, required, text};
use crate::fault::Fault;
use crate::outcome::Reply;
use crate::page;
use crate::request::RequestContext;

/// Shows a resource with its link.
pub(crate) fn shown(resource: &Document, collection: &str, base: &str) -> Value {
    let mut out = resource.clone();
    let href = format!("{base}/identity/v3/{collection}/{}", text(resource, "id"));
    out.insert("links".to_owned(), json!({ "self": href }));
    Value::Object(out)
}

/// Answers with one resource.
pub(crate) fn one(
    status: u16,
    singular: &str,
    collection: &str,
    resource: &Document,
    context: &RequestContext,
) -> Reply {
    Reply::json(status, json!({ singular: shown(resource, collection, &context.base) }))
}

/// Answers with the resources that the query's filters leave.
pub(crate) fn many<'a>(
    collection: &str,
    resources: impl Iterator<Item = &'a Document>,
    filters: &[&str],
    context: &RequestContext,
) -> Result<Reply, Fault> {
    let kept: Vec<&Document> =
        resources.filter(|resource| matches(resource, filters, context)).collect();
    let limit = context.query.number("limit")?;
    let paged =
        page::page(kept, limit, context.query.get("marker"), |resource| text(resource, "id"))?;
    let shown: Value =
        paged.items.iter().map(|resource| shown(resource, collection, &context.base)).collect();
    let mut links = links(context);
    if let (Some(marker), Some(_)) = (paged.next, limit) {
        let query = context.query.with("marker", &marker);
        links["next"] = json!(format!("{}{}?{query}", context.base, context.path));
    }
    Ok(Reply::json(200, json!({ collection: shown, "links": links })))
}

/// Returns the links of a collection that is shown whole.
pub(crate) fn links(context: &RequestContext) -> Value {
    json!({ "self": format!("{}{}", context.base, context.path), "previous": null, "next": null })
}

/// Returns the fault for what is not there.
pub(crate) fn missing(what: &str, id: &str) -> Fault {
    Fault::not_found(format!("Could not find {what}: {id}."))
}

/// Refuses to remove what its options call immutable;
/// `keystone/common/resource_options/options/immutable.py`, `check_immutable_delete`.
pub(crate) fn removable(what: &str, resource: &Document) -> Result<(), Fault> {
    let options = resource.get("options").and_then(Value::as_object);
    if !options.is_some_and(|options| flag(options, "immutable")) {
        return Ok(());
    }
    Err(Fault::forbidden(format!(
        "Unable to delete immutable {what} resource: `{}. Set resource option \"immutable\" to false first.",
        text(resource, "id")
    )))
}

/// Returns the fault for a name that is taken.
pub(crate) fn taken(what: &str, name: &str) -> Fault {
    Fault::conflict(format!(
        "Conflict occurred attempting to store {what} - Duplicate entry found with name {name}."
    ))
}

/// Reads a name that must be there and not be empty.
pub(crate) fn name(body: &Document) -> Result<&str, Fault> {
    let name = required(body, "name")?;
    if name.trim().is_empty() || name.len() > 255 {
        return Err(Fault::bad_request(format!(
            "Invalid input for field 'name': {name:?} is too short or too long"
        )));
    }
    Ok(name)
}

/// Refuses a resource whose name another one in the same domain has.
pub(crate) fn unique<'a>(
    mut others: impl Iterator<Item = &'a Document>,
    what: &str,
    name: &str,
    domain: &str,
    except: &str,
) -> Result<(), Fault> {
    let same = others.any(|other| {
        text(other, "name") == name
            && text(other, "domain_id") == domain
            && text(other, "id") != except
    });
    if same { Err(taken(what, name)) } else { Ok(()) }
}

/// Applies the filters `key=value` and `key__contains=value` and its like.
fn matches(resource: &Document, filters: &[&str], context: &RequestContext) -> bool {
    context.query.iter().all(|(key, wanted)| {
        let (key, comparison) = key.split_once("__").unwrap_or((key, "equals"));
        if !filters.contains(&key) {
            return true;
        }
        if key == "enabled" {
            let wanted = crate::query::truth(wanted).unwrap_or(true);
            return flag(resource, key) == wanted;
        }
        let value = text(resource, key);
        let (value_low, wanted_low) = (value.to_lowercase(), wanted.to_lowercase());
        match comparison {
            "contains" => value.contains(wanted),
            "icontains" => value_low.contains(&wanted_low),
            "startswith" => value.starts_with(wanted),
            "istartswith" => value_low.starts_with(&wanted_low),
            "endswith" => value.ends_with(wanted),
            "iendswith" => value_low.ends_with(&wanted_low),
            _ => value == wanted,
        }
    })
}
