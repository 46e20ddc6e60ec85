//! The actions that only change a server's state.

use serde_json::{Value, json};

use super::change::{Change, allowed, begin, note};
use super::scheduler;
use super::server::{Lock, find, find_mut, in_state};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.servers.start", |w, c| change(w, c, &START)),
    ("compute.servers.stop", |w, c| change(w, c, &STOP)),
    ("compute.servers.pause", |w, c| change(w, c, &PAUSE)),
    ("compute.servers.unpause", |w, c| change(w, c, &UNPAUSE)),
    ("compute.servers.suspend", |w, c| change(w, c, &SUSPEND)),
    ("compute.servers.resume", |w, c| change(w, c, &RESUME)),
    ("compute.servers.shelve", |w, c| change(w, c, &SHELVE)),
    ("compute.servers.shelve_offload", |w, c| change(w, c, &OFFLOAD)),
    ("compute.servers.unshelve", unshelve),
    ("compute.servers.unrescue", |w, c| change(w, c, &UNRESCUE)),
    ("compute.servers.trigger_crash_dump", |w, c| change(w, c, &CRASH)),
    ("compute.servers.inject_network_info", |w, c| change(w, c, &INJECT)),
    ("compute.servers.change_password", |w, c| change(w, c, &PASSWORD)),
    ("compute.servers.reboot", reboot),
    ("compute.servers.rescue", rescue),
    ("compute.servers.lock", lock),
    ("compute.servers.unlock", unlock),
    ("compute.servers.reset_state", reset),
    ("compute.servers.restore", restore),
    ("compute.servers.evacuate", evacuate),
];

/// Makes a change as one line.
const fn to(
    verb: &'static str,
    from: &'static [&'static str],
    task: &'static str,
    to: &'static str,
) -> Change {
    Change { verb, from, task, to }
}

const START: Change = to("start", &["stopped"], "powering-on", "active");
const STOP: Change = to("stop", &["active", "error"], "powering-off", "stopped");
const PAUSE: Change = to("pause", &["active"], "pausing", "paused");
const UNPAUSE: Change = to("unpause", &["paused"], "unpausing", "active");
const SUSPEND: Change = to("suspend", &["active"], "suspending", "suspended");
const RESUME: Change = to("resume", &["suspended"], "resuming", "active");
const SHELVE: Change =
    to("shelve", &["active", "stopped", "paused", "suspended"], "shelving", "shelved_offloaded");
const OFFLOAD: Change =
    to("shelveOffload", &["shelved"], "shelving_offloading", "shelved_offloaded");
const UNSHELVE: Change = to("unshelve", &["shelved", "shelved_offloaded"], "unshelving", "active");
const RESCUE: Change = to("rescue", &["active", "stopped", "error"], "rescuing", "rescued");
const UNRESCUE: Change = to("unrescue", &["rescued"], "unrescuing", "active");
const CRASH: Change =
    to("trigger_crash_dump", &["active", "paused", "rescued", "resized", "error"], "", "");
const INJECT: Change = to("injectNetworkInfo", &[], "", "");
const PASSWORD: Change = to("changePassword", &["active"], "updating_password", "");
const REBOOT: Change = to("reboot", &["active"], "rebooting", "active");
const HARD_REBOOT: Change = to(
    "reboot",
    &["active", "stopped", "paused", "suspended", "error"],
    "rebooting_hard",
    "active",
);

fn change(world: &mut World, context: &RequestContext, change: &Change) -> Outcome {
    begin(world, context, change)?;
    Ok(Reply::empty(202))
}

fn reboot(world: &mut World, context: &RequestContext) -> Outcome {
    let kind = context.action().get("type").and_then(Value::as_str).unwrap_or_default();
    change(world, context, if kind.eq_ignore_ascii_case("hard") { &HARD_REBOOT } else { &REBOOT })
}

fn rescue(world: &mut World, context: &RequestContext) -> Outcome {
    allowed(world, context, &RESCUE)?;
    if let Some(image) = context.action().get("rescue_image_ref").and_then(Value::as_str) {
        crate::world::image::images::usable(&world.image, image, context)
            .map_err(|_| Fault::bad_request(format!("Image {image} could not be found.")))?;
    }
    let server = find(&world.compute, context.id(), context)?;
    if server.root_volume().is_some() {
        return Err(Fault::bad_request(format!(
            "Instance {} cannot be rescued: Cannot rescue a volume-backed instance",
            server.id
        )));
    }
    begin(world, context, &RESCUE)?;
    Ok(Reply::json(200, json!({ "adminPass": password(context.action()) })))
}

fn unshelve(world: &mut World, context: &RequestContext) -> Outcome {
    allowed(world, context, &UNSHELVE)?;
    let zone = context.action().get("availability_zone").and_then(Value::as_str);
    if zone.is_some_and(|zone| !scheduler::is_open(world) || scheduler::zone(world) != zone) {
        return Err(Fault::bad_request("The requested availability zone is not available"));
    }
    change(world, context, &UNSHELVE)
}

fn lock(world: &mut World, context: &RequestContext) -> Outcome {
    let reason = context.action().get("locked_reason").and_then(Value::as_str).map(str::to_owned);
    let server = find(&world.compute, context.id(), context)?;
    let from_outside = server.project != context.project();
    if server.lock.is_some() && !from_outside {
        return Ok(Reply::empty(202));
    }
    note(world, context.id(), "lock", context);
    if let Some(server) = world.compute.servers.get_mut(context.id()) {
        server.lock = Some(Lock { from_outside, reason });
    }
    Ok(Reply::empty(202))
}

fn unlock(world: &mut World, context: &RequestContext) -> Outcome {
    find(&world.compute, context.id(), context)?;
    note(world, context.id(), "unlock", context);
    if let Some(server) = world.compute.servers.get_mut(context.id()) {
        server.lock = None;
    }
    Ok(Reply::empty(202))
}

fn reset(world: &mut World, context: &RequestContext) -> Outcome {
    let error = context.action().get("state").and_then(Value::as_str) == Some("error");
    let server = find_mut(&mut world.compute, context.id(), context)?;
    server.vm = if error { "error" } else { "active" };
    server.task = None;
    server.then = None;
    note(world, context.id(), "resetState", context);
    Ok(Reply::empty(202))
}

/// Nothing is kept after it is deleted, so that there is nothing to restore.
fn restore(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find_mut(&mut world.compute, context.id(), context)?;
    Err(Fault::conflict(format!(
        "Cannot 'restore' instance {} while it is in vm_state {}",
        server.id, server.vm
    )))
}

/// The one host is up, and nothing can be evacuated from a host that is.
fn evacuate(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    in_state(server, "evacuate", &["active", "stopped", "error"])?;
    Err(Fault::bad_request(format!("Compute service of {} is still in use.", crate::names::HOST)))
}

/// Returns the password that a body asks for, or one that is made up.
pub(crate) fn password(body: &Value) -> String {
    body.get("adminPass")
        .and_then(Value::as_str)
        .map_or_else(|| crate::ids::secret().chars().take(12).collect(), str::to_owned)
}
