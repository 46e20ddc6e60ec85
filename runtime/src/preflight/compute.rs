//! What servers are made of: hosts, flavors, images.

use serde_json::{Value, json};

use super::{Found, Look, Topic};
use crate::features::{Source, ask};
use crate::settings::ByHand;

/// Looks for hosts and flavors.
pub(super) async fn look(look: &Look<'_>) -> Found {
    let mut found = Found::default();
    if look.facts.has("compute") {
        if look.is_admin {
            hypervisors(look, &mut found).await;
            processes(look, &mut found, "compute.services.list", "compute").await;
        }
        flavors(look, &mut found).await;
    }
    if look.is_admin && look.facts.has("volume") {
        processes(look, &mut found, "volume.services.list", "volume").await;
    }
    found
}

async fn hypervisors(look: &Look<'_>, found: &mut Found) {
    const OPERATION: &str = "compute.hypervisors.list_detail";
    match ask(look.api, OPERATION, &[], &[]).await {
        Err(untold) => found.untold(Topic::Hosts, "hypervisors", &untold),
        Ok(told) => {
            let all = told.list("/hypervisors");
            let up = all.iter().filter(|one| one["state"] == "up").count();
            let names = |one: &Value| one["hypervisor_hostname"].clone();
            let value = json!({ "up": up, "names": all.iter().map(names).collect::<Vec<_>>() });
            let words = format!("{up} of {} up", all.len());
            found.fact(Topic::Hosts, "hypervisors", value, words, &told.source);
            if up == 0 {
                found.problem(
                    "no hypervisor is up: no server boots",
                    "see the compute services on the hosts, `openstack hypervisor list`",
                );
            }
        }
    }
}

/// Looks for a service's processes that are enabled and not up.
async fn processes(look: &Look<'_>, found: &mut Found, operation: &'static str, service: &str) {
    let name = format!("{service} processes");
    match ask(look.api, operation, &[], &[]).await {
        Err(untold) => found.untold(Topic::Hosts, &name, &untold),
        Ok(told) => {
            let all = told.list("/services");
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
            found.fact(Topic::Hosts, name, value, words, &told.source);
            for process in down {
                found.problem(
                    format!("{process} is enabled and down"),
                    "see its log on that host, or disable it",
                );
            }
        }
    }
}

async fn flavors(look: &Look<'_>, found: &mut Found) {
    const OPERATION: &str = "compute.flavors.list_detail";
    let query = [("is_public", "true"), ("sort_key", "memory_mb")];
    // Only an admin may ask for the public ones alone; others see no more than they have.
    let query = if look.is_admin { &query[..] } else { &query[1..] };
    let told = match ask(look.api, OPERATION, &[], query).await {
        Err(untold) => return found.untold(Topic::Flavors, "flavors", &untold),
        Ok(told) => told,
    };
    let all = told.list("/flavors");
    for one in all {
        let number = |key: &str| one[key].as_u64().unwrap_or_default();
        let (vcpus, ram, disk) = (number("vcpus"), number("ram"), number("disk"));
        let value = json!({ "id": one["id"], "vcpus": vcpus, "ram_mb": ram, "disk_gb": disk });
        let words = format!("{ram} MiB of memory, {disk} GiB of disk, {vcpus} vCPU");
        found.fact(Topic::Flavors, name_of(one), value, words, &told.source);
    }
    if all.is_empty() {
        found.problem(
            "there is no public flavor: tests that boot servers are skipped",
            "make a small one, as in `openstack flavor create --ram 256 --disk 1 tiny`",
        );
    }
    choice(found, "flavor", look.settings.flavor.as_ref(), all, &told.source);
}

/// Looks for images that everyone may boot.
pub(super) async fn images(look: &Look<'_>) -> Found {
    const OPERATION: &str = "image.images.list";
    let mut found = Found::default();
    if !look.facts.has("image") {
        return found;
    }
    let query = [("visibility", "public"), ("status", "active"), ("limit", "1000")];
    let told = match ask(look.api, OPERATION, &[], &query).await {
        Err(untold) => {
            found.untold(Topic::Images, "images", &untold);
            return found;
        }
        Ok(told) => told,
    };
    let all = told.list("/images");
    for one in all {
        let format = one["disk_format"].as_str().unwrap_or("?");
        let size = one["size"].as_u64().unwrap_or_default();
        let value = json!({ "id": one["id"], "disk_format": format, "size": size });
        let words = format!("{format}, {} MiB", size.div_ceil(1 << 20));
        found.fact(Topic::Images, name_of(one), value, words, &told.source);
    }
    if all.is_empty() {
        found.problem(
            "there is no public image that is active: tests that boot servers are skipped",
            "upload one, as in `openstack image create --public --disk-format qcow2 \
             --container-format bare --file cirros.img cirros`",
        );
    }
    choice(&mut found, "image", look.settings.image.as_ref(), all, &told.source);
    found
}

/// Tells what was chosen by hand, and whether it is among what there is.
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
            format!("{at} chooses the {what} `{value}`, which is not among those of {asked}"),
            format!("name one that stands under {what}s, or take the line out"),
        );
    }
}

pub(super) fn name_of(thing: &Value) -> &str {
    thing["name"].as_str().unwrap_or_default()
}
