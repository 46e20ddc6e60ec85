//! Where a server goes: to the one host, if it is there to be used, in the wanted zone, and
//! has room; and what it allocates in placement.

use super::Flavor;
use super::server::Server;
use super::view::ZONE;
use crate::document::text;
use crate::names::HOST;
use crate::world::World;
use crate::world::placement::{Amounts, Consumer};

/// What nova says where no host can take a server (`nova.exception.NoValidHost`).
pub(crate) const NO_HOST: &str = "No valid host was found. There are not enough hosts available.";

/// Returns the zone of the one host: that of an aggregate that it is in, or the default.
pub(crate) fn zone(world: &World) -> String {
    let here = |hosts: &serde_json::Value| {
        hosts.as_array().is_some_and(|all| all.iter().any(|host| host == HOST))
    };
    let zones = world.compute.aggregates.values().filter(|aggregate| {
        aggregate.get("hosts").is_some_and(here) && !text(aggregate, "availability_zone").is_empty()
    });
    zones
        .map(|aggregate| text(aggregate, "availability_zone").to_owned())
        .next()
        .unwrap_or_else(|| ZONE.to_owned())
}

/// Whether the one host may be given servers.
pub(crate) fn is_open(world: &World) -> bool {
    let mut services = world.compute.services.iter();
    services
        .any(|service| service.binary == "nova-compute" && service.enabled && !service.forced_down)
}

/// Whether the one host can take a server of a flavor in a zone, beside what it has.
pub(crate) fn takes(world: &World, flavor: &Flavor, wanted: Option<&str>, with_disk: bool) -> bool {
    let zone = zone(world);
    if !is_open(world) || wanted.is_some_and(|wanted| wanted != zone) {
        return false;
    }
    let Some(provider) = world.placement.providers.values().find(|p| p.name == HOST) else {
        return true;
    };
    let used = world.placement.used(&provider.uuid);
    amounts(flavor, with_disk).iter().all(|(class, amount)| {
        let most = provider.inventories.get(class).and_then(|i| i.get("max_unit")?.as_u64());
        most.is_none_or(|most| *amount <= most)
            && used.get(class).copied().unwrap_or_default() + amount <= provider.capacity(class)
    })
}

/// Tells placement what a server uses of the one host.
pub(crate) fn claim(world: &mut World, id: &str) {
    let Some(server) = world.compute.servers.get(id) else { return };
    let new = Consumer {
        project: server.project.clone(),
        user: server.user.clone(),
        kind: "INSTANCE".to_owned(),
        generation: 1,
        allocations: [].into(),
    };
    let used = amounts(&server.flavor, has_disk(server));
    let provider = world.placement.providers.values_mut().find(|p| p.name == HOST);
    let Some(provider) = provider else { return };
    provider.generation += 1;
    let before = world.placement.consumers.get(id).map_or(0, |consumer| consumer.generation);
    let consumer = Consumer {
        generation: before + 1,
        allocations: [(provider.uuid.clone(), used)].into(),
        ..new
    };
    world.placement.consumers.insert(id.to_owned(), consumer);
}

/// Tells placement that a server uses nothing any more.
pub(crate) fn release(world: &mut World, id: &str) {
    world.placement.consumers.remove(id);
}

/// Whether a server's own disk is the host's: not where it boots from a volume.
pub(crate) fn has_disk(server: &Server) -> bool {
    server.image.is_some()
}

/// Returns what a flavor uses; nothing that is zero is asked for
/// (`nova.scheduler.utils.ResourceRequest`).
fn amounts(flavor: &Flavor, with_disk: bool) -> Amounts {
    let root = if with_disk { flavor.disk } else { 0 };
    let disk = root + flavor.ephemeral + flavor.swap.div_ceil(1024);
    [("VCPU", flavor.vcpus), ("MEMORY_MB", flavor.ram), ("DISK_GB", disk)]
        .into_iter()
        .filter(|(_, amount)| *amount > 0)
        .map(|(class, amount)| (class.to_owned(), amount))
        .collect()
}
