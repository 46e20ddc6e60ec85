//! Compute, held against its own spec at every version.

use serde_json::{Value, json};

use crate::caller::Caller;
use crate::conformity::Conformity;

/// What a scenario needs before it: an image, a network, and a volume.
struct Ground {
    caller: Caller,
    image: String,
    network: String,
    volume: String,
}

fn ground() -> Ground {
    let caller = Caller::admin();
    let images = caller.get("/image/v2/images").expect(200);
    let image = images.json["images"][0]["id"].as_str().unwrap().to_owned();
    let network = caller
        .post("/networking/v2.0/networks", json!({ "network": { "name": "net" } }))
        .expect(201)
        .id("network");
    let subnet = json!({ "subnet": {
        "network_id": network, "ip_version": 4, "cidr": "10.0.0.0/16",
    }});
    caller.post("/networking/v2.0/subnets", subnet).expect(201);
    let volume = caller
        .post("/volume/v3/volumes", json!({ "volume": { "size": 1, "name": "data" } }))
        .expect(202)
        .id("volume");
    Ground { caller, image, network, volume }
}

/// The life of a server, with everything that can be looked at on the way.
fn live(ground: &Ground, minor: u16, held: &mut Conformity) {
    let at = ground.caller.at(&format!("compute 2.{minor}"));
    let mut ask = |id: &str, path: &[&str], body: Value| held.ask(&at, id, path, body);
    let body = json!({ "server": {
        "name": "one", "imageRef": ground.image, "flavorRef": "1",
        "networks": [{ "uuid": ground.network }], "metadata": { "a": "b" },
    }});
    let id = ask("compute.servers.create", &[], body).id("server");
    let s = id.as_str();
    let none = || Value::Null;
    assert_eq!(ask("compute.servers.show", &[s], none()).json["server"]["status"], "ACTIVE");
    ask("compute.servers.list", &[], none());
    ask("compute.servers.list_detail", &[], none());
    ask("compute.servers.update", &[s], json!({ "server": { "name": "two" } }));
    let volume = json!({ "volumeAttachment": { "volumeId": ground.volume } });
    ask("compute.server_volume_attachments.create", &[s], volume);
    ask("compute.server_volume_attachments.list", &[s], none());
    ask("compute.server_volume_attachments.show", &[s, &ground.volume], none());
    ask("compute.servers.show", &[s], none());
    ask("compute.server_volume_attachments.delete", &[s, &ground.volume], none());
    ask(
        "compute.server_interfaces.create",
        &[s],
        json!({ "interfaceAttachment": { "net_id": ground.network } }),
    );
    ask("compute.server_interfaces.list", &[s], none());
    ask("compute.server_ips.list", &[s], none());
    ask("compute.server_ips.show", &[s, "net"], none());
    ask("compute.server_metadata.list", &[s], none());
    ask("compute.server_metadata.create", &[s], json!({ "metadata": { "c": "d" } }));
    ask("compute.server_metadata.show", &[s, "c"], none());
    ask("compute.server_metadata.delete", &[s, "c"], none());
    ask("compute.server_security_groups.list", &[s], none());
    for (action, body) in [
        ("stop", json!({ "os-stop": null })),
        ("start", json!({ "os-start": null })),
        ("reboot", json!({ "reboot": { "type": "HARD" } })),
        ("pause", json!({ "pause": null })),
        ("unpause", json!({ "unpause": null })),
        ("suspend", json!({ "suspend": null })),
        ("resume", json!({ "resume": null })),
        ("shelve", json!({ "shelve": null })),
        ("unshelve", json!({ "unshelve": null })),
        ("lock", json!({ "lock": null })),
        ("unlock", json!({ "unlock": null })),
        ("rescue", json!({ "rescue": null })),
        ("unrescue", json!({ "unrescue": null })),
        ("resize", json!({ "resize": { "flavorRef": "2" } })),
        ("confirm_resize", json!({ "confirmResize": null })),
        ("rebuild", json!({ "rebuild": { "imageRef": ground.image } })),
        ("create_image", json!({ "createImage": { "name": "saved" } })),
        ("get_console_output", json!({ "os-getConsoleOutput": {} })),
    ] {
        ask(&format!("compute.servers.{action}"), &[s], body);
        ask("compute.servers.show", &[s], none());
    }
    if minor >= 26 {
        ask("compute.server_tags.add", &[s, "red"], none());
        ask("compute.server_tags.list", &[s], none());
        ask("compute.server_tags.check", &[s, "red"], none());
        ask("compute.server_tags.replace", &[s], json!({ "tags": ["blue"] }));
        ask("compute.server_tags.delete_all", &[s], none());
    }
    let actions = ask("compute.server_instance_actions.list", &[s], none());
    let request = actions.json["instanceActions"][0]["request_id"].as_str().unwrap().to_owned();
    ask("compute.server_instance_actions.show", &[s, &request], none());
    ask("compute.server_diagnostics.show", &[s], none());
    ask("compute.simple_tenant_usages.list", &[], none());
    ask("compute.servers.delete", &[s], none());
    assert_eq!(at.get(&format!("/compute/v2.1/servers/{s}")).status, 404);
}

/// What is there beside servers.
fn look_around(ground: &Ground, minor: u16, held: &mut Conformity) {
    let at = ground.caller.at(&format!("compute 2.{minor}"));
    let mut ask = |id: &str, path: &[&str], body: Value| held.ask(&at, id, path, body);
    let none = || Value::Null;
    for id in [
        "compute.flavors.list",
        "compute.flavors.list_detail",
        "compute.limits.show",
        "compute.services.list",
        "compute.availability_zones.list",
        "compute.availability_zones.list_detail",
        "compute.hypervisors.list",
        "compute.hypervisors.list_detail",
        "compute.migrations.list",
        "compute.aggregates.list",
        "compute.keypairs.list",
    ] {
        ask(id, &[], none());
    }
    let flavor = json!({ "flavor": { "name": "f", "ram": 1, "vcpus": 1, "disk": 1 } });
    let flavor = ask("compute.flavors.create", &[], flavor).id("flavor");
    ask("compute.flavors.show", &[&flavor], none());
    let specs = json!({ "extra_specs": { "hw:cpu_policy": "shared" } });
    ask("compute.flavor_extra_specs.create", &[&flavor], specs);
    ask("compute.flavor_extra_specs.list", &[&flavor], none());
    ask("compute.flavors.delete", &[&flavor], none());
    let key = json!({ "keypair": { "name": "k", "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHqk1pjGQ5hoOgq4m2XJ0yD7f0oQ0m1jW3v6bqvFhB0c me" } });
    ask("compute.keypairs.create", &[], key);
    ask("compute.keypairs.list", &[], none());
    ask("compute.keypairs.show", &["k"], none());
    ask("compute.keypairs.delete", &["k"], none());
    let group = if minor >= 64 {
        json!({ "server_group": { "name": "g", "policy": "anti-affinity" } })
    } else {
        json!({ "server_group": { "name": "g", "policies": ["anti-affinity"] } })
    };
    let group = ask("compute.server_groups.create", &[], group).id("server_group");
    ask("compute.server_groups.show", &[&group], none());
    ask("compute.server_groups.list", &[], none());
    ask("compute.server_groups.delete", &[&group], none());
    let aggregate = json!({ "aggregate": { "name": "a", "availability_zone": "here" } });
    let aggregate = ask("compute.aggregates.create", &[], aggregate);
    let aggregate = aggregate.json["aggregate"]["id"].to_string();
    ask("compute.aggregates.add_host", &[&aggregate], json!({ "add_host": { "host": "node-1" } }));
    ask("compute.aggregates.show", &[&aggregate], none());
    ask(
        "compute.aggregates.remove_host",
        &[&aggregate],
        json!({ "remove_host": { "host": "node-1" } }),
    );
    ask("compute.aggregates.delete", &[&aggregate], none());
    ask("compute.quota_sets.show", &["p"], none());
    ask("compute.quota_sets.show_detail", &["p"], none());
    ask("compute.quota_sets.show_defaults", &["p"], none());
    ask("compute.quota_class_sets.show", &["default"], none());
}

#[test]
fn every_answer_matches_the_spec_at_every_version() {
    let ground = ground();
    let mut held = Conformity::of(squall_services::spec::compute());
    for minor in 1..=104 {
        live(&ground, minor, &mut held);
        look_around(&ground, minor, &mut held);
    }
    held.verdict();
}

#[test]
fn a_server_is_built_with_time_and_holds_its_address() {
    let ground = ground();
    let slow = Caller::admin_at(0.001);
    let image = slow.get("/image/v2/images").json["images"][0]["id"].clone();
    let body = json!({ "server": { "name": "s", "imageRef": image, "flavorRef": "1" } });
    let id = slow.post("/compute/v2.1/servers", body).expect(202).id("server");
    let shown = slow.get(&format!("/compute/v2.1/servers/{id}")).expect(200);
    assert_eq!(shown.json["server"]["status"], "BUILD");
    let body = json!({ "server": {
        "name": "n", "imageRef": ground.image, "flavorRef": "1",
    }});
    let id = ground.caller.post("/compute/v2.1/servers", body).expect(202).id("server");
    let shown = ground.caller.get(&format!("/compute/v2.1/servers/{id}")).expect(200);
    let addresses = &shown.json["server"]["addresses"]["net"];
    assert!(addresses[0]["addr"].as_str().unwrap().starts_with("10.0."), "{addresses}");
}

#[test]
fn a_body_that_the_schema_does_not_take_is_refused() {
    let caller = Caller::admin();
    let body = json!({ "server": { "name": "s", "flavorRef": "1", "colour": "red" } });
    let refused = caller.post("/compute/v2.1/servers", body).expect(400);
    assert!(refused.json["badRequest"]["message"].as_str().unwrap().contains("server"));
}

#[test]
fn a_server_that_boots_from_a_volume_takes_it_along() {
    let ground = ground();
    let body = json!({ "server": {
        "name": "v", "flavorRef": "1", "networks": "none", "block_device_mapping_v2": [{
            "source_type": "image", "destination_type": "volume", "uuid": ground.image,
            "boot_index": 0, "volume_size": 1, "delete_on_termination": true,
        }],
    }});
    let at = ground.caller.at("compute 2.37");
    let id = at.post("/compute/v2.1/servers", body).expect(202).id("server");
    let shown = at.get(&format!("/compute/v2.1/servers/{id}")).expect(200).json;
    let volume = &shown["server"]["os-extended-volumes:volumes_attached"][0]["id"];
    let path = format!("/volume/v3/volumes/{}", volume.as_str().unwrap());
    assert_eq!(at.get(&path).expect(200).json["volume"]["status"], "in-use");
    at.delete(&format!("/compute/v2.1/servers/{id}")).expect(204);
    at.get(&format!("/compute/v2.1/servers/{id}")).expect(404);
    at.get(&path).expect(404);
}
