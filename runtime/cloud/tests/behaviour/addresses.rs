//! Addresses that hosts make themselves, what needs port security, routes, and floating IPs: the
//! answers are those of neutron 29.0.0 to the same requests.

use serde_json::{Value, json};

use crate::caller::Caller;

const NETWORK: &str = "/networking/v2.0";

/// Makes a resource and returns it.
fn make(caller: &Caller, kind: &str, body: Value) -> Value {
    let answer =
        caller.post(&format!("{NETWORK}/{}s", kind.replace('_', "-")), json!({ kind: body }));
    answer.expect(201).json[kind].take()
}

fn id(resource: &Value) -> &str {
    resource["id"].as_str().unwrap()
}

/// Asks for a change, and holds status and fault against what is expected.
fn change(caller: &Caller, method: &str, path: &str, body: Value, expected: (u16, &str)) {
    let answer = caller.send(method, &format!("{NETWORK}/{path}"), body);
    let word = answer.json["NeutronError"]["type"].as_str().unwrap_or_default();
    assert_eq!((answer.status, word), expected, "{method} {path}: {}", answer.json);
}

fn addresses(port: &Value) -> Vec<&str> {
    port["fixed_ips"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ip| ip["ip_address"].as_str().unwrap())
        .collect()
}

#[test]
fn hosts_make_their_own_addresses_in_a_subnet_with_slaac() {
    let admin = Caller::admin();
    let network = make(&admin, "network", json!({ "name": "n" }));
    let network = id(&network);
    let v4 = json!({ "network_id": network, "ip_version": 4, "cidr": "10.7.0.0/24" });
    let v4 = make(&admin, "subnet", v4);
    let mac = "fa:16:3e:01:02:03";
    let early = make(&admin, "port", json!({ "network_id": network, "mac_address": mac }));
    let slaac = |more: Value| {
        let mut body = json!({
            "network_id": network, "ip_version": 6, "cidr": "fd07::/64",
            "ipv6_address_mode": "slaac", "ipv6_ra_mode": "slaac",
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "subnet": body })
    };
    for refused in [
        json!({ "cidr": "fd07::/80" }),
        json!({ "enable_dhcp": false }),
        json!({ "ipv6_ra_mode": "dhcpv6-stateful" }),
        json!({ "ip_version": 4, "cidr": "10.8.0.0/24" }),
    ] {
        change(&admin, "POST", "subnets", slaac(refused), (400, "InvalidInput"));
    }
    let subnet = admin.post(&format!("{NETWORK}/subnets"), slaac(json!({}))).expect(201);
    let subnet = &subnet.json["subnet"];
    assert_eq!(subnet["gateway_ip"], "fd07::");
    let shown = |port: &Value| {
        admin.get(&format!("{NETWORK}/ports/{}", id(port))).expect(200).json["port"].take()
    };
    assert_eq!(addresses(&shown(&early))[1], "fd07::f816:3eff:fe01:203");
    let later = make(
        &admin,
        "port",
        json!({
            "network_id": network, "mac_address": "fa:16:3e:00:00:0a",
            "fixed_ips": [{ "subnet_id": id(&v4) }],
        }),
    );
    assert_eq!(addresses(&later)[1], "fd07::f816:3eff:fe00:a");
    let chosen = json!({ "port": {
        "network_id": network, "fixed_ips": [{ "subnet_id": id(subnet), "ip_address": "fd07::7" }],
    }});
    change(&admin, "POST", "ports", chosen, (400, "AllocationOnAutoAddressSubnet"));
    // Such addresses do not keep the subnet, and go with it.
    admin.delete(&format!("{NETWORK}/subnets/{}", id(subnet))).expect(204);
    assert_eq!(addresses(&shown(&early)).len(), 1);
}

#[test]
fn groups_and_pairs_need_port_security() {
    let admin = Caller::admin();
    let network = make(&admin, "network", json!({ "name": "n" }));
    let network = id(&network);
    let group = make(&admin, "security_group", json!({ "name": "g" }));
    let open = |more: Value| {
        let mut body = json!({ "network_id": network, "port_security_enabled": false });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "port": body })
    };
    let pairs = json!({ "allowed_address_pairs": [{ "ip_address": "10.7.0.9" }] });
    let groups = json!({ "security_groups": [id(&group)] });
    let (no_groups, no_pairs) =
        ("PortSecurityAndIPRequiredForSecurityGroups", "AddressPairAndPortSecurityRequired");
    change(&admin, "POST", "ports", open(groups.clone()), (400, no_groups));
    change(&admin, "POST", "ports", open(pairs.clone()), (409, no_pairs));
    let port = admin.post(&format!("{NETWORK}/ports"), open(json!({}))).expect(201);
    assert_eq!(port.json["port"]["security_groups"], json!([]));
    let path = format!("ports/{}", port.id("port"));
    change(&admin, "PUT", &path, json!({ "port": groups }), (400, no_groups));
    change(&admin, "PUT", &path, json!({ "port": pairs }), (409, no_pairs));
    let secured = make(&admin, "port", json!({ "network_id": network }));
    let path = format!("ports/{}", id(&secured));
    let off = |more: Value| {
        let mut body = more;
        body["port_security_enabled"] = json!(false);
        json!({ "port": body })
    };
    let held = (409, "PortSecurityPortHasSecurityGroup");
    change(&admin, "PUT", &path, off(json!({})), held);
    change(&admin, "PUT", &path, off(json!({ "security_groups": [] })), (200, ""));
    // A port is as its network is, if it does not say.
    let network = make(&admin, "network", json!({ "name": "o", "port_security_enabled": false }));
    let port = make(&admin, "port", json!({ "network_id": id(&network) }));
    assert_eq!(port["port_security_enabled"], false);
    assert_eq!(port["security_groups"], json!([]));
}

/// A router between a network and an external one, and a port of the network.
fn routed(admin: &Caller) -> (String, Value, Value) {
    let outside = make(admin, "network", json!({ "name": "out", "router:external": true }));
    let outside = id(&outside);
    let pool = json!({ "network_id": outside, "ip_version": 4, "cidr": "203.0.113.0/24" });
    make(admin, "subnet", pool);
    let network = make(admin, "network", json!({ "name": "in" }));
    let subnet = json!({ "network_id": id(&network), "ip_version": 4, "cidr": "10.7.0.0/24" });
    let subnet = make(admin, "subnet", subnet);
    let gateway = json!({ "external_gateway_info": { "network_id": outside } });
    let router = make(admin, "router", gateway);
    let join = format!("{NETWORK}/routers/{}/add_router_interface", id(&router));
    admin.put(&join, json!({ "subnet_id": id(&subnet) })).expect(200);
    let port = make(admin, "port", json!({ "network_id": id(&network) }));
    (outside.to_owned(), router, port)
}

#[test]
fn a_route_leads_to_a_neighbour_of_its_router() {
    let admin = Caller::admin();
    let (_, router, _) = routed(&admin);
    let path = format!("routers/{}", id(&router));
    let route = |net: usize, hop: &str| json!({ "destination": format!("192.0.{net}.0/24"), "nexthop": hop });
    let many: Vec<Value> = (0..31).map(|net| route(net, "10.7.0.9")).collect();
    for (routes, expected) in [
        (vec![route(2, "172.31.0.1")], (400, "InvalidRoutes")),
        (vec![route(2, "10.7.0.1")], (400, "InvalidRoutes")),
        (vec![route(2, "10.7.0.9"), route(2, "10.7.0.9")], (400, "HTTPBadRequest")),
        (many, (409, "OverQuota")),
        (vec![route(2, "10.7.0.9"), route(3, "203.0.113.1")], (200, "")),
        (vec![], (200, "")),
    ] {
        change(&admin, "PUT", &path, json!({ "router": { "routes": routes } }), expected);
    }
}

#[test]
fn an_address_has_one_floating_ip_of_a_network() {
    let admin = Caller::admin();
    let (outside, _, port) = routed(&admin);
    let body = json!({ "floating_network_id": outside, "port_id": id(&port) });
    let first = make(&admin, "floatingip", body.clone());
    let again = (409, "FloatingIPPortAlreadyAssociated");
    change(&admin, "POST", "floatingips", json!({ "floatingip": body }), again);
    let other = make(&admin, "floatingip", json!({ "floating_network_id": outside }));
    let tie = json!({ "floatingip": { "port_id": id(&port) } });
    change(&admin, "PUT", &format!("floatingips/{}", id(&other)), tie.clone(), again);
    change(&admin, "PUT", &format!("floatingips/{}", id(&first)), tie.clone(), (200, ""));
    let untie = json!({ "floatingip": { "port_id": null } });
    change(&admin, "PUT", &format!("floatingips/{}", id(&first)), untie, (200, ""));
    change(&admin, "PUT", &format!("floatingips/{}", id(&other)), tie, (200, ""));
    let aimless = json!({ "floatingip": {
        "floating_network_id": outside, "fixed_ip_address": addresses(&port)[0],
    }});
    change(&admin, "POST", "floatingips", aimless, (400, "BadRequest"));
}
