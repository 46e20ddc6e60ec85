//! Handing a volume to another project, by a key that both share.

use serde_json::{Value, json};

use super::collection::{self, Collection, item};
use super::find::{volume, volume_mut};
use super::view::links;
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::{required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::query::truth_in;
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("volume.volume_transfers.list", list),
    ("volume.volume_transfers.list_detail", list_detail),
    ("volume.volume_transfers.create", create),
    ("volume.volume_transfers.show", show),
    ("volume.volume_transfers.delete", delete),
    ("volume.volume_transfers.accept", accept),
];

/// An offer of a volume.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Transfer {
    id: String,
    name: String,
    volume_id: String,
    pub(crate) project: String,
    auth_key: String,
    created: String,
    /// Whether the snapshots stay with the project that gives the volume away.
    no_snapshots: bool,
}

const COLLECTION: Collection =
    Collection { key: "transfers", links: "transfers_links", path: "volume-transfers" };

item!(Transfer { "id": id, "name": name, "volume_id": volume_id, "created_at": created });

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    answer(world, context, &COLLECTION, |transfer| brief(transfer, context))
}

fn list_detail(world: &mut World, context: &RequestContext) -> Outcome {
    let collection = Collection { path: "volume-transfers/detail", ..COLLECTION };
    answer(world, context, &collection, |transfer| detail(transfer, context))
}

/// Answers with a page of the transfers. Before 3.59 the oldest comes first, and there are no
/// markers (`cinder.api.v3.volume_transfer.VolumeTransferController._get_transfers`).
fn answer(
    world: &World,
    context: &RequestContext,
    collection: &Collection,
    shown: impl Fn(&Transfer) -> Value,
) -> Outcome {
    let mut all: Vec<&Transfer> = own(world, context).collect();
    if !context.since(59) {
        all.reverse();
    }
    collection::answer(collection, all, |transfer| detail(transfer, context), shown, context)
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("transfer")?;
    let id = required(body, "volume_id")?;
    let found = volume_mut(&mut world.volume, id, context)?;
    if found.status != "available" {
        return Err(Fault::bad_request("Invalid volume: status must be available"));
    }
    "awaiting-transfer".clone_into(&mut found.status);
    let transfer = Transfer {
        id: world.ids.uuid(),
        name: text(body, "name").to_owned(),
        volume_id: id.to_owned(),
        project: context.project().to_owned(),
        auth_key: crate::ids::secret().chars().take(16).collect(),
        created: world.stamp(Stamp::MicrosBare),
        no_snapshots: context.since(55)
            && body.get("no_snapshots").and_then(truth_in) == Some(true),
    };
    let mut shown = detail(&transfer, context);
    shown["auth_key"] = json!(transfer.auth_key);
    world.volume.transfers.insert(transfer.id.clone(), transfer);
    Ok(Reply::json(202, json!({ "transfer": shown })))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let found = find(world, context)?;
    Ok(Reply::json(200, json!({ "transfer": detail(found, context) })))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let volume_id = find(world, context)?.volume_id.clone();
    world.volume.transfers.remove(context.id());
    if let Some(found) = world.volume.volumes.get_mut(&volume_id) {
        "available".clone_into(&mut found.status);
    }
    Ok(Reply::empty(202))
}

/// Takes a volume over; whoever has the key may.
fn accept(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("accept")?;
    let key = required(body, "auth_key")?;
    let found = world.volume.transfers.get(context.id()).ok_or_else(|| missing(context.id()))?;
    if found.auth_key != key {
        return Err(Fault::bad_request(format!(
            "Invalid auth key: Attempt to transfer {} with invalid auth key.",
            context.id()
        )));
    }
    let shown = brief(found, context);
    let (volume_id, no_snapshots) = (found.volume_id.clone(), found.no_snapshots);
    let size = world.volume.volumes.get(&volume_id).map_or(0, |volume| volume.size);
    super::quotas::room(&world.volume, context.project(), size)?;
    world.volume.transfers.remove(context.id());
    let snapshots = world.volume.snapshots.values_mut();
    for snapshot in snapshots.filter(|s| s.volume_id == volume_id && !no_snapshots) {
        context.project().clone_into(&mut snapshot.project);
        context.user().clone_into(&mut snapshot.user);
    }
    if let Some(found) = world.volume.volumes.get_mut(&volume_id) {
        "available".clone_into(&mut found.status);
        context.project().clone_into(&mut found.project);
        context.user().clone_into(&mut found.user);
    }
    volume(&world.volume, &volume_id, context)?;
    Ok(Reply::json(202, json!({ "transfer": shown })))
}

fn own<'a>(world: &'a World, context: &'a RequestContext) -> impl Iterator<Item = &'a Transfer> {
    let all = collection::all_projects(context);
    world.volume.transfers.values().filter(move |t| all || t.project == context.project())
}

pub(crate) fn find<'a>(world: &'a World, context: &RequestContext) -> Result<&'a Transfer, Fault> {
    let id = context.id();
    let found = world.volume.transfers.get(id);
    // Unlike a volume, it is not looked for in all projects by who has none
    // (`cinder.db.sqlalchemy.api.transfer_get`).
    let seen = |transfer: &&Transfer| context.is_admin() || transfer.project == context.project();
    found.filter(seen).ok_or_else(|| missing(id))
}

fn missing(id: &str) -> Fault {
    Fault::not_found(format!("Transfer {id} could not be found."))
}

fn brief(transfer: &Transfer, context: &RequestContext) -> Value {
    json!({
        "id": transfer.id,
        "name": transfer.name,
        "volume_id": transfer.volume_id,
        "links": links("volume-transfers", &transfer.id, context),
    })
}

fn detail(transfer: &Transfer, context: &RequestContext) -> Value {
    let mut out = brief(transfer, context);
    out["created_at"] = json!(transfer.created);
    if context.since(55) {
        out["no_snapshots"] = json!(transfer.no_snapshots);
    }
    if context.since(57) {
        out["source_project_id"] = json!(transfer.project);
        out["destination_project_id"] = Value::Null;
        out["accepted"] = json!(false);
    }
    out
}
