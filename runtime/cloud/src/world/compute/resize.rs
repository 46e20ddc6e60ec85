//! Resizing servers, and what is done after: confirm it, or go back.

use serde_json::Value;

use super::change::{Change, allowed, begin, failed};
use super::server::{find, find_mut};
use super::{flavors, migrations, quotas, scheduler};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::names::HOST;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.servers.resize", resize),
    ("compute.servers.migrate", migrate),
    ("compute.servers.migrate_live", migrate_live),
    ("compute.servers.confirm_resize", confirm),
    ("compute.servers.revert_resize", revert),
];

const RESIZE: Change = Change {
    verb: "resize",
    from: &["active", "stopped"],
    task: "resize_migrating",
    to: "resized",
};
const NOWHERE: Change = Change { task: "resize_prep", to: "", ..RESIZE };
const LIVE: Change =
    Change { verb: "os-migrateLive", from: &["active", "paused"], task: "migrating", to: "" };
const MIGRATE: Change = Change { verb: "migrate", ..RESIZE };
const CONFIRM: Change =
    Change { verb: "confirmResize", from: &["resized"], task: "", to: "active" };
const REVERT: Change =
    Change { verb: "revertResize", from: &["resized"], task: "resize_reverting", to: "active" };

fn resize(world: &mut World, context: &RequestContext) -> Outcome {
    let wanted = match context.action().get("flavorRef") {
        Some(Value::String(id)) => id.rsplit('/').next().unwrap_or_default().to_owned(),
        Some(id) => id.to_string(),
        None => String::new(),
    };
    allowed(world, context, &RESIZE)?;
    let server = find_mut(&mut world.compute, context.id(), context)?;
    if server.flavor.id == wanted {
        return Err(Fault::bad_request("When resizing, instances must change flavor!"));
    }
    let flavor = flavors::find(&world.compute, &wanted, context)
        .map_err(|_| Fault::bad_request("Unable to locate requested flavor."))?
        .clone();
    let server = find(&world.compute, context.id(), context)?;
    let with_disk = scheduler::has_disk(server);
    if with_disk && flavor.disk == 0 && server.flavor.disk != 0 {
        return Err(Fault::bad_request(
            "Server disk was unable to be resized because: Resize to zero disk flavor is not allowed.",
        ));
    }
    quotas::growth(world, context.id(), &flavor)?;
    let to = migrations::flavor_number(&flavor.id);
    if !scheduler::takes(world, &flavor, None, with_disk) {
        // Nova accepts it, and leaves the server as it was once no host is found.
        begin(world, context, &NOWHERE)?;
        failed(world, context.id());
        return Ok(Reply::empty(202));
    }
    moved(world, context, &RESIZE, "resize", to)?;
    let config = context.action().get("OS-DCF:diskConfig").and_then(Value::as_str);
    let server = find_mut(&mut world.compute, context.id(), context)?;
    server.former = Some(std::mem::replace(&mut server.flavor, flavor));
    if let Some(config) = config {
        config.clone_into(&mut server.disk_config);
    }
    scheduler::claim(world, context.id());
    Ok(Reply::empty(202))
}

/// Begins a move, and remembers in which state it is to end.
fn moved(
    world: &mut World,
    context: &RequestContext,
    change: &Change,
    kind: &'static str,
    to: u64,
) -> Result<(), Fault> {
    let before = find(&world.compute, context.id(), context)?.vm;
    begin(world, context, change)?;
    migrations::begin(world, context.id(), kind, to, context);
    find_mut(&mut world.compute, context.id(), context)?.before = Some(before);
    Ok(())
}

/// Moves to the one host there is: a resize to the same flavor.
fn migrate(world: &mut World, context: &RequestContext) -> Outcome {
    if let Some(host) = context.action().get("host").and_then(Value::as_str) {
        check_host(host, context)?;
    }
    let server = find(&world.compute, context.id(), context)?;
    let to = migrations::flavor_number(&server.flavor.id);
    moved(world, context, &MIGRATE, "migration", to)?;
    let server = find_mut(&mut world.compute, context.id(), context)?;
    server.former = Some(server.flavor.clone());
    Ok(Reply::empty(202))
}

fn confirm(world: &mut World, context: &RequestContext) -> Outcome {
    begin(world, context, &CONFIRM)?;
    let server = find_mut(&mut world.compute, context.id(), context)?;
    server.former = None;
    server.vm = server.before.take().unwrap_or(CONFIRM.to);
    migrations::ended(world, context.id(), "confirmed");
    Ok(Reply::empty(204))
}

fn revert(world: &mut World, context: &RequestContext) -> Outcome {
    begin(world, context, &REVERT)?;
    let server = find_mut(&mut world.compute, context.id(), context)?;
    server.then = Some(server.before.take().unwrap_or(REVERT.to));
    Ok(Reply::empty(202))
}

/// Refuses a move to a host that is not there, and to the one where the server is.
pub(crate) fn check_host(host: &str, context: &RequestContext) -> Result<(), Fault> {
    Err(Fault::bad_request(match host {
        HOST => format!("Unable to migrate instance ({}) to current host ({HOST}).", context.id()),
        host => format!("Compute host {host} could not be found."),
    }))
}

/// Moves to the one host there is, without a pause, unless another is named.
fn migrate_live(world: &mut World, context: &RequestContext) -> Outcome {
    if let Some(host) = context.action().get("host").and_then(Value::as_str) {
        find(&world.compute, context.id(), context)?;
        check_host(host, context)?;
    }
    begin(world, context, &LIVE)?;
    let server = find(&world.compute, context.id(), context)?;
    let to = migrations::flavor_number(&server.flavor.id);
    migrations::begin(world, context.id(), "live-migration", to, context);
    Ok(Reply::empty(202))
}
