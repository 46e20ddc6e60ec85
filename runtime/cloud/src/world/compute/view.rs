//! How servers are shown at each version.

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha224};

use super::Flavor;
use super::collection::links;
use super::server::Server;
use crate::document::text;
use crate::names::HOST;
use crate::policy::{Owned as _, Owner};
use crate::request::RequestContext;
use crate::world::World;
use crate::world::network::find::fixed_ips;

/// The zone of the one host.
pub(crate) const ZONE: &str = "nova";

/// Which answer a server is shown in: they do not all have the same fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Show,
    Detail,
    Update,
    Rebuild,
}

/// Shows a server in brief.
pub(crate) fn brief(server: &Server, context: &RequestContext) -> Value {
    json!({
        "id": server.id,
        "name": server.name,
        "links": links("servers", &server.id, context),
    })
}

/// Shows all of a server.
pub(crate) fn detail(
    world: &World,
    server: &Server,
    answer: Answer,
    context: &RequestContext,
) -> Value {
    let changed = matches!(answer, Answer::Update | Answer::Rebuild);
    let whole = !changed || context.since(75);
    // A list asks once, of the caller's own project.
    let owner = match answer {
        Answer::Detail => Owner::caller(context),
        _ => server.owner(),
    };
    let mut out = json!({
        "id": server.id,
        "name": server.name,
        "status": server.status(),
        "tenant_id": server.project,
        "user_id": server.user,
        "metadata": server.metadata,
        "hostId": host_id(server),
        "image": image(server, context),
        "flavor": flavor(&server.flavor, &owner, context),
        "created": server.created,
        "updated": server.updated,
        "addresses": addresses(world, server, whole),
        "accessIPv4": server.access[0],
        "accessIPv6": server.access[1],
        "OS-DCF:diskConfig": server.disk_config,
        "links": links("servers", &server.id, context),
    });
    let shown = out.as_object_mut();
    let Some(out_map) = shown else { return out };
    if ["ACTIVE", "BUILD", "REBUILD", "RESIZE", "VERIFY_RESIZE", "MIGRATING"]
        .contains(&server.status())
    {
        out_map.insert("progress".to_owned(), json!(progress(server)));
    }
    if whole {
        extend(out_map, server, changed, &owner, context);
    }
    if let Some(fault) = server.fault.as_ref().filter(|_| server.vm == "error" && !changed) {
        let fault = json!({ "code": 500, "message": fault.message, "created": fault.created });
        out_map.insert("fault".to_owned(), fault);
    }
    since(out_map, server, answer, context);
    out
}

/// Adds what extensions brought, and what 2.75 brought to all answers.
fn extend(
    out: &mut Map<String, Value>,
    server: &Server,
    changed: bool,
    owner: &Owner<'_>,
    context: &RequestContext,
) {
    let host = server.placed().then_some(HOST);
    let mut put = |key: &str, value: Value| {
        out.insert(key.to_owned(), value);
    };
    let zone = server.host_zone.as_deref().filter(|_| server.placed()).unwrap_or_default();
    put("OS-EXT-AZ:availability_zone", json!(zone));
    put("OS-EXT-STS:vm_state", json!(server.vm));
    put("OS-EXT-STS:task_state", json!(server.task));
    put("OS-EXT-STS:power_state", json!(server.power()));
    put("OS-SRV-USG:launched_at", json!(server.launched));
    put("OS-SRV-USG:terminated_at", Value::Null);
    put("config_drive", json!(if server.config_drive { "True" } else { "" }));
    put("key_name", json!(server.key_name));
    let groups: Vec<Value> =
        server.security_groups.iter().map(|name| json!({ "name": name })).collect();
    // They are those of its ports; `nova.api.openstack.compute.views.servers` leaves out none.
    if !groups.is_empty() && !server.nics.is_empty() {
        put("security_groups", json!(groups));
    }
    let volumes: Vec<Value> = server
        .volumes
        .iter()
        .map(|device| {
            let mut volume = json!({ "id": device.volume });
            if context.since(3) {
                volume["delete_on_termination"] = json!(device.delete);
            }
            volume
        })
        .collect();
    put("os-extended-volumes:volumes_attached", json!(volumes));
    if context.may("os_compute_api:os-extended-server-attributes", owner) {
        put("OS-EXT-SRV-ATTR:host", json!(host));
        put("OS-EXT-SRV-ATTR:hypervisor_hostname", json!(host));
        put("OS-EXT-SRV-ATTR:instance_name", json!(format!("instance-{:08x}", server.number)));
        if context.since(3) {
            put("OS-EXT-SRV-ATTR:reservation_id", json!(server.reservation));
            put("OS-EXT-SRV-ATTR:launch_index", json!(server.launch_index));
            put("OS-EXT-SRV-ATTR:hostname", json!(server.hostname));
            put("OS-EXT-SRV-ATTR:kernel_id", json!(""));
            put("OS-EXT-SRV-ATTR:ramdisk_id", json!(""));
            put("OS-EXT-SRV-ATTR:root_device_name", json!("/dev/vda"));
            if !changed || server.user_data.is_some() {
                put("OS-EXT-SRV-ATTR:user_data", json!(server.user_data));
            }
        }
    }
    // The host is always known: who may see no more than that it is unknown sees nothing.
    if context.since(16) && context.may("os_compute_api:servers:show:host_status", owner) {
        put("host_status", json!(if server.placed() { "UP" } else { "" }));
    }
    if context.since(90) {
        put("OS-EXT-SRV-ATTR:hostname", json!(server.hostname));
    }
}

/// Adds what single versions brought.
fn since(out: &mut Map<String, Value>, server: &Server, answer: Answer, context: &RequestContext) {
    let rebuilt = answer == Answer::Rebuild;
    let mut put = |minor: u16, key: &str, value: Value| {
        if context.since(minor) {
            out.insert(key.to_owned(), value);
        }
    };
    put(9, "locked", json!(server.lock.is_some()));
    put(19, "description", json!(server.description));
    put(26, "tags", json!(server.tags));
    if rebuilt {
        put(54, "key_name", json!(server.key_name));
        put(57, "user_data", json!(server.user_data));
    }
    put(63, "trusted_image_certificates", json!(server.certificates));
    if answer != Answer::Detail {
        let group = server.hints.get("group").into_iter().collect::<Vec<_>>();
        put(71, "server_groups", json!(group));
    }
    let reason = server.lock.as_ref().and_then(|lock| lock.reason.clone());
    put(73, "locked_reason", json!(reason));
    put(96, "pinned_availability_zone", json!(server.zone));
    put(100, "scheduler_hints", json!(server.hints));
}

/// Returns what stands for the host of a server to its project.
pub(crate) fn host_id(server: &Server) -> String {
    if !server.placed() {
        return String::new();
    }
    hex::encode(Sha224::digest(format!("{}{HOST}", server.project)))
}

fn image(server: &Server, context: &RequestContext) -> Value {
    let Some(id) = &server.image else { return json!("") };
    let href = format!("{}/compute/images/{id}", context.base);
    let mut out = json!({ "id": id, "links": [{ "rel": "bookmark", "href": href }] });
    if context.since(98) {
        out["properties"] = json!(server.image_properties);
    }
    out
}

fn flavor(flavor: &Flavor, owner: &Owner<'_>, context: &RequestContext) -> Value {
    if context.since(47) {
        let mut out = json!({
            "original_name": flavor.name, "ram": flavor.ram, "vcpus": flavor.vcpus,
            "disk": flavor.disk, "ephemeral": flavor.ephemeral, "swap": flavor.swap,
        });
        if context.may("os_compute_api:servers:show:flavor-extra-specs", owner) {
            out["extra_specs"] = json!(flavor.extra_specs);
        }
        return out;
    }
    let href = format!("{}/compute/flavors/{}", context.base, flavor.id);
    json!({ "id": flavor.id, "links": [{ "rel": "bookmark", "href": href }] })
}

/// Returns a server's addresses by network; `whole` with what extensions brought.
pub(crate) fn addresses(world: &World, server: &Server, whole: bool) -> Value {
    let state = &world.network;
    let mut out: Map<String, Value> = Map::new();
    for port in server.nics.iter().filter_map(|nic| state.ports.get(&nic.port)) {
        let network = state.networks.get(text(port, "network_id"));
        let name = network.map(|network| text(network, "name")).unwrap_or_default();
        let list = out.entry(name).or_insert_with(|| json!([]));
        let Value::Array(list) = list else { continue };
        let mut add = |address: &str, kind: &str| {
            let version = if address.contains(':') { 6 } else { 4 };
            let mut one = json!({ "addr": address, "version": version });
            if whole {
                one["OS-EXT-IPS:type"] = json!(kind);
                one["OS-EXT-IPS-MAC:mac_addr"] = json!(text(port, "mac_address"));
            }
            list.push(one);
        };
        for (_, address) in fixed_ips(port) {
            add(address, "fixed");
            for floating in state.floating_ips.values() {
                if text(floating, "port_id") == text(port, "id")
                    && text(floating, "fixed_ip_address") == address
                {
                    add(text(floating, "floating_ip_address"), "floating");
                }
            }
        }
    }
    Value::Object(out)
}

/// Returns how far the building of a server is, in percent.
pub(crate) fn progress(server: &Server) -> u32 {
    if server.vm == "building" { 0 } else { 100 }
}
