//! What servers need: hosts, flavors, images.

use serde_json::{Value, json};

use super::{Found, Probe, Topic};
use crate::features::Source;
use crate::settings::ByHand;

/// Examines hosts and flavors.
pub(super) async fn examine(probe: &Probe<'_>) -> Found {
    let mut found = Found::default();
    if probe.facts.has("compute") {
        if probe.is_admin {
            hypervisors(probe, &mut found).await;
            processes(probe, &mut found, "compute.services.list", "compute").await;
        }
        flavors(probe, &mut found).await;
    }
    if probe.is_admin && probe.facts.has("volume") {
        processes(probe, &mut found, "volume.services.list", "volume").await;
    }
    found
}

async fn hypervisors(probe: &Probe<'_>, found: &mut Found) {
    const OPERATION: &str = "compute.hypervisors.list_detail";
    match probe.ask(OPERATION, &[], &[], "/hypervisors").await {
        Err(no_answer) => found.unknown(Topic::Hosts, "hypervisors", &no_answer),
        Ok(answer) => {
            let all = answer.list("/hypervisors");
            let up = all.iter().filter(|one| one["state"] == "up").count();
            let names = |one: &Value| one["hypervisor_hostname"].clone();
            let value = json!({ "up": up, "names": all.iter().map(names).collect::<Vec<_>>() });
            let words = format!("{up} of {} up", all.len());
            found.fact(Topic::Hosts, "hypervisors", value, words, &answer.source);
            if up == 0 {
                found.problem(
                    "no hypervisor is up, so no server can boot",
                    "check the compute services on the hosts: `openstack hypervisor list`",
                );
            }
        }
    }
}

/// Reports a service's processes that are enabled and down.
async fn processes(probe: &Probe<'_>, found: &mut Found, operation: &'static str, service: &str) {
    let name = format!("{service} processes");
    match probe.ask(operation, &[], &[], "/services").await {
        Err(no_answer) => found.unknown(Topic::Hosts, &name, &no_answer),
        Ok(answer) => {
            let all = answer.list("/services");
            let shown = |one: &Value| {
                let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
                format!("{} on {}", text("binary"), text("host"))
            };
            let is_up = |one: &&Value| one["state"] == "up";
            let is_down = |one: &&Value| !is_up(one) && one["status"] == "enabled";
            let up = all.iter().filter(is_up).count();
            let down: Vec<String> = all.iter().filter(is_down).map(shown).collect();
            let value = json!({ "up": up, "of": all.len(), "down": down });
            let words = format!("{up} of {} up", all.len());
            found.fact(Topic::Hosts, name, value, words, &answer.source);
            for process in down {
                found.problem(
                    format!("{process} is enabled and down"),
                    "check its log on that host, or disable it",
                );
            }
        }
    }
}

async fn flavors(probe: &Probe<'_>, found: &mut Found) {
    const OPERATION: &str = "compute.flavors.list_detail";
    let query = [("is_public", "true"), ("sort_key", "memory_mb")];
    // Only an admin may filter by `is_public`; others see only their own and public ones.
    let query = if probe.is_admin { &query[..] } else { &query[1..] };
    let answer = match probe.ask(OPERATION, &[], query, "/flavors").await {
        Err(no_answer) => return found.unknown(Topic::Flavors, "flavors", &no_answer),
        Ok(answer) => answer,
    };
    let all = answer.list("/flavors");
    for one in all {
        let number = |key: &str| one[key].as_u64().unwrap_or_default();
        let (vcpus, ram, disk) = (number("vcpus"), number("ram"), number("disk"));
        let value = json!({ "id": one["id"], "vcpus": vcpus, "ram_mb": ram, "disk_gb": disk });
        let words = format!("{ram} MiB of memory, {disk} GiB of disk, {vcpus} vCPU");
        found.fact(Topic::Flavors, name_of(one), value, words, &answer.source);
    }
    if all.is_empty() {
        found.problem(
            "there is no public flavor, so tests that boot servers are skipped",
            "create a small one, for example `openstack flavor create --ram 256 --disk 1 tiny`",
        );
    }
    choice(found, "flavor", probe.settings.flavor.as_ref(), all, &answer.source);
}

/// Examines the images that everyone may boot.
pub(super) async fn images(probe: &Probe<'_>) -> Found {
    const OPERATION: &str = "image.images.list";
    let mut found = Found::default();
    if !probe.facts.has("image") {
        return found;
    }
    let query = [("visibility", "public"), ("status", "active"), ("limit", "1000")];
    let answer = match probe.ask(OPERATION, &[], &query, "/images").await {
        Err(no_answer) => {
            found.unknown(Topic::Images, "images", &no_answer);
            return found;
        }
        Ok(answer) => answer,
    };
    let all = answer.list("/images");
    for one in all {
        let format = one["disk_format"].as_str().unwrap_or("?");
        let size = one["size"].as_u64().unwrap_or_default();
        let value = json!({ "id": one["id"], "disk_format": format, "size": size });
        let words = format!("{format}, {} MiB", size.div_ceil(1 << 20));
        found.fact(Topic::Images, name_of(one), value, words, &answer.source);
    }
    if all.is_empty() {
        found.problem(
            "there is no active public image, so tests that boot servers are skipped",
            "upload one, for example `openstack image create --public --disk-format qcow2 \
             --container-format bare --file cirros.img cirros`",
        );
    }
    choice(&mut found, "image", probe.settings.image.as_ref(), all, &answer.source);
    found
}

/// Reports a choice from the settings, and whether the cloud has it.
pub(super) fn choice(
    found: &mut Found,
    what: &str,
    chosen: Option<&ByHand<String>>,
    all: &[Value],
    asked: &Source,
) {
    let Some(ByHand { value, at }) = chosen else { return };
    let is_chosen = |one: &&Value| one["id"] == value.as_str() || one["name"] == value.as_str();
    let id = all.iter().find(is_chosen).map(|one| one["id"].clone());
    let by_hand = Source::Hand(at.clone());
    let json = json!({ "chosen": value, "id": id });
    found.fact(Topic::Choices, what, json, value.clone(), &by_hand);
    if id.is_none() {
        found.problem(
            format!("{at} chooses the {what} `{value}`, which is not listed by {asked}"),
            format!("choose one of the listed {what}s, or remove the line"),
        );
    }
}

pub(super) fn name_of(thing: &Value) -> &str {
    thing["name"].as_str().unwrap_or_default()
}
