//! The metadata of volumes and of snapshots.

use std::collections::BTreeMap;

use md5::{Digest as _, Md5};
use serde_json::{Value, json};
use squall_model::Microversion;

use super::find::{snapshot_mut, volume_mut};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("volume.volume_metadata.list", list),
    ("volume.volume_metadata.create", add),
    ("volume.volume_metadata.replace", replace),
    ("volume.volume_metadata.show", show),
    ("volume.volume_metadata.update", update),
    ("volume.volume_metadata.delete", delete),
    ("volume.snapshot_metadata.list", list),
    ("volume.snapshot_metadata.create", add),
    ("volume.snapshot_metadata.replace", replace),
    ("volume.snapshot_metadata.show", show),
    ("volume.snapshot_metadata.update", update),
    ("volume.snapshot_metadata.delete", delete),
];

/// The first version at which the metadata of a volume has a checksum
/// (`mv.ETAGS` in `cinder.api.v3.volume_metadata`).
const ETAGS: Microversion = Microversion::new(3, 15);

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let metadata = of(world, context)?;
    let reply = Reply::json(200, json!({ "metadata": metadata }));
    Ok(if has_checksum(context) { reply.header("etag", checksum(metadata)) } else { reply })
}

fn has_checksum(context: &RequestContext) -> bool {
    context.version >= Some(ETAGS) && !context.path.contains("/snapshots/")
}

fn checksum(metadata: &BTreeMap<String, String>) -> String {
    hex::encode(Md5::digest(json!({ "metadata": metadata }).to_string()))
}

/// Whether the request is for metadata that was changed since its sender read it.
fn is_outdated(metadata: &BTreeMap<String, String>, context: &RequestContext) -> bool {
    let Some(wanted) = context.header("if-match").filter(|_| has_checksum(context)) else {
        return false;
    };
    let current = checksum(metadata);
    let mut tags = wanted.split(',').map(|tag| tag.trim().trim_matches('"'));
    !tags.any(|tag| tag == "*" || tag == current)
}

fn add(world: &mut World, context: &RequestContext) -> Outcome {
    let new = read(context.json.get("metadata"))?;
    let metadata = of(world, context)?;
    metadata.extend(new);
    Ok(Reply::json(200, json!({ "metadata": metadata })))
}

fn replace(world: &mut World, context: &RequestContext) -> Outcome {
    let new = read(context.json.get("metadata"))?;
    let metadata = of(world, context)?;
    if is_outdated(metadata, context) {
        return Ok(Reply::empty(412));
    }
    *metadata = new;
    Ok(Reply::json(200, json!({ "metadata": metadata })))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let key = context.parameter(1);
    let metadata = of(world, context)?;
    let value = metadata.get(key).ok_or_else(|| missing(key))?;
    Ok(Reply::json(200, json!({ "meta": { key: value } })))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let key = context.parameter(1);
    let new = read(context.json.get("meta"))?;
    let Some(value) = new.get(key).filter(|_| new.len() == 1) else {
        return Err(Fault::bad_request("Request body and URI mismatch"));
    };
    let metadata = of(world, context)?;
    if is_outdated(metadata, context) {
        return Ok(Reply::empty(412));
    }
    metadata.insert(key.to_owned(), value.clone());
    Ok(Reply::json(200, json!({ "meta": new })))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let key = context.parameter(1);
    of(world, context)?.remove(key).ok_or_else(|| missing(key))?;
    Ok(Reply::empty(200))
}

/// Reads metadata: an object of short texts.
pub(crate) fn read(value: Option<&Value>) -> Result<BTreeMap<String, String>, Fault> {
    let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(BTreeMap::new()) };
    let invalid = || {
        Fault::bad_request(
            "Invalid input for field/attribute metadata: it must be an object of texts of at most 255 characters.",
        )
    };
    let map = value.as_object().ok_or_else(invalid)?;
    map.iter()
        .map(|(key, value)| {
            let text = value.as_str().filter(|text| text.len() <= 255).ok_or_else(invalid)?;
            if key.is_empty() || key.len() > 255 {
                return Err(invalid());
            }
            Ok((key.clone(), text.to_owned()))
        })
        .collect()
}

fn of<'a>(
    world: &'a mut World,
    context: &RequestContext,
) -> Result<&'a mut BTreeMap<String, String>, Fault> {
    let state = &mut world.volume;
    if context.path.contains("/snapshots/") {
        snapshot_mut(state, context.id(), context).map(|snapshot| &mut snapshot.metadata)
    } else {
        volume_mut(state, context.id(), context).map(|volume| &mut volume.metadata)
    }
}

fn missing(key: &str) -> Fault {
    Fault::not_found(format!("Metadata item was not found: {key}"))
}
