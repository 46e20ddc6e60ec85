//! Making servers.

use serde_json::{Value, json};

use super::change::{finish, note};
use super::flavors::{self, is_true};
use super::server::{Fault500, Server};
use super::{Flavor, actions, devices, hints, keypairs, metadata, nics, quotas, scheduler};
use crate::clock::Stamp;
use crate::document::{Document, required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::policy::Owner;
use crate::request::RequestContext;
use crate::world::World;

/// How long a server takes to build, in milliseconds.
const WORK: u32 = 400;

/// What all servers of one request have in common.
struct Plan {
    flavor: Flavor,
    image: Option<String>,
    image_properties: Document,
    volumes: Vec<devices::Asked>,
    nics: Vec<nics::Asked>,
    groups: Vec<(String, String)>,
    hints: Document,
    reservation: String,
}

/// Makes the servers that the body asks for, and tells of the first.
pub(crate) fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("server")?;
    let plan = plan(world, body, context)?;
    let count = count(body)?;
    quotas::room(world, &plan.flavor, count, context)?;
    quotas::metadata(world, &metadata::read(body.get("metadata")), context)?;
    let mut first = None;
    for index in 0..count {
        let id = one(world, body, &plan, index, count, context)?;
        first.get_or_insert(id);
    }
    let id = first.unwrap_or_default();
    if body.get("return_reservation_id").is_some_and(is_true) {
        return Ok(Reply::json(202, json!({ "reservation_id": plan.reservation })));
    }
    let groups: Vec<Value> = plan.groups.iter().map(|(_, name)| json!({ "name": name })).collect();
    let shown = json!({ "server": {
        "id": id,
        "links": super::collection::links("servers", &id, context),
        "OS-DCF:diskConfig": disk_config(body),
        "security_groups": groups,
        "adminPass": actions::password(&Value::Object(body.clone())),
    }});
    let location = format!("{}/compute/v2.1/servers/{id}", context.base);
    Ok(Reply::json(202, shown).header("location", location))
}

fn plan(world: &mut World, body: &Document, context: &RequestContext) -> Result<Plan, Fault> {
    let wanted = match body.get("flavorRef") {
        Some(Value::String(id)) => id.rsplit('/').next().unwrap_or_default().to_owned(),
        Some(id) => id.to_string(),
        None => return Err(Fault::bad_request("'flavorRef' is a required property")),
    };
    let flavor = flavors::find(&world.compute, &wanted, context)
        .map_err(|fault| Fault::bad_request(fault.message))?
        .clone();
    let volumes = devices::read(body)?;
    devices::check(world, &volumes, context)?;
    let image = Some(text(body, "imageRef")).filter(|id| !id.is_empty());
    let boots_from_volume = volumes.iter().any(|volume| volume.boot);
    if image.is_none() && !boots_from_volume {
        return Err(Fault::bad_request(
            "Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping combination is not valid.",
        ));
    }
    let image_properties = match image {
        Some(id) => usable_image(world, id, &flavor, context)?,
        None => Document::new(),
    };
    let key = text(body, "key_name");
    if !key.is_empty() {
        keypairs::find(world, context.user(), key)
            .map_err(|_| Fault::bad_request("Invalid key_name provided."))?;
    }
    let zone = text(body, "availability_zone").split(':').next().unwrap_or_default();
    let available = || scheduler::is_open(world) && scheduler::zone(world) == zone;
    if !zone.is_empty() && !available() {
        return Err(Fault::bad_request("The requested availability zone is not available"));
    }
    let hints = ["os:scheduler_hints", "OS-SCH-HNT:scheduler_hints"]
        .iter()
        .find_map(|key| context.json.get(key)?.as_object())
        .cloned()
        .unwrap_or_default();
    let group = hints.get("group").and_then(Value::as_str);
    if let Some(group) = group {
        if !world.compute.groups.contains(group) {
            return Err(Fault::bad_request(format!("Instance group {group} could not be found.")));
        }
        let members = world.compute.servers.values();
        let members = members.filter(|server| server.hints.get("group") == hints.get("group"));
        let quota = ("server_group_members", "servers in group");
        quotas::one_more(world, context.project(), quota, members.count() as u64)?;
    }
    Ok(Plan {
        flavor,
        image: image.filter(|_| !boots_from_volume).map(str::to_owned),
        image_properties,
        nics: nics::read(world, body, context)?,
        groups: nics::groups(world, body, context)?,
        volumes,
        hints,
        reservation: format!("r-{}", world.ids.word(8)),
    })
}

/// Looks whether an image can be booted with a flavor; gives its properties.
pub(crate) fn usable_image(
    world: &World,
    id: &str,
    flavor: &Flavor,
    context: &RequestContext,
) -> Result<Document, Fault> {
    let image = crate::world::image::images::usable(&world.image, id, context)
        .map_err(|_| Fault::bad_request(format!("Can not find requested image: {id}")))?;
    if image.text("status") != "active" {
        return Err(Fault::bad_request(format!("Image {id} is not active.")));
    }
    let least = |key: &str| image.properties.get(key).and_then(Value::as_u64).unwrap_or(0);
    if least("min_ram") > flavor.ram {
        return Err(Fault::bad_request("Flavor's memory is too small for requested image."));
    }
    if flavor.disk > 0 && least("min_disk") > flavor.disk {
        return Err(Fault::bad_request("Flavor's disk is too small for requested image."));
    }
    let zero_disk = "os_compute_api:servers:create:zero_disk_flavor";
    if flavor.disk == 0 && !context.may(zero_disk, &Owner::caller(context)) {
        return Err(Fault::forbidden(
            "Only volume-backed servers are allowed for flavors with zero disk.",
        ));
    }
    let shown = image.properties.iter().filter(|(key, value)| {
        (key.starts_with("os_") || key.starts_with("hw_"))
            && value.is_string()
            && !["os_hash_algo", "os_hash_value"].contains(&key.as_str())
    });
    Ok(shown.map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// Reads how many servers are asked for.
fn count(body: &Document) -> Result<u64, Fault> {
    let given = |key: &str| body.contains_key(key).then(|| flavors::number(body, key));
    let least = given("min_count").unwrap_or(1);
    let most = given("max_count").unwrap_or(least);
    if least > most {
        return Err(Fault::bad_request("min_count must be <= max_count"));
    }
    if most > 1 && body.contains_key("hostname") {
        return Err(Fault::bad_request(
            "Unable to allocate a single hostname to multiple instances",
        ));
    }
    Ok(most.max(1))
}

/// Makes one server; gives its id.
fn one(
    world: &mut World,
    body: &Document,
    plan: &Plan,
    index: u64,
    count: u64,
    context: &RequestContext,
) -> Result<String, Fault> {
    let id = world.ids.uuid();
    let asked = required(body, "name")?.trim();
    let name = if count > 1 { format!("{asked}-{}", index + 1) } else { asked.to_owned() };
    let groups: Vec<String> = plan.groups.iter().map(|(id, _)| id.clone()).collect();
    let nics = nics::plug(world, &id, context.project(), &groups, &plan.nics)?;
    let first = usize::from(plan.image.is_some());
    let volumes = match devices::attach(world, &id, first, &plan.volumes, context) {
        Ok(volumes) => volumes,
        Err(fault) => {
            for nic in &nics {
                nics::unplug(world, nic);
            }
            return Err(fault);
        }
    };
    let now = world.stamp(Stamp::Seconds);
    let optional = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    let list = |key: &str| -> Option<Vec<String>> {
        let list = body.get(key)?.as_array()?;
        Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    };
    let server = Server {
        number: world.ids.serial(),
        hostname: optional("hostname").unwrap_or_else(|| hostname(&name)),
        name,
        description: if context.since(19) { optional("description") } else { Some(asked.into()) },
        project: context.project().to_owned(),
        user: context.user().to_owned(),
        image: plan.image.clone(),
        image_properties: plan.image_properties.clone(),
        flavor: plan.flavor.clone(),
        former: None,
        kept_as: None,
        before: None,
        metadata: metadata::read(body.get("metadata")),
        tags: list("tags").unwrap_or_default(),
        key_name: optional("key_name"),
        security_groups: plan.groups.iter().map(|(_, name)| name.clone()).collect(),
        vm: "building",
        task: Some("scheduling"),
        then: Some("active"),
        fault: None,
        host_zone: None,
        created: now.clone(),
        updated: now,
        launched: None,
        config_drive: body.get("config_drive").is_some_and(is_true),
        disk_config: disk_config(body),
        access: [
            optional("accessIPv4").unwrap_or_default(),
            optional("accessIPv6").map(normalised).unwrap_or_default(),
        ],
        lock: None,
        zone: optional("availability_zone"),
        user_data: optional("user_data"),
        reservation: plan.reservation.clone(),
        launch_index: index,
        certificates: list("trusted_image_certificates"),
        hints: plan.hints.clone(),
        volumes,
        nics,
        history: Vec::new(),
        id: id.clone(),
    };
    world.compute.servers.insert(id.clone(), server);
    note(world, &id, "create", context);
    place(world, &id);
    world.later(WORK, finish, &id);
    Ok(id)
}

/// Puts a new server on the host, or lets it end in error where no host would have it.
fn place(world: &mut World, id: &str) {
    let Some(server) = world.compute.servers.get(id) else { return };
    let with_disk = scheduler::has_disk(server);
    let zone = server.zone.as_deref().and_then(|zone| zone.split(':').next());
    let takes =
        scheduler::takes(world, &server.flavor, zone, with_disk) && hints::allow(world, server);
    let (zone, now) = (scheduler::zone(world), world.stamp(Stamp::Seconds));
    let Some(server) = world.compute.servers.get_mut(id) else { return };
    if takes {
        server.host_zone = Some(zone);
        scheduler::claim(world, id);
    } else {
        server.then = Some("error");
        server.fault = Some(Fault500 { message: scheduler::NO_HOST, created: now });
    }
}

/// Writes an IPv6 address in its short form, as nova stores it.
pub(crate) fn normalised(address: String) -> String {
    address.parse::<std::net::Ipv6Addr>().map_or(address, |parsed| parsed.to_string())
}

fn disk_config(body: &Document) -> String {
    let given = text(body, "OS-DCF:diskConfig");
    if given.is_empty() { "MANUAL" } else { given }.to_owned()
}

/// Makes a host name of a server's name (`nova.utils.sanitize_hostname`).
fn hostname(name: &str) -> String {
    let latin = name.chars().filter(|letter| u32::from(*letter) < 0x100).take(63);
    let dashed = latin.map(|letter| if " _.".contains(letter) { '-' } else { letter });
    let kept: String = dashed.filter(|letter| letter.is_alphanumeric() || *letter == '-').collect();
    kept.to_lowercase().trim_matches('-').to_owned()
}
