//! The extensions that this network has.

use serde_json::{Value, json};

use crate::behaviour::Behaviour;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] =
    &[("network.extensions.list", list), ("network.extensions.show", show)];

/// Aliases and names of what the behaviours of this service cover.
const EXTENSIONS: &[(&str, &str)] = &[
    ("agent", "agent"),
    ("allowed-address-pairs", "Allowed Address Pairs"),
    ("availability_zone", "Availability Zone"),
    ("binding", "Port Binding"),
    ("default-subnetpools", "Default Subnetpools"),
    ("ext-gw-mode", "Neutron L3 Configurable external gateway mode"),
    ("external-net", "Neutron external network"),
    ("extra_dhcp_opt", "Neutron Extra DHCP options"),
    ("extraroute", "Neutron Extra Route"),
    ("filter-validation", "Filter parameters validation"),
    ("fip-port-details", "Floating IP Port Details Extension"),
    ("floatingip-pools", "Floating IP Pools Extension"),
    ("net-mtu", "Network MTU"),
    ("network_availability_zone", "Network Availability Zone"),
    ("pagination", "Pagination support"),
    ("port-security", "Port Security"),
    ("project-id", "project_id field enabled"),
    ("provider", "Provider Network"),
    ("quotas", "Quota management support"),
    ("quota_details", "Quota details management support"),
    ("router", "Neutron L3 Router"),
    ("security-group", "security-group"),
    ("sorting", "Sorting support"),
    ("standard-attr-description", "standard-attr-description"),
    ("standard-attr-revisions", "Resource revision numbers"),
    ("standard-attr-tag", "Tag support for resources with standard attribute"),
    ("standard-attr-timestamp", "Resource timestamps"),
    ("subnet_allocation", "Subnet Allocation"),
];

/// Whether an extension is there.
pub(crate) fn loaded(alias: &str) -> bool {
    EXTENSIONS.iter().any(|(known, _)| *known == alias)
}

fn list(_: &mut World, _: &RequestContext) -> Outcome {
    let all: Vec<Value> = EXTENSIONS.iter().copied().map(shown).collect();
    Ok(Reply::json(200, json!({ "extensions": all })))
}

fn show(_: &mut World, context: &RequestContext) -> Outcome {
    let found = EXTENSIONS.iter().copied().find(|(alias, _)| *alias == context.id());
    Ok(match found {
        Some(extension) => Reply::json(200, json!({ "extension": shown(extension) })),
        // A page of the web framework, in the form that the client accepts: no hook translates
        // it (neutron 29.0.0, `neutron.api.extensions.ExtensionController.show`).
        None => Reply::json(
            404,
            json!({
                "code": "404 Not Found",
                "title": "Not Found",
                "message": format!("Extension with alias {} does not exist", context.id()),
            }),
        ),
    })
}

fn shown((alias, name): (&str, &str)) -> Value {
    json!({
        "alias": alias,
        "name": name,
        "description": name,
        "links": [],
        "updated": "2012-01-01T10:00:00-00:00",
    })
}
