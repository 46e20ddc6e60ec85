//! What several files of network read from resources, or look up, without changing the
//! cloud.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::State;
use super::resource::{Kind, visible};
use crate::document::Document;
use crate::fault::Fault;
use crate::request::RequestContext;

pub(crate) const SECURITY_GROUP: Kind = Kind {
    singular: "security_group",
    plural: "security_groups",
    missing: "SecurityGroupNotFound",
    label: "Security group",
};

pub(crate) const SUBNET: Kind =
    Kind { singular: "subnet", plural: "subnets", missing: "SubnetNotFound", label: "Subnet" };

/// Finds a security group that the caller may see.
pub(crate) fn security_group<'a>(
    state: &'a State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a Document, Fault> {
    state
        .security_groups
        .get(id)
        .filter(|g| visible(g, context))
        .ok_or_else(|| SECURITY_GROUP.missing(id))
}

/// Returns subnet and address of each fixed IP of a port.
pub(crate) fn fixed_ips(port: &Document) -> impl Iterator<Item = (&str, &str)> {
    let ips = port.get("fixed_ips").and_then(Value::as_array);
    ips.into_iter()
        .flatten()
        .filter_map(|ip| Some((ip.get("subnet_id")?.as_str()?, ip.get("ip_address")?.as_str()?)))
}

/// Returns the pools of a subnet as addresses.
pub(crate) fn pools(subnet: &Document) -> Vec<(IpAddr, IpAddr)> {
    let end = |pool: &Value, key| pool.get(key)?.as_str()?.parse().ok();
    let pools = subnet.get("allocation_pools").and_then(Value::as_array);
    pools
        .into_iter()
        .flatten()
        .filter_map(|pool| Some((end(pool, "start")?, end(pool, "end")?)))
        .collect()
}

/// Takes a floating IP from its port.
pub(crate) fn untie(floating: &mut Document) {
    for key in ["port_id", "router_id", "fixed_ip_address", "port_details"] {
        floating.insert(key.to_owned(), Value::Null);
    }
    floating.insert("status".to_owned(), json!("DOWN"));
}
