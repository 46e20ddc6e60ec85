//! External networks and network agents.

use serde_json::{Value, json};

use super::compute::{choice, name_of};
use super::{Found, Probe, Topic};

/// Examines external networks and agents.
pub(super) async fn examine(probe: &Probe<'_>) -> Found {
    let mut found = Found::default();
    if !probe.facts.has("network") {
        return found;
    }
    let query = [("router:external", "True")];
    match probe.ask("network.networks.list", &[], &query, "/networks").await {
        Err(no_answer) => found.unknown(Topic::ExternalNetworks, "networks", &no_answer),
        Ok(answer) => {
            let all = answer.list("/networks");
            for one in all {
                let status = one["status"].as_str().unwrap_or_default();
                let value = json!({ "id": one["id"], "status": status });
                found.fact(Topic::ExternalNetworks, name_of(one), value, status, &answer.source);
            }
            if all.is_empty() {
                found.problem(
                    "there is no external network, so tests of floating IPs are skipped",
                    "create one, for example `openstack network create --external public`, with a subnet",
                );
            }
            let chosen = probe.settings.external_network.as_ref();
            choice(&mut found, "external network", chosen, all, &answer.source);
        }
    }
    if probe.is_admin {
        agents(probe, &mut found).await;
    }
    found
}

async fn agents(probe: &Probe<'_>, found: &mut Found) {
    match probe.ask("network.agents.list", &[], &[], "/agents").await {
        Err(no_answer) => found.unknown(Topic::Hosts, "network agents", &no_answer),
        Ok(answer) => {
            let all = answer.list("/agents");
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
            found.fact(Topic::Hosts, "network agents", value, words, &answer.source);
            for agent in down {
                found.problem(
                    format!("{agent} is enabled and down"),
                    "check its log on that host, or set its administrative state to down",
                );
            }
        }
    }
}
