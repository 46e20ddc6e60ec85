//! How a server goes from one state to the next, with time.

use super::server::{Event, find_mut};
use super::{migrations, scheduler, shelving};
use crate::clock::Stamp;
use crate::fault::Fault;
use crate::request::RequestContext;
use crate::world::World;

/// A change of state that is asked for.
#[derive(Debug)]
pub(crate) struct Change {
    /// What messages and the server's history call it.
    pub(crate) verb: &'static str,
    /// The states it can begin in; any where there are none.
    pub(crate) from: &'static [&'static str],
    /// What it is called while it lasts; empty where it takes no time.
    pub(crate) task: &'static str,
    /// The state it ends in; the one it began in where it is empty.
    pub(crate) to: &'static str,
}

/// How long a change takes, in milliseconds.
const WORK: u32 = 200;

/// Begins a change on the server of the path.
pub(crate) fn begin(
    world: &mut World,
    context: &RequestContext,
    change: &Change,
) -> Result<(), Fault> {
    let id = context.id();
    allowed(world, context, change)?;
    note(world, id, change.verb, context);
    if change.task.is_empty() {
        return Ok(());
    }
    if let Some(server) = world.compute.servers.get_mut(id) {
        server.task = Some(change.task);
        server.then = Some(if change.to.is_empty() { server.vm } else { change.to });
    }
    world.later(WORK, finish, id);
    Ok(())
}

/// Refuses a change that the server's state does not allow.
pub(crate) fn allowed(
    world: &mut World,
    context: &RequestContext,
    change: &Change,
) -> Result<(), Fault> {
    let server = find_mut(&mut world.compute, context.id(), context)?;
    let refuse = |kind: &str, state: &str| {
        Err(Fault::conflict(format!(
            "Cannot '{}' instance {} while it is in {kind} {state}",
            change.verb, server.id
        )))
    };
    if !change.from.is_empty() && !change.from.contains(&server.vm) {
        return refuse("vm_state", server.vm);
    }
    match server.task {
        // A reboot that hangs is what a hard one is for.
        Some("rebooting") if change.task == "rebooting_hard" => Ok(()),
        Some(task) => refuse("task_state", task),
        None => Ok(()),
    }
}

/// Writes into the server's history what is asked of it.
pub(crate) fn note(world: &mut World, id: &str, action: &'static str, context: &RequestContext) {
    let event = Event {
        action,
        request: format!("req-{}", world.ids.uuid()),
        user: context.user().to_owned(),
        project: context.project().to_owned(),
        start: world.stamp(Stamp::MicrosBare),
        finish: None,
        failed: false,
    };
    if let Some(server) = world.compute.servers.get_mut(id) {
        server.history.push(event);
    }
}

/// Says of what was asked last that it fails.
pub(crate) fn failed(world: &mut World, id: &str) {
    let server = world.compute.servers.get_mut(id);
    if let Some(event) = server.and_then(|server| server.history.last_mut()) {
        event.failed = true;
    }
}

/// Ends the server's task.
pub(crate) fn finish(world: &mut World, id: &str) {
    let (now, precise) = (world.stamp(Stamp::Seconds), world.stamp(Stamp::MicrosBare));
    let Some(server) = world.compute.servers.get_mut(id) else { return };
    let Some(then) = server.then.take() else { return };
    let task = server.task.take().unwrap_or_default();
    let reverted = task == "resize_reverting";
    if let Some(former) = server.former.take_if(|_| reverted) {
        server.flavor = former;
    }
    if then == "active" && server.launched.is_none() {
        server.launched = Some(precise.clone());
    }
    server.vm = then;
    server.updated = now;
    for event in server.history.iter_mut().filter(|event| event.finish.is_none()) {
        event.finish = Some(precise.clone());
    }
    match then {
        "shelved_offloaded" => {
            scheduler::release(world, id);
            shelving::offloaded(world, id);
        }
        _ if task == "unshelving" => {
            scheduler::claim(world, id);
            shelving::back(world, id);
        }
        _ if reverted => scheduler::claim(world, id),
        _ => {}
    }
    migrations::task_is_over(world, id, task);
}
