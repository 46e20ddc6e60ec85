//! The security groups of servers, which are those of their ports.

use serde_json::{Value, json};

use super::nics;
use super::server::{find, find_mut};
use crate::behaviour::Behaviour;
use crate::document::text;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.servers.add_security_group", add),
    ("compute.servers.remove_security_group", remove),
    ("compute.server_security_groups.list", list),
];

fn add(world: &mut World, context: &RequestContext) -> Outcome {
    let (id, name) = named(world, context)?;
    let server = find_mut(&mut world.compute, context.id(), context)?;
    if !server.security_groups.contains(&name) {
        server.security_groups.push(name);
    }
    let ports: Vec<String> = server.nics.iter().map(|nic| nic.port.clone()).collect();
    for port in &ports {
        let Some(groups) = groups_of(world, port) else { continue };
        if !groups.contains(&json!(id)) {
            groups.push(json!(id));
        }
    }
    Ok(Reply::empty(202))
}

fn remove(world: &mut World, context: &RequestContext) -> Outcome {
    let (id, name) = named(world, context)?;
    let server = find_mut(&mut world.compute, context.id(), context)?;
    if !server.security_groups.contains(&name) {
        return Err(Fault::not_found(format!(
            "Security group {name} not associated with the instance {}",
            server.id
        )));
    }
    server.security_groups.retain(|have| *have != name);
    let ports: Vec<String> = server.nics.iter().map(|nic| nic.port.clone()).collect();
    for port in &ports {
        let Some(groups) = groups_of(world, port) else { continue };
        groups.retain(|have| *have != json!(id));
    }
    Ok(Reply::empty(202))
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    let list: Vec<Value> = world
        .network
        .security_groups
        .values()
        .filter(|group| text(group, "project_id") == server.project)
        .filter(|group| server.security_groups.iter().any(|name| name == text(group, "name")))
        .map(|group| {
            json!({
                "id": text(group, "id"), "name": text(group, "name"),
                "description": text(group, "description"), "tenant_id": server.project,
                "rules": [],
            })
        })
        .collect();
    Ok(Reply::json(200, json!({ "security_groups": list })))
}

fn named(world: &World, context: &RequestContext) -> Result<(String, String), Fault> {
    let name = context.action().get("name").and_then(Value::as_str).unwrap_or_default();
    find(&world.compute, context.id(), context)?;
    nics::group(world, name, context).map_err(|fault| Fault::not_found(fault.message))
}

fn groups_of<'a>(world: &'a mut World, port: &str) -> Option<&'a mut Vec<Value>> {
    world.network.ports.get_mut(port)?.get_mut("security_groups")?.as_array_mut()
}
