//! How hosts of an IPv6 subnet come by their addresses: which modes go together, and what follows.

use super::address::Prefix;
use crate::document::{Document, flag, text};
use crate::fault::Fault;

const MODES: [&str; 2] = ["ipv6_ra_mode", "ipv6_address_mode"];

/// Whether a subnet's hosts make their own addresses
/// (`neutron.common.ipv6_utils.is_auto_address_subnet`).
pub(crate) fn is_automatic(subnet: &Document) -> bool {
    MODES.iter().any(|mode| ["slaac", "dhcpv6-stateless"].contains(&text(subnet, mode)))
}

/// Refuses modes of a new subnet that do not go together, or not with the rest of it (neutron
/// 29.0.0, `neutron.db.db_base_plugin_v2.NeutronDbPluginV2._validate_ipv6_attributes`).
pub(crate) fn check(body: &Document, prefix: Prefix) -> Result<(), Fault> {
    let Some(mode) = MODES.into_iter().find(|mode| !text(body, mode).is_empty()) else {
        return Ok(());
    };
    let [advertised, address] = MODES.map(|mode| text(body, mode));
    let refused = if prefix.is_v4() {
        format!("{mode} is not valid when ip_version is 4.")
    } else if body.contains_key("enable_dhcp") && !flag(body, "enable_dhcp") {
        "ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False."
            .to_owned()
    } else if !advertised.is_empty() && !address.is_empty() && advertised != address {
        format!(
            "ipv6_ra_mode set to '{advertised}' with ipv6_address_mode set to '{address}' is not valid. If both attributes are set, they must be the same value."
        )
    } else if is_automatic(body) && !prefix.takes_eui64() {
        format!(
            "Invalid CIDR {prefix} for IPv6 address mode. OpenStack uses the EUI-64 address format, which requires the prefix to be /64."
        )
    } else {
        return Ok(());
    };
    Err(Fault::bad_request(format!("Invalid input for operation: {refused}")).word("InvalidInput"))
}
