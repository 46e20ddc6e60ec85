//! Volume types.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::VolumeType;
use super::collection::{self, Collection, item};
use super::find::{usable, volume_type};
use crate::behaviour::Behaviour;
use crate::document::{required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::policy::Owner;
use crate::query::truth_in;
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("volume.volume_types.list", list),
    ("volume.volume_types.create", create),
    ("volume.volume_types.show", show),
    ("volume.volume_types.update", update),
    ("volume.volume_types.delete", delete),
];

item!(VolumeType { "id": id, "name": name });

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let public = context.query.boolean("is_public");
    let all: Vec<&VolumeType> = world
        .volume
        .types
        .values()
        .filter(|found| usable(found, context))
        .filter(|found| public.is_none_or(|public| public == found.public))
        .collect();
    let collection = Collection { key: "volume_types", links: "volume_type_links", path: "types" };
    let shown = |found: &VolumeType| {
        let mut out = view(found, context);
        // `is_public` is a filter of its own, which takes `None` for both.
        if let Some(out) = out.as_object_mut() {
            out.remove("os-volume-type-access:is_public");
        }
        out
    };
    collection::answer(&collection, all, |found| view(found, context), shown, context)
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("volume_type")?;
    let name = required(body, "name")?.trim();
    if name.is_empty() {
        return Err(Fault::bad_request("Volume type name can not be empty."));
    }
    if world.volume.types.values().any(|found| found.name == name) {
        return Err(Fault::conflict(format!("Volume Type {name} already exists.")));
    }
    let public = body.get("os-volume-type-access:is_public").and_then(truth_in).unwrap_or(true);
    let new = VolumeType {
        id: world.ids.uuid(),
        name: name.to_owned(),
        description: body.get("description").cloned().unwrap_or(Value::Null),
        public,
        extra_specs: super::metadata::read(body.get("extra_specs"))?,
        projects: BTreeSet::new(),
    };
    let shown = json!({ "volume_type": without(view(&new, context), &["qos_specs_id"]) });
    world.volume.types.insert(new.id.clone(), new);
    Ok(Reply::json(200, shown))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let id = match context.id() {
        "default" => world.volume.default_type.clone(),
        id => id.to_owned(),
    };
    let found = volume_type(&world.volume, &id, context)?;
    Ok(Reply::json(200, json!({ "volume_type": view(found, context) })))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("volume_type")?;
    let id = volume_type(&world.volume, context.id(), context)?.id.clone();
    let name = text(body, "name");
    if world.volume.types.values().any(|found| found.name == name && found.id != id) {
        return Err(Fault::conflict(format!("Volume Type {name} already exists.")));
    }
    if let Some(found) = world.volume.types.get_mut(&id) {
        if !name.is_empty() {
            name.clone_into(&mut found.name);
        }
        if let Some(description) = body.get("description") {
            found.description = description.clone();
        }
        if let Some(public) = body.get("is_public").and_then(truth_in) {
            found.public = public;
        }
    }
    let found = volume_type(&world.volume, &id, context)?;
    let shown = without(view(found, context), &["qos_specs_id", "os-volume-type-access:is_public"]);
    Ok(Reply::json(200, json!({ "volume_type": shown })))
}

/// Returns a view without some of its attributes.
fn without(mut view: Value, keys: &[&str]) -> Value {
    if let Some(fields) = view.as_object_mut() {
        fields.retain(|key, _| !keys.contains(&key.as_str()));
    }
    view
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let id = volume_type(&world.volume, context.id(), context)?.id.clone();
    if world.volume.volumes.values().any(|volume| volume.type_id == id) {
        return Err(Fault::bad_request("Target volume type is still in use."));
    }
    if id == world.volume.default_type {
        return Err(Fault::bad_request(format!(
            "The volume type {id} is a default volume type and cannot be deleted."
        )));
    }
    world.volume.types.remove(&id);
    Ok(Reply::empty(202))
}

/// The extra specs that everyone may see (`cinder.volume.volume_types`).
pub(crate) const FOR_ALL: [&str; 3] =
    ["RESKEY:availability_zones", "multiattach", "replication_enabled"];

/// Shows a type, with what the caller may see of it (`cinder.api.v3.views.types`).
fn view(found: &VolumeType, context: &RequestContext) -> Value {
    let own = Owner::caller(context);
    let mut out = json!({
        "id": found.id,
        "name": found.name,
        "description": found.description,
        "is_public": found.public,
    });
    if context.may("volume_extension:volume_type_access", &own) {
        out["os-volume-type-access:is_public"] = json!(found.public);
    }
    if context.may("volume_extension:access_types_extra_specs", &own) {
        let all = context.may("volume_extension:types_extra_specs:read_sensitive", &own);
        let specs = found.extra_specs.iter();
        let specs: BTreeMap<&String, &String> =
            specs.filter(|(key, _)| all || FOR_ALL.contains(&key.as_str())).collect();
        out["extra_specs"] = json!(specs);
    }
    if context.may("volume_extension:access_types_qos_specs_id", &own) {
        out["qos_specs_id"] = Value::Null;
    }
    out
}
