//! Networks that lead out, and the processes that make networks work.

use serde_json::{Value, json};

use super::compute::{choice, name_of};
use super::{Found, Look, Topic};
use crate::features::ask;

/// Looks for external networks and agents.
pub(super) async fn look(look: &Look<'_>) -> Found {
    let mut found = Found::default();
    if !look.facts.has("network") {
        return found;
    }
    let query = [("router:external", "True")];
    match ask(look.api, "network.networks.list", &[], &query).await {
        Err(untold) => found.untold(Topic::ExternalNetworks, "networks", &untold),
        Ok(told) => {
            let all = told.list("/networks");
            for one in all {
                let status = one["status"].as_str().unwrap_or_default();
                let value = json!({ "id": one["id"], "status": status });
                found.fact(Topic::ExternalNetworks, name_of(one), value, status, &told.source);
            }
            if all.is_empty() {
                found.problem(
                    "there is no external network: tests of floating IPs are skipped",
                    "make one, as in `openstack network create --external public`, with a subnet",
                );
            }
            let chosen = look.settings.external_network.as_ref();
            choice(&mut found, "external network", chosen, all, &told.source);
        }
    }
    if look.is_admin {
        agents(look, &mut found).await;
    }
    found
}

async fn agents(look: &Look<'_>, found: &mut Found) {
    match ask(look.api, "network.agents.list", &[], &[]).await {
        Err(untold) => found.untold(Topic::Hosts, "network agents", &untold),
        Ok(told) => {
            let all = told.list("/agents");
            let is_up = |one: &&Value| one["alive"] == true;
            let is_down = |one: &&Value| !is_up(one) && one["admin_state_up"] == true;
            let shown = |one: &Value| {
                let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
                format!("{} on {}", text("binary"), text("host"))
            };
            let up = all.iter().filter(is_up).count();
            let down: Vec<String> = all.iter().filter(is_down).map(shown).collect();
            let value = json!({ "up": up, "of": all.len(), "down": down });
            let words = format!("{up} of {} up", all.len());
            found.fact(Topic::Hosts, "network agents", value, words, &told.source);
            for agent in down {
                found.problem(
                    format!("{agent} is enabled and down"),
                    "see its log on that host, or set its administrative state down",
                );
            }
        }
    }
}
