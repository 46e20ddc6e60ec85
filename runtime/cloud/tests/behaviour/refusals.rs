//! What may not be removed yet: every refusal that decides the order of a cleanup.
//!
//! A case is refused with the service's own status and fault, and goes through once what
//! stood in its way is gone. Each names the place in the released service that refuses.

use serde_json::{Value, json};

use crate::caller::{Answer, Caller};

/// One dependency.
struct Case {
    /// Where the service refuses.
    upstream: &'static str,
    /// How fast the cloud works: at 0 nothing that was begun comes to its end.
    speed: f64,
    status: u16,
    /// Part of the fault: its word where the service has one, and of its message.
    fault: [&'static str; 2],
    /// Makes what is removed and what is in its way.
    set_up: fn(&Caller) -> Order,
}

/// A request that is refused, and those that clear its way, in their order.
struct Order {
    refused: Step,
    first: Vec<Step>,
}

/// A request.
struct Step(&'static str, String, Value);

const AT_ONCE: f64 = f64::INFINITY;
const NEVER: f64 = 0.0;

#[test]
fn what_is_in_use_stays_until_its_users_are_gone() {
    for case in CASES {
        let admin = Caller::admin_at(case.speed);
        let order = (case.set_up)(&admin);
        let refused = order.refused.send(&admin);
        let body = String::from_utf8_lossy(&refused.bytes).into_owned();
        assert_eq!(refused.status, case.status, "{}: {body}", case.upstream);
        for part in case.fault {
            assert!(body.contains(part), "{}: no `{part}` in {body}", case.upstream);
        }
        for step in &order.first {
            let answer = step.send(&admin);
            assert!(answer.status < 300, "{}: {}: {}", case.upstream, step.1, answer.json);
        }
        let answer = order.refused.send(&admin);
        assert!(answer.status < 300, "{}: still refused: {}", case.upstream, answer.json);
    }
}

#[test]
fn nothing_else_holds_what_servers_were_made_from() {
    // Flavor, key pair, group and image of a server may go before it: nova and glance
    // permit it.
    let admin = Caller::admin();
    let key = json!({ "keypair": { "name": "key" } });
    admin.post("/compute/v2.1/os-keypairs", key).expect(200);
    let group = json!({ "server_group": { "name": "g", "policies": ["affinity"] } });
    let group = admin.post("/compute/v2.1/os-server-groups", group).expect(200);
    let group = group.id("server_group");
    let flavor = json!({ "flavor": {
        "name": "f", "id": "f", "ram": 64, "vcpus": 1, "disk": 1,
    }});
    admin.post("/compute/v2.1/flavors", flavor).expect(200);
    let image = make(
        &admin,
        "/image/v2/images",
        "",
        json!({
            "name": "i", "disk_format": "raw", "container_format": "bare",
        }),
    );
    let file = format!("/image/v2/images/{image}/file");
    admin.send_bytes("PUT", &file, "bytes", Some("application/octet-stream")).expect(204);
    let body = json!({
        "server": {
            "name": "s", "imageRef": image, "flavorRef": "f", "networks": "none", "key_name": "key",
        },
        "os:scheduler_hints": { "group": group },
    });
    admin.at("compute 2.37").post("/compute/v2.1/servers", body).expect(202);
    for path in [
        "/compute/v2.1/flavors/f".to_owned(),
        "/compute/v2.1/os-keypairs/key".to_owned(),
        format!("/compute/v2.1/os-server-groups/{group}"),
        format!("/image/v2/images/{image}"),
    ] {
        let answer = admin.delete(&path);
        assert!(answer.status < 300, "{path}: {}", answer.json);
    }
}

#[test]
fn rules_go_with_the_group_that_they_name_as_remote() {
    // neutron/db/models/securitygroup.py, `SecurityGroupRule.remote_group_id`.
    let admin = Caller::admin();
    let [one, other] = ["one", "other"].map(|name| {
        let body = json!({ "security_group": { "name": name } });
        make(&admin, "/networking/v2.0/security-groups", "security_group", body)
    });
    let rule = make(
        &admin,
        "/networking/v2.0/security-group-rules",
        "security_group_rule",
        json!({
            "security_group_rule": {
                "security_group_id": one, "direction": "ingress", "remote_group_id": other,
            },
        }),
    );
    admin.delete(&format!("/networking/v2.0/security-groups/{other}")).expect(204);
    admin.get(&format!("/networking/v2.0/security-group-rules/{rule}")).expect(404);
}

const CASES: &[Case] = &[
    Case {
        upstream: "neutron/db/l3_db.py _check_router_interface_not_in_use",
        speed: AT_ONCE,
        status: 409,
        fault: ["RouterInterfaceInUseByFloatingIP", "required by one or more floating IPs"],
        set_up: |admin| {
            let joined = Joined::new(admin);
            let floating = joined.floating(admin);
            Order { refused: joined.leave(), first: vec![delete(&floating)] }
        },
    },
    Case {
        upstream: "neutron/db/l3_db.py _delete_current_gw_port",
        speed: AT_ONCE,
        status: 409,
        fault: ["RouterExternalGatewayInUseByFloatingIp", "Gateway cannot be updated for router"],
        set_up: |admin| {
            let joined = Joined::new(admin);
            let floating = joined.floating(admin);
            let untie = json!({ "floatingip": { "port_id": null } });
            Order {
                refused: Step(
                    "PUT",
                    joined.router(),
                    json!({ "router": { "external_gateway_info": null } }),
                ),
                first: vec![Step("PUT", floating, untie)],
            }
        },
    },
    Case {
        upstream: "neutron/db/extraroute_db.py _confirm_router_interface_not_in_use",
        speed: AT_ONCE,
        status: 409,
        fault: ["RouterInterfaceInUseByRoute", "required by one or more routes"],
        set_up: |admin| {
            let joined = Joined::new(admin);
            let routes = |routes: Value| json!({ "router": { "routes": routes } });
            let route = json!([{ "destination": "192.0.2.0/24", "nexthop": "10.7.0.9" }]);
            admin.put(&joined.router(), routes(route)).expect(200);
            Order {
                refused: joined.leave(),
                first: vec![Step("PUT", joined.router(), routes(json!([])))],
            }
        },
    },
    Case {
        upstream: "neutron/db/l3_db.py _ensure_router_not_in_use",
        speed: AT_ONCE,
        status: 409,
        fault: ["RouterInUse", "still has ports"],
        set_up: |admin| {
            let joined = Joined::new(admin);
            Order { refused: delete(&joined.router()), first: vec![joined.leave()] }
        },
    },
    Case {
        upstream: "neutron/db/db_base_plugin_v2.py _ensure_network_not_in_use",
        speed: AT_ONCE,
        status: 409,
        fault: ["NetworkInUse", "one or more ports still in use on the network"],
        set_up: |admin| {
            let joined = Joined::new(admin);
            Order {
                refused: delete(&network("networks", &joined.network)),
                first: vec![joined.leave(), delete(&network("ports", &joined.port))],
            }
        },
    },
    Case {
        upstream: "neutron/db/db_base_plugin_v2.py delete_subnet",
        speed: AT_ONCE,
        status: 409,
        fault: ["SubnetInUse", "One or more ports have an IP allocation from this subnet"],
        set_up: |admin| {
            let joined = Joined::new(admin);
            Order {
                refused: delete(&network("subnets", &joined.subnet)),
                first: vec![delete(&network("ports", &joined.port)), joined.leave()],
            }
        },
    },
    Case {
        upstream: "neutron/db/l3_db.py prevent_l3_port_deletion",
        speed: AT_ONCE,
        status: 409,
        fault: ["ServicePortInUse", "has device owner network:router_interface"],
        set_up: |admin| {
            // Only a port of its own outlives the router's hold of it.
            let joined = Joined::new(admin);
            let held = network("ports", &joined.interface);
            let body = json!({ "port": { "device_owner": "", "device_id": "" } });
            Order { refused: delete(&held), first: vec![Step("PUT", held, body)] }
        },
    },
    Case {
        upstream: "neutron/db/db_base_plugin_v2.py _ensure_network_not_in_use (floating IPs)",
        speed: AT_ONCE,
        status: 409,
        fault: ["NetworkInUse", "one or more ports still in use on the network"],
        set_up: |admin| {
            let outside = outside(admin);
            let body = json!({ "floatingip": { "floating_network_id": outside } });
            let floating = make(admin, &network("floatingips", ""), "floatingip", body);
            Order {
                refused: delete(&network("networks", &outside)),
                first: vec![delete(&network("floatingips", &floating))],
            }
        },
    },
    Case {
        upstream: "neutron/db/external_net_db.py _process_l3_update",
        speed: AT_ONCE,
        status: 409,
        fault: ["ExternalNetworkInUse", "since it has existing gateway ports"],
        set_up: |admin| {
            let joined = Joined::new(admin);
            let inner = json!({ "network": { "router:external": false } });
            let none = json!({ "router": { "external_gateway_info": null } });
            Order {
                refused: Step("PUT", network("networks", &joined.outside), inner),
                first: vec![Step("PUT", joined.router(), none)],
            }
        },
    },
    Case {
        upstream: "neutron/db/securitygroups_db.py delete_security_group",
        speed: AT_ONCE,
        status: 409,
        fault: ["SecurityGroupInUse", "in use"],
        set_up: |admin| {
            let net = make(
                admin,
                &network("networks", ""),
                "network",
                json!({ "network": { "name": "n" } }),
            );
            let group = json!({ "security_group": { "name": "g" } });
            let group = make(admin, &network("security-groups", ""), "security_group", group);
            let port = json!({ "port": { "network_id": net, "security_groups": [group] } });
            let port = make(admin, &network("ports", ""), "port", port);
            Order {
                refused: delete(&network("security-groups", &group)),
                first: vec![delete(&network("ports", &port))],
            }
        },
    },
    Case {
        upstream: "neutron/db/db_base_plugin_v2.py delete_subnetpool",
        speed: AT_ONCE,
        status: 400,
        fault: ["SubnetPoolDeleteError", "Subnet pool has existing allocations"],
        set_up: |admin| {
            let pool = json!({ "subnetpool": {
                "name": "p", "prefixes": ["10.64.0.0/16"], "default_prefixlen": 26,
            }});
            let pool = make(admin, &network("subnetpools", ""), "subnetpool", pool);
            let net = json!({ "network": { "name": "n" } });
            let net = make(admin, &network("networks", ""), "network", net);
            let subnet =
                json!({ "subnet": { "network_id": net, "ip_version": 4, "subnetpool_id": pool } });
            let subnet = make(admin, &network("subnets", ""), "subnet", subnet);
            Order {
                refused: delete(&network("subnetpools", &pool)),
                first: vec![delete(&network("subnets", &subnet))],
            }
        },
    },
    Case {
        upstream: "cinder/volume/api.py API.delete (snapshots)",
        speed: AT_ONCE,
        status: 400,
        fault: ["badRequest", "must not be migrating, attached, belong to a group, have snapshots"],
        set_up: |admin| {
            let (volume, snapshot) = snapshot(admin);
            Order {
                refused: delete(&of_volume("volumes", &volume)),
                first: vec![delete(&of_volume("snapshots", &snapshot))],
            }
        },
    },
    Case {
        upstream: "cinder/volume/api.py API.delete (forced)",
        speed: AT_ONCE,
        status: 400,
        fault: ["badRequest", "Invalid volume: Volume must not be migrating"],
        set_up: |admin| {
            let (volume, snapshot) = snapshot(admin);
            let path = format!("{}/action", of_volume("volumes", &volume));
            Order {
                refused: Step("POST", path, json!({ "os-force_delete": {} })),
                first: vec![delete(&of_volume("snapshots", &snapshot))],
            }
        },
    },
    Case {
        upstream: "cinder/volume/api.py API.delete (attached)",
        speed: AT_ONCE,
        status: 400,
        fault: ["badRequest", "status must be available or error or error_restoring"],
        set_up: |admin| {
            let (server, volume) = attached(admin);
            let held = format!("/compute/v2.1/servers/{server}/os-volume_attachments/{volume}");
            Order { refused: delete(&of_volume("volumes", &volume)), first: vec![delete(&held)] }
        },
    },
    Case {
        upstream: "cinder/volume/api.py API.delete (reserved)",
        speed: AT_ONCE,
        status: 400,
        fault: ["badRequest", "status must be available or error or error_restoring"],
        set_up: |admin| {
            let volume = volume(admin);
            let body = json!({ "attachment": { "volume_uuid": volume } });
            let attachment = admin.at("volume 3.54").post(&of_volume("attachments", ""), body);
            let attachment = attachment.expect(200).id("attachment");
            Order {
                refused: delete(&of_volume("volumes", &volume)),
                first: vec![delete(&of_volume("attachments", &attachment))],
            }
        },
    },
    Case {
        upstream: "cinder/volume/api.py API.delete (awaiting a transfer)",
        speed: AT_ONCE,
        status: 400,
        fault: ["badRequest", "awaiting a transfer"],
        set_up: |admin| {
            let volume = volume(admin);
            let body = json!({ "transfer": { "volume_id": volume, "name": "t" } });
            let transfer = admin.at("volume 3.55").post(&of_volume("volume-transfers", ""), body);
            let transfer = transfer.expect(202).id("transfer");
            Order {
                refused: delete(&of_volume("volumes", &volume)),
                first: vec![delete(&of_volume("volume-transfers", &transfer))],
            }
        },
    },
    Case {
        upstream: "cinder/volume/api.py attachment_deletion_allowed",
        speed: AT_ONCE,
        status: 409,
        fault: ["conflictingRequest", "using the Compute API"],
        set_up: |admin| {
            let (server, volume) = attached(admin);
            let list = admin.at("volume 3.27").get(&of_volume("attachments", ""));
            let id = list.json["attachments"][0]["id"].as_str().unwrap();
            admin.at("volume 3.27").delete(&of_volume("attachments", id)).expect(409);
            let path = format!("{}/action", of_volume("volumes", &volume));
            admin.post(&path, json!({ "os-detach": { "attachment_id": id } })).expect(409);
            let held = format!("/compute/v2.1/servers/{server}/os-volume_attachments/{volume}");
            let terminate = json!({ "os-terminate_connection": { "connector": {} } });
            Order { refused: Step("POST", path, terminate), first: vec![delete(&held)] }
        },
    },
    Case {
        upstream: "cinder/backup/api.py API.create (the volume meanwhile)",
        speed: NEVER,
        status: 400,
        fault: ["badRequest", "status must be available or error or error_restoring"],
        set_up: |admin| {
            let volume = volume(admin);
            reset(admin, "volumes", &volume);
            let backup = backup(admin, json!({ "volume_id": volume }));
            Order { refused: delete(&of_volume("volumes", &volume)), first: vec![force(&backup)] }
        },
    },
    Case {
        upstream: "cinder/backup/api.py API.create (the snapshot meanwhile)",
        speed: NEVER,
        status: 400,
        fault: ["badRequest", "must not be part of a group"],
        set_up: |admin| {
            let volume = volume(admin);
            reset(admin, "volumes", &volume);
            let body = json!({ "snapshot": { "volume_id": volume } });
            let snapshot = make(admin, &of_volume("snapshots", ""), "snapshot", body);
            reset(admin, "snapshots", &snapshot);
            let backup = backup(admin, json!({ "volume_id": volume, "snapshot_id": snapshot }));
            Order {
                refused: delete(&of_volume("snapshots", &snapshot)),
                first: vec![force(&backup)],
            }
        },
    },
    Case {
        upstream: "cinder/backup/api.py API.delete (incremental backups)",
        speed: AT_ONCE,
        status: 400,
        fault: ["badRequest", "Incremental backups exist for this backup"],
        set_up: |admin| {
            let volume = volume(admin);
            let full = backup(admin, json!({ "volume_id": volume }));
            let part = backup(admin, json!({ "volume_id": volume, "incremental": true }));
            Order {
                refused: delete(&of_volume("backups", &full)),
                first: vec![delete(&of_volume("backups", &part))],
            }
        },
    },
    Case {
        upstream: "cinder/api/contrib/types_manage.py _delete",
        speed: AT_ONCE,
        status: 400,
        fault: ["badRequest", "Target volume type is still in use."],
        set_up: |admin| {
            let kind = json!({ "volume_type": { "name": "t" } });
            let kind = make(admin, &of_volume("types", ""), "volume_type", kind);
            let body = json!({ "volume": { "size": 1, "volume_type": kind } });
            let volume = make(admin, &of_volume("volumes", ""), "volume", body);
            Order {
                refused: delete(&of_volume("types", &kind)),
                first: vec![delete(&of_volume("volumes", &volume))],
            }
        },
    },
    Case {
        upstream: "nova/compute/api.py delete_aggregate",
        speed: AT_ONCE,
        status: 400,
        fault: ["badRequest", "Host aggregate is not empty"],
        set_up: |admin| {
            let path = aggregate(admin, Value::Null);
            let leave = json!({ "remove_host": { "host": "node-1" } });
            let first = vec![Step("POST", format!("{path}/action"), leave)];
            Order { refused: delete(&path), first }
        },
    },
    Case {
        upstream: "nova/compute/api.py ensure_no_instances_need_to_move_az_when_host_removed",
        speed: AT_ONCE,
        status: 409,
        fault: ["conflictingRequest", "Changing the AZ of an existing instance is not supported"],
        set_up: |admin| {
            let server = server(admin);
            let path = aggregate(admin, json!("zone"));
            let leave = json!({ "remove_host": { "host": "node-1" } });
            Order {
                refused: Step("POST", format!("{path}/action"), leave),
                first: vec![delete(&format!("/compute/v2.1/servers/{server}"))],
            }
        },
    },
    Case {
        upstream: "keystone/resource/core.py _delete_domain",
        speed: AT_ONCE,
        status: 403,
        fault: ["Forbidden", "Cannot delete a domain that is enabled"],
        set_up: |admin| {
            let body = json!({ "domain": { "name": "d" } });
            let path = format!("{IDENTITY}/domains");
            let path = format!("{path}/{}", make(admin, &path, "domain", body));
            let off = json!({ "domain": { "enabled": false } });
            Order { refused: delete(&path), first: vec![Step("PATCH", path, off)] }
        },
    },
    Case {
        upstream: "keystone/resource/core.py _delete_project",
        speed: AT_ONCE,
        status: 403,
        fault: ["Forbidden", "not a leaf in the hierarchy"],
        set_up: |admin| {
            let path = format!("{IDENTITY}/projects");
            let parent = make(admin, &path, "project", json!({ "project": { "name": "p" } }));
            let child = json!({ "project": { "name": "c", "parent_id": parent } });
            let child = make(admin, &path, "project", child);
            Order {
                refused: delete(&format!("{path}/{parent}")),
                first: vec![delete(&format!("{path}/{child}"))],
            }
        },
    },
    Case {
        upstream: "keystone/common/resource_options/options/immutable.py check_immutable_delete",
        speed: AT_ONCE,
        status: 403,
        fault: ["Forbidden", "Unable to delete immutable role resource"],
        set_up: |admin| {
            let path = format!("{IDENTITY}/roles");
            let fixed = |fixed: bool| json!({ "role": { "options": { "immutable": fixed } } });
            let mut body = fixed(true);
            body["role"]["name"] = json!("r");
            let path = format!("{path}/{}", make(admin, &path, "role", body));
            Order { refused: delete(&path), first: vec![Step("PATCH", path, fixed(false))] }
        },
    },
    Case {
        upstream: "keystone/catalog/backends/sql.py delete_region",
        speed: AT_ONCE,
        status: 403,
        fault: ["Forbidden", "because it or its child regions have associated endpoints"],
        set_up: |admin| {
            let path = |of: &str| format!("{IDENTITY}/{of}");
            let region = json!({ "region": { "id": "above" } });
            admin.post(&path("regions"), region).expect(201);
            let region = json!({ "region": { "id": "below", "parent_region_id": "above" } });
            admin.post(&path("regions"), region).expect(201);
            let service = json!({ "service": { "name": "s", "type": "t" } });
            let service = make(admin, &path("services"), "service", service);
            let endpoint = json!({ "endpoint": {
                "service_id": service, "interface": "public", "url": "http://127.0.0.1/",
                "region_id": "below",
            }});
            let endpoint = make(admin, &path("endpoints"), "endpoint", endpoint);
            Order {
                refused: delete(&path("regions/above")),
                first: vec![delete(&path(&format!("endpoints/{endpoint}")))],
            }
        },
    },
    Case {
        upstream: "glance/api/v2/images.py ImagesController.delete (protected)",
        speed: AT_ONCE,
        status: 403,
        fault: ["403 Forbidden", "is protected and cannot be deleted"],
        set_up: |admin| {
            let body = json!({ "name": "i", "protected": true });
            let path = format!("/image/v2/images/{}", make(admin, "/image/v2/images", "", body));
            let open = json!([{ "op": "replace", "path": "/protected", "value": false }]);
            Order { refused: delete(&path), first: vec![Step("PATCH", path, open)] }
        },
    },
    Case {
        upstream: "placement/objects/resource_provider.py _delete (children)",
        speed: AT_ONCE,
        status: 409,
        fault: ["placement.resource_provider.cannot_delete_parent", "child resource providers"],
        set_up: |admin| {
            let parent = provider(admin, "parent", Value::Null);
            let child = provider(admin, "child", json!(parent));
            Order {
                refused: delete(&placement("resource_providers", &parent)),
                first: vec![delete(&placement("resource_providers", &child))],
            }
        },
    },
    Case {
        upstream: "placement/objects/resource_provider.py _delete (allocations)",
        speed: AT_ONCE,
        status: 409,
        fault: ["placement.resource_provider.inuse", "has allocations"],
        set_up: |admin| {
            let provider = allocated(admin);
            Order {
                refused: delete(&placement("resource_providers", &provider)),
                first: vec![delete(&placement("allocations", CONSUMER))],
            }
        },
    },
    Case {
        upstream: "placement/objects/resource_provider.py _delete_inventory_from_provider",
        speed: AT_ONCE,
        status: 409,
        fault: ["placement.inventory.inuse", "Inventory for 'VCPU' on resource provider"],
        set_up: |admin| {
            let provider = placement("resource_providers", &allocated(admin));
            Order {
                refused: delete(&format!("{provider}/inventories/VCPU")),
                first: vec![delete(&placement("allocations", CONSUMER))],
            }
        },
    },
    Case {
        upstream: "placement/objects/trait.py Trait._destroy_in_db",
        speed: AT_ONCE,
        status: 409,
        fault: ["Conflict", "The trait CUSTOM_T is in use by a resource provider."],
        set_up: |admin| {
            let provider = provider(admin, "one", Value::Null);
            let at = admin.at("placement 1.39");
            at.put(&placement("traits", "CUSTOM_T"), Value::Null).expect(201);
            let path = format!("{}/traits", placement("resource_providers", &provider));
            let body = json!({ "traits": ["CUSTOM_T"], "resource_provider_generation": 0 });
            admin.at("placement 1.39").put(&path, body).expect(200);
            Order { refused: delete(&placement("traits", "CUSTOM_T")), first: vec![delete(&path)] }
        },
    },
    Case {
        upstream: "placement/objects/resource_class.py ResourceClass._destroy",
        speed: AT_ONCE,
        status: 409,
        fault: ["Conflict", "Class is in use in inventory."],
        set_up: |admin| {
            let provider = provider(admin, "one", Value::Null);
            admin
                .at("placement 1.39")
                .put(&placement("resource_classes", "CUSTOM_C"), Value::Null)
                .expect(201);
            let path = placement("resource_providers", &provider);
            let path = format!("{path}/inventories/CUSTOM_C");
            let body = json!({ "total": 1, "resource_provider_generation": 0 });
            admin.at("placement 1.39").put(&path, body);
            let all = format!("{}/inventories", placement("resource_providers", &provider));
            let body = json!({
                "resource_provider_generation": 0, "inventories": { "CUSTOM_C": { "total": 1 } },
            });
            admin.at("placement 1.39").put(&all, body);
            Order {
                refused: delete(&placement("resource_classes", "CUSTOM_C")),
                first: vec![delete(&path)],
            }
        },
    },
    Case {
        upstream: "swift/container/server.py ContainerController.DELETE",
        speed: AT_ONCE,
        status: 409,
        fault: ["<html>", "There was a conflict"],
        set_up: |admin| {
            let project = admin.get(&format!("{IDENTITY}/projects?name=admin"));
            let project = project.json["projects"][0]["id"].as_str().unwrap();
            let container = format!("/v1/AUTH_{project}/c");
            admin.put(&container, Value::Null).expect(201);
            let object = format!("{container}/o");
            admin.put(&object, json!("bytes")).expect(201);
            Order { refused: delete(&container), first: vec![delete(&object)] }
        },
    },
];

const IDENTITY: &str = "/identity/v3";
const CONSUMER: &str = "11111111-2222-4333-8444-555555555555";

impl Step {
    fn send(&self, admin: &Caller) -> Answer {
        let Self(method, path, body) = self;
        let admin = admin.at("volume 3.54, placement 1.39, compute 2.79");
        if *method == "PATCH" && path.starts_with("/image/") {
            let kind = "application/openstack-images-v2.1-json-patch";
            return admin.send_bytes(method, path, body.to_string(), Some(kind));
        }
        admin.send(method, path, body.clone())
    }
}

fn delete(path: &str) -> Step {
    Step("DELETE", path.to_owned(), Value::Null)
}

/// Makes a resource; gives its id. The key is empty where the body is the resource.
#[track_caller]
fn make(admin: &Caller, path: &str, key: &str, body: Value) -> String {
    let answer = admin.post(path.trim_end_matches('/'), body);
    assert!(answer.status < 300, "{path}: {}", answer.json);
    let made = if key.is_empty() { &answer.json } else { &answer.json[key] };
    made["id"].as_str().unwrap_or_else(|| panic!("no id in {}", answer.json)).to_owned()
}

fn network(of: &str, id: &str) -> String {
    format!("/networking/v2.0/{of}/{id}").trim_end_matches('/').to_owned()
}

fn of_volume(of: &str, id: &str) -> String {
    format!("/volume/v3/{of}/{id}").trim_end_matches('/').to_owned()
}

fn placement(of: &str, id: &str) -> String {
    format!("/placement/{of}/{id}").trim_end_matches('/').to_owned()
}

/// A router that joins a network to one outside, with a port on the inner one.
struct Joined {
    outside: String,
    network: String,
    subnet: String,
    port: String,
    router: String,
    interface: String,
}

impl Joined {
    fn new(admin: &Caller) -> Self {
        let outside = outside(admin);
        let net = json!({ "network": { "name": "inner" } });
        let net = make(admin, &network("networks", ""), "network", net);
        let subnet = json!({ "subnet": {
            "network_id": net, "ip_version": 4, "cidr": "10.7.0.0/24",
        }});
        let subnet = make(admin, &network("subnets", ""), "subnet", subnet);
        let port = json!({ "port": { "network_id": net } });
        let port = make(admin, &network("ports", ""), "port", port);
        let router = json!({ "router": { "external_gateway_info": { "network_id": outside } } });
        let router = make(admin, &network("routers", ""), "router", router);
        let path = format!("{}/add_router_interface", network("routers", &router));
        let joined = admin.put(&path, json!({ "subnet_id": subnet })).expect(200);
        let interface = joined.json["port_id"].as_str().unwrap().to_owned();
        Self { outside, network: net, subnet, port, router, interface }
    }

    fn router(&self) -> String {
        network("routers", &self.router)
    }

    /// Takes the router off the subnet.
    fn leave(&self) -> Step {
        let path = format!("{}/remove_router_interface", self.router());
        Step("PUT", path, json!({ "subnet_id": self.subnet }))
    }

    /// Makes a floating IP that leads to the port; gives its path.
    fn floating(&self, admin: &Caller) -> String {
        let body = json!({ "floatingip": {
            "floating_network_id": self.outside, "port_id": self.port,
        }});
        network("floatingips", &make(admin, &network("floatingips", ""), "floatingip", body))
    }
}

/// Makes an external network with addresses.
fn outside(admin: &Caller) -> String {
    let body = json!({ "network": { "name": "outside", "router:external": true } });
    let id = make(admin, &network("networks", ""), "network", body);
    let subnet = json!({ "subnet": {
        "network_id": id, "ip_version": 4, "cidr": "198.51.100.0/24", "enable_dhcp": false,
    }});
    make(admin, &network("subnets", ""), "subnet", subnet);
    id
}

fn volume(admin: &Caller) -> String {
    make(admin, &of_volume("volumes", ""), "volume", json!({ "volume": { "size": 1 } }))
}

fn snapshot(admin: &Caller) -> (String, String) {
    let volume = volume(admin);
    let body = json!({ "snapshot": { "volume_id": volume } });
    let snapshot = make(admin, &of_volume("snapshots", ""), "snapshot", body);
    (volume, snapshot)
}

fn backup(admin: &Caller, body: Value) -> String {
    make(admin, &of_volume("backups", ""), "backup", json!({ "backup": body }))
}

/// Removes a backup that is still being made.
fn force(backup: &str) -> Step {
    let path = format!("{}/action", of_volume("backups", backup));
    Step("POST", path, json!({ "os-force_delete": {} }))
}

/// Says of a thing that is being made that it is there.
fn reset(admin: &Caller, of: &str, id: &str) {
    let path = format!("{}/action", of_volume(of, id));
    admin.post(&path, json!({ "os-reset_status": { "status": "available" } })).expect(202);
}

fn server(admin: &Caller) -> String {
    let image = admin.get("/image/v2/images").json["images"][0]["id"].clone();
    let body = json!({ "server": {
        "name": "s", "imageRef": image, "flavorRef": "1", "networks": "none",
    }});
    let made = admin.at("compute 2.37").post("/compute/v2.1/servers", body).expect(202);
    made.id("server")
}

/// Makes a server that holds a volume.
fn attached(admin: &Caller) -> (String, String) {
    let (server, volume) = (server(admin), volume(admin));
    let path = format!("/compute/v2.1/servers/{server}/os-volume_attachments");
    admin.post(&path, json!({ "volumeAttachment": { "volumeId": volume } })).expect(200);
    (server, volume)
}

/// Makes an aggregate with the host in it; gives its path.
fn aggregate(admin: &Caller, zone: Value) -> String {
    let body = json!({ "aggregate": { "name": "a", "availability_zone": zone } });
    let made = admin.post("/compute/v2.1/os-aggregates", body).expect(200);
    let path = format!("/compute/v2.1/os-aggregates/{}", made.json["aggregate"]["id"]);
    let join = json!({ "add_host": { "host": "node-1" } });
    admin.post(&format!("{path}/action"), join).expect(200);
    path
}

fn provider(admin: &Caller, name: &str, parent: Value) -> String {
    let mut body = json!({ "name": name });
    if !parent.is_null() {
        body["parent_provider_uuid"] = parent;
    }
    let at = admin.at("placement 1.39");
    let made = at.post("/placement/resource_providers", body).expect(200);
    made.json["uuid"].as_str().unwrap().to_owned()
}

/// Makes a provider of which a consumer uses a part.
fn allocated(admin: &Caller) -> String {
    let at = admin.at("placement 1.39");
    let provider = provider(admin, "one", Value::Null);
    let inventories = json!({
        "resource_provider_generation": 0, "inventories": { "VCPU": { "total": 4 } },
    });
    let path = placement("resource_providers", &provider);
    at.put(&format!("{path}/inventories"), inventories).expect(200);
    let allocation = json!({
        "allocations": { provider.clone(): { "resources": { "VCPU": 1 } } },
        "project_id": "p", "user_id": "u", "consumer_generation": null, "consumer_type": "T",
    });
    at.put(&placement("allocations", CONSUMER), allocation).expect(204);
    provider
}
