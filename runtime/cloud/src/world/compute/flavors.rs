//! Flavors: the sizes of servers.

use serde_json::{Value, json};

use super::collection::{links, name_pattern, paged};
use super::{Flavor, State};
use crate::behaviour::Behaviour;
use crate::document::{Document, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::policy::Owner;
use crate::query::{truth, truth_in};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.flavors.list", list),
    ("compute.flavors.list_detail", list_detail),
    ("compute.flavors.create", create),
    ("compute.flavors.show", show),
    ("compute.flavors.update", update),
    ("compute.flavors.delete", delete),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let shown = |flavor: &&Flavor| {
        let mut out = json!({
            "id": flavor.id,
            "name": flavor.name,
            "links": links("flavors", &flavor.id, context),
        });
        if context.since(55) {
            out["description"] = json!(flavor.description);
        }
        out
    };
    let kept = visible(&world.compute, context)?;
    let body = paged("flavors", "flavors_links", kept, |f| f.id.as_str(), shown, context)?;
    Ok(Reply::json(200, body))
}

fn list_detail(world: &mut World, context: &RequestContext) -> Outcome {
    let kept = visible(&world.compute, context)?;
    let shown = |flavor: &&Flavor| view(flavor, context);
    let body = paged("flavors", "flavors_links", kept, |f| f.id.as_str(), shown, context)?;
    Ok(Reply::json(200, body))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("flavor")?;
    let name = text(body, "name").to_owned();
    let id = match body.get("id") {
        None | Some(Value::Null) => world.ids.uuid(),
        Some(Value::String(id)) if id == "auto" => world.ids.uuid(),
        Some(Value::String(id)) => id.clone(),
        Some(id) => id.to_string(),
    };
    let taken = world.compute.flavors.values().any(|flavor| flavor.name == name);
    if taken {
        return Err(Fault::conflict(format!("Flavor with name {name} already exists.")));
    }
    if world.compute.flavors.contains(&id) {
        return Err(Fault::conflict(format!("Flavor with ID {id} already exists.")));
    }
    let flavor = Flavor {
        id: id.clone(),
        name,
        description: body.get("description").and_then(Value::as_str).map(str::to_owned),
        ram: number(body, "ram"),
        vcpus: number(body, "vcpus"),
        disk: number(body, "disk"),
        ephemeral: number(body, "OS-FLV-EXT-DATA:ephemeral"),
        swap: number(body, "swap"),
        rxtx_factor: factor(body.get("rxtx_factor")),
        public: body.get("os-flavor-access:is_public").is_none_or(is_true),
        extra_specs: [].into(),
        projects: [].into(),
    };
    let shown = view(&flavor, context);
    world.compute.flavors.insert(id, flavor);
    Ok(Reply::json(200, json!({ "flavor": shown })))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let flavor = find(&world.compute, context.id(), context)?;
    Ok(Reply::json(200, json!({ "flavor": view(flavor, context) })))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("flavor")?;
    let flavor = find_mut(&mut world.compute, context.id())?;
    flavor.description = body.get("description").and_then(Value::as_str).map(str::to_owned);
    show(world, context)
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    world.compute.flavors.remove(context.id()).ok_or_else(|| missing(context.id()))?;
    Ok(Reply::empty(202))
}

/// Finds a flavor that the caller may use.
pub(crate) fn find<'a>(
    state: &'a State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a Flavor, Fault> {
    state.flavors.get(id).filter(|flavor| usable(flavor, context)).ok_or_else(|| missing(id))
}

/// Finds a flavor to change it, for administrators.
pub(crate) fn find_mut<'a>(state: &'a mut State, id: &str) -> Result<&'a mut Flavor, Fault> {
    state.flavors.get_mut(id).ok_or_else(|| missing(id))
}

fn usable(flavor: &Flavor, context: &RequestContext) -> bool {
    flavor.public || context.is_admin() || flavor.projects.contains(context.project())
}

fn missing(id: &str) -> Fault {
    Fault::not_found(format!("Flavor {id} could not be found."))
}

/// Returns the flavors that the query leaves, smallest memory first.
fn visible<'a>(state: &'a State, context: &RequestContext) -> Result<Vec<&'a Flavor>, Fault> {
    let query = &context.query;
    let least = |name| -> Result<u64, Fault> { Ok(query.number(name)?.unwrap_or(0) as u64) };
    let (ram, disk) = (least("minRam")?, least("minDisk")?);
    let name = query.get("name").filter(|_| context.since(102)).map(name_pattern).transpose()?;
    let public = match query.get("is_public") {
        _ if !context.is_admin() => None,
        None => Some(true),
        Some(value) if value.eq_ignore_ascii_case("none") => None,
        Some(value) => Some(
            truth(value)
                .ok_or_else(|| Fault::bad_request(format!("Invalid is_public filter [{value}]")))?,
        ),
    };
    let mut kept: Vec<&Flavor> = state
        .flavors
        .values()
        .filter(|flavor| usable(flavor, context))
        .filter(|flavor| public.is_none_or(|public| flavor.public == public))
        .filter(|flavor| flavor.ram >= ram && flavor.disk >= disk)
        .filter(|flavor| name.as_ref().is_none_or(|name| name.is_match(&flavor.name)))
        .collect();
    match query.get("sort_key").unwrap_or("flavorid") {
        "name" => kept.sort_by(|a, b| a.name.cmp(&b.name)),
        "memory_mb" => kept.sort_by_key(|flavor| flavor.ram),
        "vcpus" => kept.sort_by_key(|flavor| flavor.vcpus),
        "root_gb" => kept.sort_by_key(|flavor| flavor.disk),
        _ => kept.sort_by(|a, b| a.id.cmp(&b.id)),
    }
    if query.get("sort_dir") == Some("desc") {
        kept.reverse();
    }
    Ok(kept)
}

fn view(flavor: &Flavor, context: &RequestContext) -> Value {
    let empty_swap = if context.since(75) { json!(0) } else { json!("") };
    let mut out = json!({
        "id": flavor.id,
        "name": flavor.name,
        "ram": flavor.ram,
        "vcpus": flavor.vcpus,
        "disk": flavor.disk,
        "swap": if flavor.swap == 0 { empty_swap } else { json!(flavor.swap) },
        "OS-FLV-EXT-DATA:ephemeral": flavor.ephemeral,
        "os-flavor-access:is_public": flavor.public,
        "links": links("flavors", &flavor.id, context),
    });
    if !context.since(102) {
        out["OS-FLV-DISABLED:disabled"] = json!(false);
        out["rxtx_factor"] = json!(flavor.rxtx_factor);
    }
    if context.since(55) {
        out["description"] = json!(flavor.description);
    }
    let specs = "os_compute_api:os-flavor-extra-specs:index";
    if context.since(61) && context.may(specs, &Owner::caller(context)) {
        out["extra_specs"] = json!(flavor.extra_specs);
    }
    out
}

/// Reads a number that may be one in a string, as the schemas allow.
pub(crate) fn number(body: &Document, key: &str) -> u64 {
    match body.get(key) {
        Some(Value::String(text)) => text.parse().unwrap_or(0),
        value => value.and_then(Value::as_u64).unwrap_or(0),
    }
}

fn factor(value: Option<&Value>) -> f64 {
    match value {
        Some(Value::String(text)) => text.parse().unwrap_or(1.0),
        value => value.and_then(Value::as_f64).unwrap_or(1.0),
    }
}

/// Reads a flag that may be one in a string, as the schemas allow.
pub(crate) fn is_true(value: &Value) -> bool {
    truth_in(value).unwrap_or(false)
}
