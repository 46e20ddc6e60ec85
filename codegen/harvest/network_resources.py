"""Makes at least one resource of each kind of neutron, for its witness.

Each kind is created, shown, listed and changed as an administrator, and where answers depend on
what was asked for, also a second one with more in it.
"""

from network_process import PROJECT


def core(cloud):
    """Makes at least one resource of each kind."""
    bare = cloud.post("/networks", network={})
    network = cloud.post(
        "/networks",
        network={
            "name": "n",
            "router:external": True,
            "provider:network_type": "flat",
            "provider:physical_network": "physnet1",
            "description": "d",
        },
    )
    cloud.all_of("/networks", item=bare["id"], body={"network": {"name": "m"}})
    scope = cloud.post("/address-scopes", address_scope={"name": "s", "ip_version": 4})
    cloud.all_of("/address-scopes", item=scope["id"], body={"address_scope": {"name": "m"}})
    pool = cloud.post(
        "/subnetpools",
        subnetpool={"name": "p", "prefixes": ["10.1.0.0/16"], "address_scope_id": scope["id"]},
    )
    cloud.post("/subnetpools", subnetpool={"name": "q", "prefixes": ["10.2.0.0/16"]})
    cloud.all_of("/subnetpools", item=pool["id"], body={"subnetpool": {"name": "m"}})
    cloud.put("/subnetpools/{id}/add_prefixes", pool["id"], body={"prefixes": ["10.3.0.0/16"]})
    cloud.put("/subnetpools/{id}/remove_prefixes", pool["id"], body={"prefixes": ["10.3.0.0/16"]})
    subnet = cloud.post(
        "/subnets", subnet={"network_id": bare["id"], "ip_version": 4, "cidr": "10.0.0.0/24"}
    )
    cloud.post(
        "/subnets",
        subnet={
            "network_id": network["id"],
            "ip_version": 4,
            "cidr": "192.0.2.0/24",
            "dns_nameservers": ["192.0.2.9"],
            "host_routes": [{"destination": "10.9.0.0/16", "nexthop": "192.0.2.5"}],
        },
    )
    cloud.post(
        "/subnets",
        subnet={
            "network_id": bare["id"],
            "ip_version": 6,
            "cidr": "2001:db8::/64",
            "ipv6_ra_mode": "slaac",
            "ipv6_address_mode": "slaac",
        },
    )
    cloud.all_of("/subnets", item=subnet["id"], body={"subnet": {"name": "m"}})
    port = cloud.post("/ports", port={"network_id": bare["id"]})
    bound = cloud.post(
        "/ports",
        port={
            "network_id": bare["id"],
            "binding:host_id": "host",
            "device_owner": "compute:nova",
            "device_id": "d",
            "fixed_ips": [{"subnet_id": subnet["id"]}],
            "allowed_address_pairs": [{"ip_address": "10.0.0.77"}],
            "extra_dhcp_opts": [{"opt_name": "mtu", "opt_value": "1400"}],
        },
    )
    cloud.all_of("/ports", item=port["id"], body={"port": {"name": "m"}})
    bindings(cloud, bound)
    groups(cloud)
    routers(cloud, network, subnet, port)
    qos(cloud, bare)
    rest(cloud, bare)
    proxies(cloud)
    topologies(cloud)
    tags(cloud)


def bindings(cloud, port):
    path = "/ports/{port_id}/bindings"
    cloud.post(path, port["id"], binding={"host": "other"})
    cloud.all_of(path, port["id"], item="other", body={"binding": {"vnic_type": "direct"}})
    cloud.put(path + "/{id}/activate", port["id"], "other", body=None)


def groups(cloud):
    group = cloud.post("/security-groups", security_group={"name": "g"})
    cloud.post("/security-groups", security_group={"name": "h", "stateful": False})
    cloud.all_of("/security-groups", item=group["id"], body={"security_group": {"name": "m"}})
    rule = cloud.post(
        "/security-group-rules",
        security_group_rule={"security_group_id": group["id"], "direction": "ingress"},
    )
    cloud.post(
        "/security-group-rules",
        security_group_rule={
            "security_group_id": group["id"],
            "direction": "ingress",
            "protocol": "tcp",
            "port_range_min": 1,
            "port_range_max": 2,
            "remote_group_id": group["id"],
        },
    )
    cloud.all_of("/security-group-rules", item=rule["id"])
    cloud.get("/security-groups/{id}", group["id"])
    cloud.post(
        "/default-security-group-rules",
        default_security_group_rule={
            "direction": "ingress",
            "used_in_default_sg": True,
            "used_in_non_default_sg": False,
        },
    )
    rules = cloud.get("/default-security-group-rules") or {"default_security_group_rules": []}
    for rule in rules["default_security_group_rules"][:1]:
        cloud.get("/default-security-group-rules/{id}", rule["id"])
    addresses = cloud.post("/address-groups", address_group={"addresses": ["10.0.0.0/24"]})
    cloud.post("/address-groups", address_group={"name": "a"})
    cloud.all_of("/address-groups", item=addresses["id"], body={"address_group": {"name": "m"}})
    for action in ("add_addresses", "remove_addresses"):
        cloud.put(
            "/address-groups/{id}/" + action, addresses["id"], body={"addresses": ["10.7.0.0/24"]}
        )


def routers(cloud, network, subnet, port):
    bare = cloud.post("/routers", router={})
    router = cloud.post(
        "/routers", router={"name": "r", "external_gateway_info": {"network_id": network["id"]}}
    )
    cloud.all_of("/routers", item=bare["id"], body={"router": {"name": "m"}})
    interface = {"subnet_id": subnet["id"]}
    cloud.put("/routers/{id}/add_router_interface", router["id"], body=interface)
    for action in ("add_extraroutes", "remove_extraroutes"):
        routes = [{"destination": "10.8.0.0/16", "nexthop": "10.0.0.200"}]
        cloud.put("/routers/{id}/" + action, router["id"], body={"router": {"routes": routes}})
    floating = cloud.post("/floatingips", floatingip={"floating_network_id": network["id"]})
    used = cloud.post(
        "/floatingips",
        floatingip={"floating_network_id": network["id"], "port_id": port["id"]},
    )
    cloud.all_of("/floatingips", item=floating["id"], body={"floatingip": {"description": "m"}})
    cloud.get("/floatingips/{id}", used["id"])
    path = "/floatingips/{floatingip_id}/port_forwardings"
    other = cloud.post("/ports", port={"network_id": subnet["network_id"]})
    forwarding = {
        "internal_port_id": other["id"],
        "internal_ip_address": other["fixed_ips"][0]["ip_address"],
        "internal_port": 80,
        "external_port": 8080,
        "protocol": "tcp",
    }
    made = cloud.post(path, floating["id"], port_forwarding=forwarding)
    body = {"port_forwarding": {"external_port": 8081}}
    cloud.all_of(path, floating["id"], item=made["id"], body=body)
    # Of ranges there are no single ports.
    ranges = {**forwarding, "internal_port_range": "90:95", "external_port_range": "9090:9095"}
    single = ("internal_port", "external_port")
    ranges = {name: value for name, value in ranges.items() if name not in single}
    made = cloud.post(path, floating["id"], port_forwarding=ranges)
    cloud.get(path + "/{id}", floating["id"], made["id"])
    cloud.get(path, floating["id"])
    cloud.get("/floatingips/{id}", floating["id"])
    path = "/routers/{router_id}/conntrack_helpers"
    helper = {"protocol": "tcp", "port": 21, "helper": "ftp"}
    made = cloud.post(path, router["id"], conntrack_helper=helper)
    cloud.all_of(
        path, router["id"], item=made["id"], body={"conntrack_helper": {"port": 22}}
    )
    cloud.get("/routers/{id}", router["id"])
    label = cloud.post("/metering/metering-labels", metering_label={"name": "l"})
    cloud.all_of("/metering/metering-labels", item=label["id"])
    rule = cloud.post(
        "/metering/metering-label-rules",
        metering_label_rule={
            "metering_label_id": label["id"],
            "remote_ip_prefix": "10.0.0.0/24",
            "direction": "ingress",
        },
    )
    cloud.all_of("/metering/metering-label-rules", item=rule["id"])
    inner = cloud.post("/networks", network={})
    inner = {"network_id": inner["id"], "ip_version": 4, "cidr": "10.20.0.0/24"}
    interface = {"subnet_id": cloud.post("/subnets", subnet=inner)["id"]}
    for action in ("add_router_interface", "remove_router_interface"):
        cloud.put("/routers/{id}/" + action, bare["id"], body=interface)


def qos(cloud, network):
    bare = cloud.post("/qos/policies", policy={"name": "b"})
    policy = cloud.post("/qos/policies", policy={"name": "p", "shared": True, "description": "d"})
    cloud.all_of("/qos/policies", item=bare["id"], body={"policy": {"name": "m"}})
    for kind, key, first, more in [
        ("bandwidth_limit_rules", "bandwidth_limit_rule", {"max_kbps": 10}, {"max_kbps": 9}),
        ("dscp_marking_rules", "dscp_marking_rule", {"dscp_mark": 10}, {"dscp_mark": 12}),
        ("minimum_bandwidth_rules", "minimum_bandwidth_rule", {"min_kbps": 1}, {"min_kbps": 2}),
        ("minimum-packet-rate-rules", "minimum_packet_rate_rule", {"min_kpps": 1}, {"min_kpps": 2}),
        ("packet_rate_limit_rules", "packet_rate_limit_rule", {"max_kpps": 5}, {"max_kpps": 6}),
    ]:
        path = "/qos/policies/{policy_id}/" + kind
        rule = cloud.post(path, policy["id"], **{key: first})
        cloud.all_of(path, policy["id"], item=rule["id"], body={key: more})
        alias = kind.replace("_", "-")
        if kind != "packet_rate_limit_rules":
            key = f"alias_{key}"
            cloud.get(f"/qos/alias-{alias}/{{id}}", rule["id"])
            cloud.put(f"/qos/alias-{alias}/{{id}}", rule["id"], body={key: more})
    cloud.get("/qos/policies/{id}", policy["id"])
    cloud.all_of("/qos/rule-types", item="bandwidth_limit")
    cloud.put("/networks/{id}", network["id"], body={"network": {"qos_policy_id": policy["id"]}})


def rest(cloud, network):
    parent = cloud.post("/ports", port={"network_id": network["id"]})
    child = cloud.post("/ports", port={"network_id": network["id"]})
    trunk = cloud.post("/trunks", trunk={"port_id": parent["id"]})
    cloud.all_of("/trunks", item=trunk["id"], body={"trunk": {"name": "m"}})
    part = {"port_id": child["id"], "segmentation_id": 5, "segmentation_type": "vlan"}
    cloud.put("/trunks/{id}/add_subports", trunk["id"], body={"sub_ports": [part]})
    cloud.get("/trunks/{id}/get_subports", trunk["id"])
    cloud.get("/trunks/{id}", trunk["id"])
    cloud.get("/ports/{id}", parent["id"])
    part = {"port_id": child["id"]}
    cloud.put("/trunks/{id}/remove_subports", trunk["id"], body={"sub_ports": [part]})
    segment = cloud.post(
        "/segments",
        segment={"network_id": network["id"], "network_type": "vxlan", "segmentation_id": 99},
    )
    cloud.all_of("/segments", item=segment["id"], body={"segment": {"name": "m"}})
    span = {"name": "r", "network_type": "vlan", "physical_network": "physnet1"}
    made = cloud.post(
        "/network-segment-ranges",
        network_segment_range={**span, "shared": True, "minimum": 2000, "maximum": 2100},
    )
    cloud.post(
        "/network-segment-ranges",
        network_segment_range={
            **span, "shared": False, "minimum": 3000, "maximum": 3100, "project_id": PROJECT
        },
    )
    body = {"network_segment_range": {"name": "m"}}
    cloud.all_of("/network-segment-ranges", item=made["id"], body=body)
    profile = cloud.post("/service_profiles", service_profile={"metainfo": "x"})
    cloud.all_of(
        "/service_profiles", item=profile["id"], body={"service_profile": {"enabled": False}}
    )
    flavor = cloud.post("/flavors", flavor={"name": "f", "service_type": "L3_ROUTER_NAT"})
    cloud.all_of("/flavors", item=flavor["id"], body={"flavor": {"name": "m"}})
    cloud.post(
        "/flavors/{flavor_id}/service_profiles", flavor["id"], service_profile={"id": profile["id"]}
    )
    cloud.get("/flavors/{id}", flavor["id"])
    local = cloud.post("/local-ips", local_ip={"network_id": network["id"]})
    cloud.all_of("/local-ips", item=local["id"], body={"local_ip": {"name": "m"}})
    path = "/local_ips/{local_ip_id}/port_associations"
    other = cloud.post("/ports", port={"network_id": network["id"]})
    cloud.post(path, local["id"], port_association={
            "fixed_port_id": other["id"],
            "fixed_ip": other["fixed_ips"][0]["ip_address"],
        })
    cloud.all_of(path, local["id"], item=other["id"])
    shared = {"object_type": "network", "action": "access_as_shared", "target_tenant": "*"}
    rbac = cloud.post("/rbac-policies", rbac_policy={**shared, "object_id": network["id"]})
    cloud.all_of("/rbac-policies", item=rbac["id"], body={"rbac_policy": {"target_tenant": PROJECT}})
    cloud.all_of("/network-ip-availabilities", item=network["id"])
    for path in (
        "/availability_zones",
        "/extensions",
        "/service-providers",
        "/log/loggable-resources",
        "/quotas",
        "/quotas/project",
        "/quotas/tenant",
        "/floatingip-pools",
    ):
        cloud.get(path)
    cloud.get("/extensions/{alias}", "router")
    cloud.get("/quotas/{id}", PROJECT)
    cloud.get("/quotas/{id}/default", PROJECT)
    cloud.get("/quotas/{id}/details", PROJECT)
    cloud.put("/quotas/{id}", PROJECT, body={"quota": {"network": 50}})
    cloud.get("/quotas")
    log = cloud.post("/log/logs", log={"resource_type": "security_group"})
    cloud.all_of("/log/logs", item=log["id"], body={"log": {"name": "m"}})
    agents(cloud, network)


def agents(cloud, network):
    """Reads the agents, and gives a network and the routers to them."""
    found = cloud.get("/agents")["agents"]
    for agent in found:
        cloud.get("/agents/{id}", agent["id"])
    cloud.put("/agents/{id}", found[0]["id"], body={"agent": {"description": "m"}})
    cloud.get("/availability_zones")
    dhcp = next(agent for agent in found if agent["agent_type"] == "DHCP agent")
    l3 = next(agent for agent in found if agent["agent_type"] == "L3 agent")
    cloud.get("/agents/{agent_id}/dhcp-networks", dhcp["id"])
    cloud.get("/networks/{network_id}/dhcp-agents", network["id"])
    for router in cloud.get("/routers")["routers"]:
        cloud.post("/agents/{agent_id}/l3-routers", l3["id"], router_id=router["id"])
        cloud.get("/routers/{router_id}/l3-agents", router["id"])
    cloud.get("/agents/{agent_id}/l3-routers", l3["id"])


def proxies(cloud):
    """Publishes an address behind a router; all its subnets are from one scope."""
    scope = cloud.post("/address-scopes", address_scope={"name": "v6", "ip_version": 6})
    pool = cloud.post(
        "/subnetpools",
        subnetpool={"name": "v6", "prefixes": ["2001:db8:8::/48"], "address_scope_id": scope["id"]},
    )
    flat = {"provider:network_type": "flat", "provider:physical_network": "physnet2"}
    outside = cloud.post("/networks", network={"router:external": True, **flat})
    inside = cloud.post("/networks", network={})
    subnets = [
        cloud.post(
            "/subnets",
            subnet={"network_id": network["id"], "ip_version": 6, "subnetpool_id": pool["id"]},
        )
        for network in (outside, inside)
    ]
    gateway = {"network_id": outside["id"]}
    router = cloud.post(
        "/routers", router={"external_gateway_info": gateway, "enable_ndp_proxy": True}
    )
    interface = {"subnet_id": subnets[1]["id"]}
    cloud.put("/routers/{id}/add_router_interface", router["id"], body=interface)
    port = cloud.post("/ports", port={"network_id": inside["id"]})
    made = cloud.post(
        "/ndp-proxies", ndp_proxy={"router_id": router["id"], "port_id": port["id"]}
    )
    cloud.all_of("/ndp-proxies", item=made["id"], body={"ndp_proxy": {"description": "m"}})


def topologies(cloud):
    """Onboards subnets, has a topology allocated, and sets what new groups are."""
    onboarded = cloud.post("/networks", network={})
    inner = {"network_id": onboarded["id"], "ip_version": 4, "cidr": "10.30.0.0/24"}
    cloud.post("/subnets", subnet=inner)
    pool = cloud.post("/subnetpools", subnetpool={"name": "o", "prefixes": ["10.40.0.0/16"]})
    cloud.put(
        "/subnetpools/{id}/onboard_network_subnets",
        pool["id"],
        body={"network_id": onboarded["id"]},
    )
    cloud.post(
        "/subnetpools", subnetpool={"name": "d", "prefixes": ["10.50.0.0/16"], "default_prefixlen": 26, "is_default": True}
    )
    flat = {"provider:network_type": "flat", "provider:physical_network": "physnet3"}
    outside = cloud.post(
        "/networks", network={"router:external": True, "is_default": True, **flat}
    )
    inner = {"network_id": outside["id"], "ip_version": 4, "cidr": "198.51.100.0/24"}
    cloud.post("/subnets", subnet=inner)
    cloud.get("/auto-allocated-topology/{id}", PROJECT)
    # Its POST fails: its collection is called like the resource, which
    # `neutron.api.v2.base.Controller._create` takes for a list of several.
    listed = cloud.answers["GET /extensions"][0]["extensions"]
    if any(one["alias"] == "security-groups-default-statefulness" for one in listed):
        cloud.get("/security-groups-default-statefulness")


LISTINGS = {
    "network_segment_ranges": "/network-segment-ranges",
    "policies": "/qos/policies",
    "security_groups": "/security-groups",
}


def tags(cloud):
    for path, key in [
        ("/floatingips/{floatingip_id}", "floatingips"),
        ("/network_segment_ranges/{network_segment_range_id}", "network_segment_ranges"),
        ("/networks/{network_id}", "networks"),
        ("/ports/{port_id}", "ports"),
        ("/policies/{policy_id}", "policies"),
        ("/routers/{router_id}", "routers"),
        ("/security-groups/{security_group_id}", "security_groups"),
        ("/subnetpools/{subnetpool_id}", "subnetpools"),
        ("/subnets/{subnet_id}", "subnets"),
        ("/trunks/{trunk_id}", "trunks"),
    ]:
        item = cloud.get(LISTINGS.get(key, f"/{key}"))[key][0]["id"]
        cloud.put(path + "/tags", item, body={"tags": ["a"]})
        cloud.get(path + "/tags", item)
        cloud.put(path + "/tags/{id}", item, "b", body=None)
        cloud.get(path + "/tags/{id}", item, "b")
        cloud.post(path + "/tags", item, tags=["c"])
