//! The hints that say where a new server may go, beside servers that are there, as nova's filters
//! read it (nova 34.0.0, `nova.scheduler.filters.affinity_filter`).

use serde_json::Value;

use super::groups;
use super::server::Server;
use crate::world::World;

/// Whether the one host may take a server, as far as its hints go.
pub(crate) fn allow(world: &World, server: &Server) -> bool {
    let here = |id: &str| world.compute.servers.get(id).is_some_and(Server::placed);
    let named = |hint: &str| server.hints.get(hint).map(listed);
    let apart = named("different_host").is_none_or(|ids| !ids.into_iter().any(here));
    let together = named("same_host").is_none_or(|ids| ids.is_empty() || ids.into_iter().any(here));
    let group = server.hints.get("group").and_then(Value::as_str);
    let most = group.and_then(|group| groups::most_per_host(world, group));
    let members = || {
        let mut others = 0;
        for other in world.compute.servers.values() {
            let same = other.hints.get("group") == server.hints.get("group");
            others += u64::from(same && other.id != server.id && other.placed());
        }
        others
    };
    apart && together && most.is_none_or(|most| members() < most)
}

/// Returns the ids of a hint, which has one or a list of them.
fn listed(hint: &Value) -> Vec<&str> {
    match hint {
        Value::Array(ids) => ids.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}
