//! What a security group rule may say: protocols, ports and prefixes that go together, as
//! `neutron.extensions.securitygroup` and `neutron.db.securitygroups_db` have it.

use serde_json::{Value, json};

use super::address::Prefix;
use crate::document::{Document, required, text};
use crate::fault::Fault;

/// The protocols that have a name (`neutron_lib.constants.IP_PROTOCOL_MAP`).
const NAMES: [(&str, u8); 25] = [
    ("ah", 51),
    ("dccp", 33),
    ("egp", 8),
    ("esp", 50),
    ("gre", 47),
    ("hopopt", 0),
    ("icmp", 1),
    ("igmp", 2),
    ("ip", 0),
    ("ipip", 4),
    ("ipv6-encap", 41),
    ("ipv6-frag", 44),
    ("ipv6-icmp", 58),
    ("icmpv6", 58),
    ("ipv6-nonxt", 59),
    ("ipv6-opts", 60),
    ("ipv6-route", 43),
    ("ospf", 89),
    ("pgm", 113),
    ("rsvp", 46),
    ("sctp", 132),
    ("tcp", 6),
    ("udp", 17),
    ("udplite", 136),
    ("vrrp", 112),
];

/// The protocols that have ports.
const WITH_PORTS: [u8; 5] = [33, 132, 6, 17, 136];
const ICMP: [u8; 2] = [1, 58];
/// The protocols that are of IPv6 alone.
const IPV6_ONLY: [u8; 6] = [41, 44, 58, 59, 60, 43];

/// Writes the values of a rule as neutron stores them.
pub(crate) fn convert(rule: &mut Document) {
    let protocol = match word(rule.get("protocol")) {
        Some(word) if !is_any(&word) => json!(word),
        _ => Value::Null,
    };
    rule.insert("protocol".to_owned(), protocol);
    for key in ["port_range_min", "port_range_max"] {
        if let Ok(Some(number)) = port(rule, key) {
            rule.insert(key.to_owned(), json!(number));
        }
    }
    if let Some(prefix) = prefix(text(rule, "remote_ip_prefix")) {
        rule.insert("remote_ip_prefix".to_owned(), json!(prefix.to_string()));
    }
}

/// Refuses a rule whose values do not go together.
pub(crate) fn check(body: &Document) -> Result<(), Fault> {
    let direction = required(body, "direction")?;
    if !["ingress", "egress"].contains(&direction) {
        return Err(Fault::bad_request(format!(
            "Invalid input for direction. Reason: '{direction}' is not in ['ingress', 'egress']."
        )));
    }
    let protocol = protocol(body)?;
    let ports = (port(body, "port_range_min")?, port(body, "port_range_max")?);
    check_ports(protocol, ports, body)?;
    let family = match text(body, "ethertype") {
        "" => "IPv4",
        given => given,
    };
    check_family(family, protocol, body)?;
    let remotes = ["remote_ip_prefix", "remote_group_id", "remote_address_group_id"];
    if remotes.iter().filter(|key| !text(body, key).is_empty()).count() > 1 {
        return Err(Fault::bad_request(
            "Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.",
        )
        .word("SecurityGroupMultipleRemoteEntites"));
    }
    Ok(())
}

/// Returns the number of a rule's protocol; `None` for any protocol.
fn protocol(body: &Document) -> Result<Option<u8>, Fault> {
    let Some(word) = word(body.get("protocol")).filter(|word| !is_any(word)) else {
        return Ok(None);
    };
    let named = NAMES.iter().find(|(name, _)| *name == word).map(|(_, number)| *number);
    let number = named.or_else(|| word.parse().ok());
    number.map(Some).ok_or_else(|| {
        let names: Vec<String> = NAMES.iter().map(|(name, _)| format!("'{name}'")).collect();
        Fault::bad_request(format!(
            "Security group rule protocol {word} not supported. Only protocol values [{}] and integer representations [0 to 255] are supported.",
            names.join(", ")
        ))
        .word("SecurityGroupRuleInvalidProtocol")
    })
}

fn check_ports(
    protocol: Option<u8>,
    ports: (Option<u16>, Option<u16>),
    body: &Document,
) -> Result<(), Fault> {
    if ports == (None, None) {
        return Ok(());
    }
    let refused = |word: &'static str, message: String| Err(Fault::bad_request(message).word(word));
    let Some(protocol) = protocol else {
        let message = "Must also specify protocol if port range is given.".to_owned();
        return refused("SecurityGroupProtocolRequiredWithPorts", message);
    };
    if WITH_PORTS.contains(&protocol) {
        return match ports {
            (Some(0), _) | (_, Some(0)) => {
                refused("SecurityGroupInvalidPortValue", "Invalid value for port 0".to_owned())
            }
            (Some(min), Some(max)) if min <= max => Ok(()),
            _ => refused(
                "SecurityGroupInvalidPortRange",
                "For TCP/UDP protocols, port_range_min must be <= port_range_max".to_owned(),
            ),
        };
    }
    if !ICMP.contains(&protocol) {
        return refused(
            "SecurityGroupInvalidProtocolForPort",
            format!(
                "Ports cannot be specified for protocol {}. Ports are only supported for DCCP, SCTP, TCP, UDP, UDPLITE.",
                word(body.get("protocol")).unwrap_or_default()
            ),
        );
    }
    for (field, name, value) in
        [("type", "port_range_min", ports.0), ("code", "port_range_max", ports.1)]
    {
        if let Some(value) = value.filter(|value| *value > 255) {
            return refused(
                "SecurityGroupInvalidIcmpValue",
                format!("Invalid value for ICMP {field} ({name}) {value}. It must be 0 to 255."),
            );
        }
    }
    match ports {
        (None, Some(code)) => refused(
            "SecurityGroupMissingIcmpType",
            format!(
                "ICMP code (port-range-max) {code} is provided but ICMP type (port-range-min) is missing."
            ),
        ),
        _ => Ok(()),
    }
}

fn check_family(family: &str, protocol: Option<u8>, body: &Document) -> Result<(), Fault> {
    let v4 = match family.to_ascii_lowercase().as_str() {
        "ipv4" => true,
        "ipv6" => false,
        _ => {
            return Err(Fault::bad_request(format!(
                "Security group rule for ethertype '{family}' not supported. Allowed values are ['IPv4', 'IPv6']."
            ))
            .word("SecurityGroupRuleInvalidEtherType"));
        }
    };
    if v4 && protocol.is_some_and(|protocol| IPV6_ONLY.contains(&protocol)) {
        let protocol = word(body.get("protocol")).unwrap_or_default();
        return Err(Fault::bad_request(format!(
            "Invalid ethertype {family} for protocol {protocol}."
        ))
        .word("SecurityGroupEthertypeConflictWithProtocol"));
    }
    let given = text(body, "remote_ip_prefix");
    if given.is_empty() {
        return Ok(());
    }
    let Some(prefix) = prefix(given) else {
        return Err(Fault::bad_request(format!("Invalid CIDR {given} given as IP prefix."))
            .word("InvalidCIDR"));
    };
    if prefix.is_v4() == v4 {
        return Ok(());
    }
    Err(Fault::bad_request(format!("Conflicting value ethertype {family} for CIDR {given}"))
        .word("SecurityGroupRuleParameterConflict"))
}

/// Reads a prefix; a single address is one as well.
fn prefix(text: &str) -> Option<Prefix> {
    let length = if text.contains(':') { 128 } else { 32 };
    Prefix::parse(text).or_else(|| Prefix::parse(&format!("{text}/{length}")))
}

/// Reads a port: a number, or a text that is one.
fn port(body: &Document, key: &str) -> Result<Option<u16>, Fault> {
    let Some(given) = word(body.get(key)) else { return Ok(None) };
    let wrong = |_| {
        Fault::bad_request(format!("Invalid value for port {given}"))
            .word("SecurityGroupInvalidPortValue")
    };
    given.parse().map(Some).map_err(wrong)
}

/// Returns a value as a text in lower case; null is none.
fn word(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text.to_lowercase()),
        other => Some(other.to_string()),
    }
}

/// Whether a protocol means any (`neutron.common._constants.SG_RULE_PROTO_ANY`).
fn is_any(word: &str) -> bool {
    word == "any"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::document;

    fn refused(rule: Value) -> Option<&'static str> {
        let mut body = document(json!({ "direction": "ingress" }));
        body.extend(document(rule));
        check(&body).err().map(|fault| fault.word.unwrap_or_default())
    }

    #[test]
    fn each_fault_has_neutrons_word() {
        for (rule, word) in [
            (json!({ "protocol": "nonsense" }), "SecurityGroupRuleInvalidProtocol"),
            (json!({ "protocol": "256" }), "SecurityGroupRuleInvalidProtocol"),
            (
                json!({ "protocol": "tcp", "port_range_min": 80, "port_range_max": 22 }),
                "SecurityGroupInvalidPortRange",
            ),
            (json!({ "protocol": "tcp", "port_range_min": 80 }), "SecurityGroupInvalidPortRange"),
            (
                json!({ "protocol": "udp", "port_range_min": 0, "port_range_max": 0 }),
                "SecurityGroupInvalidPortValue",
            ),
            (
                json!({ "protocol": "tcp", "port_range_min": 1, "port_range_max": 65536 }),
                "SecurityGroupInvalidPortValue",
            ),
            (json!({ "protocol": "icmp", "port_range_min": 256 }), "SecurityGroupInvalidIcmpValue"),
            (json!({ "protocol": "icmp", "port_range_max": 6 }), "SecurityGroupMissingIcmpType"),
            (
                json!({ "protocol": "vrrp", "port_range_min": 1, "port_range_max": 2 }),
                "SecurityGroupInvalidProtocolForPort",
            ),
            (
                json!({ "port_range_min": 1, "port_range_max": 2 }),
                "SecurityGroupProtocolRequiredWithPorts",
            ),
            (
                json!({ "protocol": "ipv6-icmp", "ethertype": "IPv4" }),
                "SecurityGroupEthertypeConflictWithProtocol",
            ),
            (
                json!({ "ethertype": "IPv6", "remote_ip_prefix": "10.0.0.0/8" }),
                "SecurityGroupRuleParameterConflict",
            ),
            (json!({ "remote_ip_prefix": "nonsense" }), "InvalidCIDR"),
            (
                json!({ "remote_ip_prefix": "10.0.0.0/8", "remote_group_id": "g" }),
                "SecurityGroupMultipleRemoteEntites",
            ),
        ] {
            assert_eq!(refused(rule.clone()), Some(word), "{rule}");
        }
        for rule in [
            json!({ "protocol": "icmp", "port_range_min": 8, "port_range_max": 0 }),
            json!({ "protocol": "6", "port_range_min": "22", "port_range_max": 22 }),
            json!({ "protocol": "ICMP", "remote_ip_prefix": "10.0.0.1" }),
            json!({ "protocol": null, "ethertype": "IPv6", "remote_ip_prefix": "2001:db8::/64" }),
        ] {
            assert_eq!(refused(rule.clone()), None, "{rule}");
        }
    }
}
