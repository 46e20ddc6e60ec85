//! Port security: without it a port has neither security groups nor allowed address pairs, as
//! neutron 29.0.0 has it in `neutron.plugins.ml2.plugin.Ml2Plugin`.

use serde_json::Value;

use super::State;
use crate::document::{Document, flag};
use crate::fault::Fault;

/// Returns whether a new port is secured: what its body says, or its network.
pub(crate) fn of_new(state: &State, network: &str, body: &Document) -> Result<bool, Fault> {
    let of_network = || state.networks.get(network).is_none_or(|n| of(n).unwrap_or(true));
    let secure = of(body).unwrap_or_else(of_network);
    if !secure {
        refuse_new(body)?;
    }
    Ok(secure)
}

/// Refuses a change that leaves a port without security, but with what needs it.
pub(crate) fn of_changed(port: &Document, body: &Document) -> Result<(), Fault> {
    if of(body).unwrap_or_else(|| flag(port, "port_security_enabled")) {
        return Ok(());
    }
    refuse_new(body)?;
    if !body.contains_key("allowed_address_pairs") && has(port, "allowed_address_pairs") {
        return Err(pairs());
    }
    if !body.contains_key("security_groups") && has(port, "security_groups") {
        return Err(Fault::conflict(
            "Port has security group associated. Cannot disable port security or IP address until security group is removed.",
        )
        .word("PortSecurityPortHasSecurityGroup"));
    }
    Ok(())
}

fn refuse_new(body: &Document) -> Result<(), Fault> {
    if has(body, "allowed_address_pairs") {
        return Err(pairs());
    }
    if has(body, "security_groups") {
        return Err(Fault::bad_request(
            "Port security must be enabled and port must have an IP address in order to use security groups.",
        )
        .word("PortSecurityAndIPRequiredForSecurityGroups"));
    }
    Ok(())
}

fn pairs() -> Fault {
    Fault::conflict(
        "Port Security must be enabled in order to have allowed address pairs on a port.",
    )
    .word("AddressPairAndPortSecurityRequired")
}

fn of(document: &Document) -> Option<bool> {
    document.get("port_security_enabled").and_then(Value::as_bool)
}

fn has(document: &Document, key: &str) -> bool {
    document.get(key).and_then(Value::as_array).is_some_and(|all| !all.is_empty())
}
