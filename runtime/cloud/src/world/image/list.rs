//! The list of images: who sees which, filters, order and pages.

use serde_json::{Value, json};

use super::view::view;
use super::{Image, policy};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::page;
use crate::query::truth;
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[("image.images.list", list)];

/// The default number of images in a page.
const PAGE: usize = 25;

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let query = &context.query;
    let hidden = query.boolean("os_hidden").unwrap_or(false);
    let mut kept = Vec::new();
    for image in world.image.images.values() {
        let is_hidden = crate::document::flag(&image.properties, "os_hidden");
        let seen = listed(image, context) && is_hidden == hidden && matches(image, context)?;
        if seen && policy::may_get(image, context) {
            kept.push(image);
        }
    }
    kept.reverse();
    sort(&mut kept, context)?;
    let limit = query.number("limit")?;
    let paged =
        page::page(kept, Some(limit.unwrap_or(PAGE)), query.get("marker"), |i| i.text("id"))?;
    let shown: Vec<Value> = paged.items.iter().map(|image| view(image)).collect();
    let mut body =
        json!({ "images": shown, "schema": "/v2/schemas/images", "first": "/v2/images" });
    let first: Vec<(&str, &str)> = query.iter().filter(|(key, _)| *key != "marker").collect();
    if !first.is_empty() {
        let text =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(first).finish();
        body["first"] = json!(format!("/v2/images?{text}"));
    }
    if let Some(marker) = paged.next {
        body["next"] = json!(format!("/v2/images?{}", query.with("marker", &marker)));
    }
    Ok(Reply::json(200, body))
}

/// Whether an image is listed: one's own, public, or accepted from others.
fn listed(image: &Image, context: &RequestContext) -> bool {
    let query = &context.query;
    let wanted = query.get("visibility");
    let own = image.text("owner") == context.project();
    let member = image.members.iter().find(|member| member.project == context.project());
    let status = query.get("member_status").unwrap_or("accepted");
    let shared = member.is_some_and(|member| status == "all" || member.status == status);
    let seen = match image.text("visibility") {
        "public" => true,
        "community" => own || matches!(wanted, Some("community" | "all")),
        "shared" => own || shared || context.is_admin(),
        _ => own || context.is_admin(),
    };
    seen && wanted.is_none_or(|wanted| wanted == "all" || wanted == image.text("visibility"))
}

fn matches(image: &Image, context: &RequestContext) -> Result<bool, Fault> {
    for (key, wanted) in context.query.iter() {
        let value = image.properties.get(key);
        let kept = match key {
            "limit" | "marker" | "sort" | "sort_key" | "sort_dir" | "visibility"
            | "member_status" | "os_hidden" => true,
            "tag" => {
                let tags = image.properties.get("tags").and_then(Value::as_array);
                tags.is_some_and(|tags| tags.iter().any(|tag| tag == wanted))
            }
            "size_min" | "size_max" => {
                let bound: u64 = wanted.parse().map_err(|_| {
                    Fault::bad_request(format!("{key} must be a whole number, not {wanted}"))
                })?;
                let size = image.properties.get("size").and_then(Value::as_u64).unwrap_or(0);
                if key == "size_min" { size >= bound } else { size <= bound }
            }
            "created_at" | "updated_at" => compare(image.text(key), wanted),
            "protected" => {
                let wanted = truth(wanted).ok_or_else(|| {
                    Fault::bad_request(format!("Invalid value '{wanted}' for 'protected'."))
                })?;
                value == Some(&json!(wanted))
            }
            _ => {
                let number = value.filter(|value| value.is_number()).map(Value::to_string);
                let value = number.as_deref().or(value.and_then(Value::as_str));
                match wanted.strip_prefix("in:") {
                    Some(list) => value.is_some_and(|value| {
                        list.split(',').any(|one| one.trim_matches('"') == value)
                    }),
                    None => value == Some(wanted),
                }
            }
        };
        if !kept {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Compares a stamp with `gte:2026-01-01T00:00:00Z` and its like.
fn compare(stamp: &str, wanted: &str) -> bool {
    let (operator, bound) = wanted.split_once(':').unwrap_or(("eq", wanted));
    let bound =
        if ["gt", "gte", "lt", "lte", "eq", "neq"].contains(&operator) { bound } else { wanted };
    match operator {
        "gt" => stamp > bound,
        "gte" => stamp >= bound,
        "lt" => stamp < bound,
        "lte" => stamp <= bound,
        "neq" => stamp != bound,
        _ => stamp == bound,
    }
}

/// Sorts by `sort=key:dir,…` or by `sort_key` and `sort_dir`; the newest first.
fn sort(images: &mut [&Image], context: &RequestContext) -> Result<(), Fault> {
    let query = &context.query;
    let mut keys: Vec<(String, bool)> = Vec::new();
    if let Some(sort) = query.get("sort") {
        for part in sort.split(',') {
            let (key, direction) = part.split_once(':').unwrap_or((part, "desc"));
            keys.push((key.to_owned(), direction == "desc"));
        }
    } else {
        let directions: Vec<&str> = query.all("sort_dir").collect();
        for (index, key) in query.all("sort_key").enumerate() {
            let direction = directions.get(index).or(directions.first()).copied().unwrap_or("desc");
            keys.push((key.to_owned(), direction == "desc"));
        }
    }
    for (key, descending) in keys.iter().rev() {
        if !SORT_KEYS.contains(&key.as_str()) {
            return Err(Fault::bad_request(format!("Invalid sort key: {key}.")));
        }
        images.sort_by(|a, b| {
            let order = order(a.properties.get(key), b.properties.get(key));
            if *descending { order.reverse() } else { order }
        });
    }
    Ok(())
}

/// What images may be sorted by.
const SORT_KEYS: [&str; 8] =
    ["name", "status", "container_format", "disk_format", "size", "id", "created_at", "updated_at"];

fn order(a: Option<&Value>, b: Option<&Value>) -> std::cmp::Ordering {
    match (a.and_then(Value::as_u64), b.and_then(Value::as_u64)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.and_then(Value::as_str).cmp(&b.and_then(Value::as_str)),
    }
}
