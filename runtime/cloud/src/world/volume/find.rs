//! Finding what belongs to the caller, and telling what does not exist or is in another state.

use super::{Backup, Snapshot, State, Volume, VolumeType};
use crate::fault::Fault;
use crate::request::RequestContext;

pub(crate) fn volume<'a>(
    state: &'a State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a Volume, Fault> {
    state
        .volumes
        .get(id)
        .filter(|volume| context.may_see(&volume.project))
        .ok_or_else(|| no_volume(id))
}

pub(crate) fn volume_mut<'a>(
    state: &'a mut State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a mut Volume, Fault> {
    state
        .volumes
        .get_mut(id)
        .filter(|volume| context.may_see(&volume.project))
        .ok_or_else(|| no_volume(id))
}

pub(crate) fn snapshot<'a>(
    state: &'a State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a Snapshot, Fault> {
    state
        .snapshots
        .get(id)
        .filter(|snapshot| context.may_see(&snapshot.project))
        .ok_or_else(|| no_snapshot(id))
}

pub(crate) fn snapshot_mut<'a>(
    state: &'a mut State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a mut Snapshot, Fault> {
    state
        .snapshots
        .get_mut(id)
        .filter(|snapshot| context.may_see(&snapshot.project))
        .ok_or_else(|| no_snapshot(id))
}

pub(crate) fn backup<'a>(
    state: &'a State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a Backup, Fault> {
    state
        .backups
        .get(id)
        .filter(|backup| context.may_see(&backup.project))
        .ok_or_else(|| Fault::not_found(format!("Backup {id} could not be found.")))
}

/// Finds a type by id or name that the caller may use.
pub(crate) fn volume_type<'a>(
    state: &'a State,
    id_or_name: &str,
    context: &RequestContext,
) -> Result<&'a VolumeType, Fault> {
    state
        .types
        .get(id_or_name)
        .or_else(|| state.types.values().find(|found| found.name == id_or_name))
        .filter(|found| usable(found, context))
        .ok_or_else(|| Fault::not_found(format!("Volume type {id_or_name} could not be found.")))
}

/// Whether a type is public or open to the caller's project.
pub(crate) fn usable(found: &VolumeType, context: &RequestContext) -> bool {
    found.public || context.is_admin() || found.projects.contains(context.project())
}

pub(crate) fn no_volume(id: &str) -> Fault {
    Fault::not_found(format!("Volume {id} could not be found."))
}

fn no_snapshot(id: &str) -> Fault {
    Fault::not_found(format!("Snapshot {id} could not be found."))
}

/// The fault of an action that the status of a volume does not allow.
pub(crate) fn wrong_state(volume: &Volume, what: &str) -> Fault {
    Fault::bad_request(format!(
        "Invalid volume: Volume {} status is {}, which does not let anyone {what}.",
        volume.id, volume.status
    ))
}
