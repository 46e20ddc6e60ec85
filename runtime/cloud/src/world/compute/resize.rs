//! Resizing servers, and what is done after: confirm it, or go back.

use serde_json::Value;

use super::change::{Change, begin};
use super::flavors;
use super::server::find_mut;
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.servers.resize", resize),
    ("compute.servers.migrate", migrate),
    ("compute.servers.confirm_resize", confirm),
    ("compute.servers.revert_resize", revert),
];

const RESIZE: Change = Change {
    verb: "resize",
    from: &["active", "stopped"],
    task: "resize_migrating",
    to: "resized",
};
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
    let server = find_mut(&mut world.compute, context.id(), context)?;
    if server.flavor.id == wanted {
        return Err(Fault::bad_request("When resizing, instances must change flavor!"));
    }
    let flavor = flavors::find(&world.compute, &wanted, context)
        .map_err(|_| Fault::bad_request("Unable to locate requested flavor."))?
        .clone();
    begin(world, context, &RESIZE)?;
    let server = find_mut(&mut world.compute, context.id(), context)?;
    server.former = Some(std::mem::replace(&mut server.flavor, flavor));
    Ok(Reply::empty(202))
}

/// Moves to the one host there is: a resize to the same flavor.
fn migrate(world: &mut World, context: &RequestContext) -> Outcome {
    begin(world, context, &MIGRATE)?;
    let server = find_mut(&mut world.compute, context.id(), context)?;
    server.former = Some(server.flavor.clone());
    Ok(Reply::empty(202))
}

fn confirm(world: &mut World, context: &RequestContext) -> Outcome {
    begin(world, context, &CONFIRM)?;
    let server = find_mut(&mut world.compute, context.id(), context)?;
    server.former = None;
    server.vm = CONFIRM.to;
    Ok(Reply::empty(204))
}

fn revert(world: &mut World, context: &RequestContext) -> Outcome {
    begin(world, context, &REVERT)?;
    Ok(Reply::empty(202))
}
