//! The kinds of network.

use super::{Find, Gone, Kind, Step};

/// Every kind of this file.
pub(super) const KINDS: &[&Kind] = &[
    &ADDRESS_GROUP,
    &ADDRESS_SCOPE,
    &FLOATING_IP,
    &NETWORK,
    &PORT,
    &QOS_POLICY,
    &ROUTER,
    &ROUTER_INTERFACE,
    &SECURITY_GROUP,
    &SECURITY_GROUP_RULE,
    &SUBNET,
    &SUBNET_POOL,
    &TRUNK,
];

const NAME: &[(&str, &str)] = &[("name", "{name}")];

/// A network, or several made by one request.
pub static NETWORK: Kind = Kind::new("network.network")
    .standing_on(&["network.qos_policy"])
    .named_at(&["/network/name", "/networks/0/name"])
    .made_by(&["network.networks.create", "network.networks.create_bulk"])
    .with_id("network_id", &["/network/id", "/networks/0/id"])
    .found_by(Find::listed("network.networks.list", "/networks").with_query(NAME))
    .undone_by(&[Step::of("network.networks.delete")])
    .gone_when(Gone::Deleted("network.networks.show"))
    .several_with(&["/networks"]);

/// A subnet, or several made by one request.
pub static SUBNET: Kind = Kind::new("network.subnet")
    .standing_on(&["network.network", "network.subnet_pool"])
    .named_at(&["/subnet/name", "/subnets/0/name"])
    .made_by(&["network.subnets.create", "network.subnets.create_bulk"])
    .with_id("subnet_id", &["/subnet/id", "/subnets/0/id"])
    .found_by(Find::listed("network.subnets.list", "/subnets").with_query(NAME))
    .undone_by(&[Step::of("network.subnets.delete")])
    .gone_when(Gone::Deleted("network.subnets.show"))
    .several_with(&["/subnets"]);

/// A port, or several made by one request.
pub static PORT: Kind = Kind::new("network.port")
    .standing_on(&[
        "network.network",
        "network.qos_policy",
        "network.security_group",
        "network.subnet",
    ])
    .named_at(&["/port/name", "/ports/0/name"])
    .made_by(&["network.ports.create", "network.ports.create_bulk"])
    .with_id("port_id", &["/port/id", "/ports/0/id"])
    .found_by(Find::listed("network.ports.list", "/ports").with_query(NAME))
    .undone_by(&[Step::of("network.ports.delete")])
    .gone_when(Gone::Deleted("network.ports.show"))
    .several_with(&["/ports"]);

/// A router.
pub static ROUTER: Kind = Kind::new("network.router")
    .standing_on(&["network.network", "network.qos_policy", "network.subnet"])
    .named_at(&["/router/name"])
    .made_by(&["network.routers.create"])
    .with_id("router_id", &["/router/id"])
    .found_by(Find::listed("network.routers.list", "/routers").with_query(NAME))
    .undone_by(&[Step::of("network.routers.delete")])
    .gone_when(Gone::Deleted("network.routers.show"));

/// A subnet joined to a router: a change of the router.
pub static ROUTER_INTERFACE: Kind = Kind::new("network.router_interface")
    .standing_on(&["network.port", "network.router", "network.subnet"])
    .made_by(&["network.routers.add_router_interface"])
    .with_body_params(&[("subnet_id", "/subnet_id")])
    .undone_by(&[Step::of("network.routers.remove_router_interface")
        .with_body(r#"{"subnet_id":"{subnet_id}"}"#)])
    // Extra routes through the subnet keep the interface.
    .freed_by(&[Step::of("network.routers.update").with_body(r#"{"router":{"routes":[]}}"#)]);

/// A security group, made through network or through compute's older proxy.
pub static SECURITY_GROUP: Kind = Kind::new("network.security_group")
    .named_at(&["/security_group/name"])
    .made_by(&["network.security_groups.create", "compute.security_groups.create"])
    .with_id("security_group_id", &["/security_group/id"])
    .found_by(Find::listed("network.security_groups.list", "/security_groups").with_query(NAME))
    .undone_by(&[Step::of("network.security_groups.delete")])
    .gone_when(Gone::Deleted("network.security_groups.show"));

/// A rule of a security group; it has no name, so its description holds it.
pub static SECURITY_GROUP_RULE: Kind = Kind::new("network.security_group_rule")
    .standing_on(&["network.address_group", "network.security_group"])
    .named_at(&["/security_group_rule/description"])
    .made_by(&["network.security_group_rules.create"])
    .with_id("security_group_rule_id", &["/security_group_rule/id"])
    .found_by(
        Find::listed("network.security_group_rules.list", "/security_group_rules")
            .with_query(&[("description", "{name}")])
            .with_pointers("/description", "/id"),
    )
    .undone_by(&[Step::of("network.security_group_rules.delete")])
    .gone_when(Gone::Deleted("network.security_group_rules.show"));

/// A floating IP; it has no name, so its description holds it.
pub static FLOATING_IP: Kind = Kind::new("network.floating_ip")
    .standing_on(&[
        "network.network",
        "network.port",
        "network.qos_policy",
        "network.router_interface",
    ])
    .named_at(&["/floatingip/description"])
    .made_by(&["network.floating_ips.create"])
    .with_id("floating_ip_id", &["/floatingip/id"])
    .found_by(
        Find::listed("network.floating_ips.list", "/floatingips")
            .with_query(&[("description", "{name}")])
            .with_pointers("/description", "/id"),
    )
    .undone_by(&[Step::of("network.floating_ips.delete")])
    .gone_when(Gone::Deleted("network.floating_ips.show"));

/// A group of addresses that rules name.
pub static ADDRESS_GROUP: Kind = Kind::new("network.address_group")
    .named_at(&["/address_group/name"])
    .made_by(&["network.address_groups.create"])
    .with_id("address_group_id", &["/address_group/id"])
    .found_by(Find::listed("network.address_groups.list", "/address_groups").with_query(NAME))
    .undone_by(&[Step::of("network.address_groups.delete")])
    .gone_when(Gone::Deleted("network.address_groups.show"));

/// A scope in which addresses do not overlap.
pub static ADDRESS_SCOPE: Kind = Kind::new("network.address_scope")
    .named_at(&["/address_scope/name"])
    .made_by(&["network.address_scopes.create"])
    .with_id("address_scope_id", &["/address_scope/id"])
    .found_by(Find::listed("network.address_scopes.list", "/address_scopes").with_query(NAME))
    .undone_by(&[Step::of("network.address_scopes.delete")])
    .gone_when(Gone::Deleted("network.address_scopes.show"));

/// A policy of quality of service, with its rules.
pub static QOS_POLICY: Kind = Kind::new("network.qos_policy")
    .named_at(&["/policy/name"])
    .made_by(&["network.qos_policies.create"])
    .with_id("qos_policy_id", &["/policy/id"])
    .found_by(Find::listed("network.qos_policies.list", "/policies").with_query(NAME))
    .undone_by(&[Step::of("network.qos_policies.delete")])
    .gone_when(Gone::Deleted("network.qos_policies.show"));

/// A pool that subnets take their addresses from.
pub static SUBNET_POOL: Kind = Kind::new("network.subnet_pool")
    .standing_on(&["network.address_scope"])
    .named_at(&["/subnetpool/name"])
    .made_by(&["network.subnet_pools.create"])
    .with_id("subnet_pool_id", &["/subnetpool/id"])
    .found_by(Find::listed("network.subnet_pools.list", "/subnetpools").with_query(NAME))
    .undone_by(&[Step::of("network.subnet_pools.delete")])
    .gone_when(Gone::Deleted("network.subnet_pools.show"));

/// A trunk; its ports go after it.
pub static TRUNK: Kind = Kind::new("network.trunk")
    .standing_on(&["network.port"])
    .named_at(&["/trunk/name"])
    .made_by(&["network.trunks.create"])
    .with_id("trunk_id", &["/trunk/id"])
    .found_by(Find::listed("network.trunks.list", "/trunks").with_query(NAME))
    .undone_by(&[Step::of("network.trunks.delete")])
    .gone_when(Gone::Deleted("network.trunks.show"));
