//! What was asked of servers.

use serde_json::{Value, json};

use super::server::{Event, Server, find, find_any};
use super::view::host_id;
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::policy::Owned as _;
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.server_instance_actions.list", list),
    ("compute.server_instance_actions.show", show),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let server = acted_on(world, context)?;
    let newest: Vec<&Event> = server.history.iter().rev().collect();
    let shown = |event: &&Event| brief(server, event, context);
    let body = super::collection::paged(
        "instanceActions",
        "links",
        newest,
        |event| event.request.as_str(),
        shown,
        context,
    )?;
    Ok(Reply::json(200, body))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let server = acted_on(world, context)?;
    let wanted = context.parameter(1);
    let event = server.history.iter().find(|event| event.request == wanted).ok_or_else(|| {
        Fault::not_found(format!(
            "Action for request_id {wanted} on instance {} not found",
            server.id
        ))
    })?;
    let mut step = json!({
        "event": format!("compute_{}_instance", event.action),
        "start_time": event.start,
        "finish_time": event.finish,
        "result": event.finish.as_ref().map(|_| if event.failed { "Error" } else { "Success" }),
    });
    let owner = server.owner();
    let all = context.may("os_compute_api:os-instance-actions:events", &owner);
    if all {
        step["traceback"] = Value::Null;
    }
    if context.since(62) {
        step["hostId"] = json!(host_id(server));
        if all {
            step["host"] = json!(crate::names::HOST);
        }
    }
    let details = "os_compute_api:os-instance-actions:events:details";
    if context.since(84) && context.may(details, &owner) {
        step["details"] = Value::Null;
    }
    let mut out = brief(server, event, context);
    // Before 2.51 only who may see all of them sees the events.
    if all || context.since(51) {
        out["events"] = json!([step]);
    }
    Ok(Reply::json(200, json!({ "instanceAction": out })))
}

/// Returns the server whose actions are asked for: from 2.21 on also one that is deleted.
fn acted_on<'a>(world: &'a World, context: &RequestContext) -> Result<&'a Server, Fault> {
    let state = &world.compute;
    let id = context.id();
    if context.since(21) { find_any(state, id, context) } else { find(state, id, context) }
}

fn brief(server: &Server, event: &Event, context: &RequestContext) -> Value {
    let mut out = json!({
        "action": event.action, "instance_uuid": server.id, "request_id": event.request,
        "user_id": event.user, "project_id": event.project, "start_time": event.start,
        "message": event.finish.as_ref().filter(|_| event.failed).map(|_| "Error"),
    });
    if context.since(58) {
        out["updated_at"] = json!(event.finish.as_ref().unwrap_or(&event.start));
    }
    out
}
