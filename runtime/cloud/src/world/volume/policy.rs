//! Which of cinder's rules a request has to pass, of what, and when.
//!
//! Cinder 29.0.0 finds the volume, snapshot or backup of a path first, so that another project's
//! is not found, and asks then of its owner; of what has none it asks of the caller's own project
//! (`cinder.context.RequestContext.authorize`).

use serde_json::Value;

use super::find::{backup, no_volume, snapshot, volume, volume_type};
use super::{Backup, Snapshot, State, Volume, attachments, messages, transfers, volumes};
use crate::document::{Document, text};
use crate::fault::Fault;
use crate::policy::{Owned, Owner};
use crate::request::RequestContext;
use crate::world::World;

impl Owned for Volume {
    fn owner(&self) -> Owner<'_> {
        Owner::new(&self.project, &self.user)
    }
}

impl Owned for Snapshot {
    fn owner(&self) -> Owner<'_> {
        Owner::new(&self.project, &self.user)
    }
}

impl Owned for Backup {
    fn owner(&self) -> Owner<'_> {
        Owner::new(&self.project, &self.user)
    }
}

/// Asks the rules of a request.
pub(crate) fn ask(world: &World, context: &RequestContext) -> Result<(), Fault> {
    let state = &world.volume;
    let own = Owner::caller(context);
    let id = context.id();
    let addressed = context.operation.path.trim_start_matches('/').split('/').next();
    if context.parameters.is_empty() {
        return match context.operation.id.as_ref() {
            "volume.volumes.create" => of_new_volume(state, context, &own),
            "volume.snapshots.create" => on_volume(state, context, "/snapshot/volume_id"),
            "volume.backups.create" => on_volume(state, context, "/backup/volume_id"),
            "volume.attachments.create" => on_volume(state, context, "/attachment/volume_uuid"),
            "volume.volume_transfers.create" => on_volume(state, context, "/transfer/volume_id"),
            _ => context.ask_gates(&own),
        };
    }
    match addressed {
        Some("volumes") => of_volume(volume(state, id, context)?, context),
        Some("snapshots") => context.ask_gates(&snapshot(state, id, context)?.owner()),
        Some("backups") => {
            context.ask_gates(&backup(state, id, context)?.owner())?;
            restored(state, context, &own)
        }
        Some("attachments") => {
            let found = attachments::find(state, id, context)?;
            context.ask_gates(&Owner::project(&found.project))
        }
        Some("messages") => {
            let found = messages::find(world, context)?;
            context.ask_gates(&Owner::project(&found.project))
        }
        Some("volume-transfers") if context.operation.verb() == "delete" => {
            let found = transfers::find(world, context)?;
            context.ask_gates(&Owner::project(&found.project))
        }
        Some("os-quota-sets") => context.ask_gates(&Owner::project(id)),
        _ => context.ask_gates(&own),
    }
}

/// Asks for a volume of the path; who may not get it learns no more than if there were none
/// (`cinder.volume.api.API.get`).
fn of_volume(volume: &Volume, context: &RequestContext) -> Result<(), Fault> {
    let owner = volume.owner();
    gates(volume, context)?;
    let action = context.action();
    let image_metadata = context.operation.verb().ends_with("set_image_metadata");
    let rule = match context.operation.id.as_ref() {
        "volume.volumes.delete" if context.since(23) && context.query.flag("force") => {
            "volume:force_delete"
        }
        "volume.volumes.extend" if volume.status == "in-use" && context.since(42) => {
            "volume:extend_attached_volume"
        }
        "volume.volumes.extend" => "volume:extend",
        "volume.volumes.reimage" if volume.status == "reserved" => "volume:reimage_reserved",
        "volume.volumes.reimage" => "volume:reimage",
        "volume.volumes.volume_upload_image"
            if action.get("visibility").and_then(Value::as_str) == Some("public") =>
        {
            "volume_extension:volume_actions:upload_public"
        }
        "volume.volumes.set_image_metadata" => "volume:update_volume_metadata",
        "volume.volumes.unset_image_metadata" => "volume:delete_volume_metadata",
        "volume.volume_metadata.create" => "volume:create_volume_metadata",
        "volume.volume_metadata.replace" | "volume.volume_metadata.update" => {
            if !context.may("volume:get", &owner) {
                return Err(no_volume(&volume.id));
            }
            "volume:update_volume_metadata"
        }
        _ => return Ok(()),
    };
    if image_metadata && !context.may("volume:get", &owner) {
        return Err(no_volume(&volume.id));
    }
    context.ask(rule, &owner)
}

/// Asks what each request of a volume has to pass.
fn gates(volume: &Volume, context: &RequestContext) -> Result<(), Fault> {
    let owner = volume.owner();
    // This one is asked as an administrator (`cinder.volume.api.API.attach`, which elevates).
    let elevated = "volume:update_volume_admin_metadata";
    let mut rules: Vec<&str> = context.gates().filter(|rule| *rule != elevated).collect();
    // It is got before anything is done to it.
    rules.sort_by_key(|rule| *rule != "volume:get");
    for rule in rules {
        if rule == "volume:get" && !context.may(rule, &owner) {
            return Err(no_volume(&volume.id));
        }
        context.ask(rule, &owner)?;
    }
    Ok(())
}

/// Asks for what is made of a volume that the body names. Whether the body is right is for
/// others to say.
fn on_volume(state: &State, context: &RequestContext, at: &str) -> Result<(), Fault> {
    match context.json.pointer(at).and_then(Value::as_str) {
        Some(id) => gates(volume(state, id, context)?, context),
        None => context.ask_gates(&Owner::caller(context)),
    }
}

/// Asks for a new volume, and for what it is made of.
fn of_new_volume(state: &State, context: &RequestContext, own: &Owner<'_>) -> Result<(), Fault> {
    let empty = Document::new();
    let body = context.json.get("volume").and_then(Value::as_object).unwrap_or(&empty);
    let given = |key: &str| Some(text(body, key)).filter(|id| !id.is_empty());
    if let Some(id) = given("snapshot_id") {
        context.ask("volume:get_snapshot", &snapshot(state, id, context)?.owner())?;
    }
    if let Some(id) = given("source_volid") {
        context.ask("volume:get", &volume(state, id, context)?.owner())?;
    }
    let of_image = given("imageRef").or(given("image_id")).is_some();
    context.ask(if of_image { "volume:create_from_image" } else { "volume:create" }, own)?;
    let wanted = given("volume_type").and_then(|id| volume_type(state, id, context).ok());
    if wanted.is_some_and(|found| volumes::takes_several(state, &found.id)) {
        context.ask("volume:multiattach", own)?;
    }
    Ok(())
}

/// Asks for the volume that a backup is restored to: one that is there, or a new one.
fn restored(state: &State, context: &RequestContext, own: &Owner<'_>) -> Result<(), Fault> {
    if context.operation.verb() != "restore" {
        return Ok(());
    }
    match context.json.pointer("/restore/volume_id").and_then(Value::as_str) {
        Some(id) if !id.is_empty() => match volume(state, id, context) {
            Ok(found) => context.ask("volume:get", &found.owner()),
            Err(_) => Ok(()),
        },
        _ => context.ask("volume:create", own),
    }
}
