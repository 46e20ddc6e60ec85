//! Which back end a volume is on, and how it gets to another: by migration, or with a new type.

use serde_json::Value;

use super::find::{volume, volume_mut, volume_type, wrong_state};
use super::{State, VolumeType};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::names::HOST;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] =
    &[("volume.volumes.migrate_volume", migrate), ("volume.volumes.retype", retype)];

/// The names of the back ends, each with one pool.
pub(crate) const BACK_ENDS: [&str; 2] = ["memory", "archive"];

/// Returns the pool of a back end, as volumes name it.
pub(crate) fn pool(back_end: &str) -> String {
    format!("{HOST}@{back_end}#pool")
}

/// Returns where a new volume of a type is; empty if no back end takes it.
pub(crate) fn chosen(state: &State, type_id: &str) -> String {
    match state.types.get(type_id).and_then(asked) {
        None => pool(BACK_ENDS[0]),
        Some(name) if BACK_ENDS.contains(&name) => pool(name),
        Some(_) => String::new(),
    }
}

/// The back end that a type asks for.
fn asked(volume_type: &VolumeType) -> Option<&str> {
    volume_type.extra_specs.get("volume_backend_name").map(String::as_str)
}

/// Moves a volume to another back end; cinder/volume/api.py, `API.migrate_volume`.
fn migrate(world: &mut World, context: &RequestContext) -> Outcome {
    let wanted = context.action().get("host").and_then(Value::as_str).unwrap_or_default();
    let service = wanted.split('#').next().unwrap_or_default();
    let back_end = BACK_ENDS.iter().find(|name| service == format!("{HOST}@{name}"));
    let Some(back_end) = back_end else {
        return Err(Fault::bad_request(format!(
            "Invalid host: No available service named '{wanted}'"
        )));
    };
    let found = volume(&world.volume, context.id(), context)?;
    let movable = ["available", "in-use"].contains(&found.status.as_str());
    if !movable || has_snapshots(&world.volume, &found.id) || found.place == wanted {
        return Err(Fault::bad_request(format!(
            "Invalid volume: Volume {} status must be available or in-use, must not be migrating, have snapshots, be replicated, be part of a group and destination host/cluster must be different than the current one",
            found.id
        )));
    }
    let found = volume_mut(&mut world.volume, context.id(), context)?;
    found.place = pool(back_end);
    found.migration = Some("success");
    Ok(Reply::empty(202))
}

/// Changes the type of a volume. Where that one is of another back end the volume moves, if it may;
/// if not, it stays as it is, which only its type shows.
fn retype(world: &mut World, context: &RequestContext) -> Outcome {
    let text = |key: &str| context.action().get(key).and_then(Value::as_str).unwrap_or_default();
    let wanted = volume_type(&world.volume, text("new_type"), context)?;
    let found = volume(&world.volume, context.id(), context)?;
    if !["available", "in-use"].contains(&found.status.as_str()) {
        return Err(wrong_state(found, "retype"));
    }
    if found.type_id == wanted.id {
        return Err(Fault::bad_request(
            "Invalid volume: Retype needs volume to be in available or in-use state, not be part of an active migration or a consistency group, requested type has to be different that the one from the volume, and for in-use volumes front-end qos specs cannot change.",
        ));
    }
    let stays = asked(wanted).is_none_or(|name| found.place == pool(name));
    let moves = text("migration_policy") == "on-demand"
        && asked(wanted).is_some_and(|name| BACK_ENDS.contains(&name))
        && !has_snapshots(&world.volume, &found.id);
    if stays || moves {
        let place = if stays { found.place.clone() } else { chosen(&world.volume, &wanted.id) };
        let type_id = wanted.id.clone();
        let found = volume_mut(&mut world.volume, context.id(), context)?;
        (found.type_id, found.place) = (type_id, place);
        found.migration = moves.then_some("success").or(found.migration);
    }
    Ok(Reply::empty(202))
}

fn has_snapshots(state: &State, id: &str) -> bool {
    state.snapshots.values().any(|snapshot| snapshot.volume_id == id)
}
