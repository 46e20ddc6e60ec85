//! Where servers go, what shelving does to their disk and ports, and what several of them, or
//! projects below one another, may share.

use serde_json::{Value, json};

use crate::caller::Caller;

/// Boots a server without networks and returns its id.
fn boot(caller: &Caller, hints: Value) -> String {
    boot_on(caller, json!("none"), hints)
}

fn boot_on(caller: &Caller, networks: Value, hints: Value) -> String {
    let images = caller.get("/image/v2/images").json;
    let flavors = caller.get("/compute/v2.1/flavors").json;
    let body = json!({
        "server": {
            "name": "s", "imageRef": images["images"][0]["id"],
            "flavorRef": flavors["flavors"][0]["id"], "networks": networks,
        },
        "os:scheduler_hints": hints,
    });
    caller.at("compute 2.90").post("/compute/v2.1/servers", body).expect(202).id("server")
}

fn status(caller: &Caller, server: &str) -> String {
    let shown = caller.get(&format!("/compute/v2.1/servers/{server}")).expect(200);
    shown.json["server"]["status"].as_str().unwrap().to_owned()
}

#[test]
fn hints_keep_servers_apart_on_one_host() {
    let admin = Caller::admin();
    let first = boot(&admin, json!({}));
    assert_eq!(status(&admin, &first), "ACTIVE");
    for (hints, expected) in [
        (json!({ "different_host": [first] }), "ERROR"),
        (json!({ "different_host": first }), "ERROR"),
        (json!({ "same_host": [first] }), "ACTIVE"),
        (json!({ "same_host": ["11111111-2222-4333-8444-555555555555"] }), "ERROR"),
    ] {
        let server = boot(&admin, hints.clone());
        assert_eq!(status(&admin, &server), expected, "{hints}");
    }
}

#[test]
fn a_group_is_held_to_its_policy() {
    let admin = Caller::admin().at("compute 2.90");
    for (group, expected) in [
        (json!({ "policy": "anti-affinity" }), &["ACTIVE", "ERROR", "ERROR"][..]),
        (
            json!({ "policy": "anti-affinity", "rules": { "max_server_per_host": 2 } }),
            &["ACTIVE", "ACTIVE", "ERROR"][..],
        ),
        (json!({ "policy": "soft-anti-affinity" }), &["ACTIVE", "ACTIVE"][..]),
        (json!({ "policy": "affinity" }), &["ACTIVE", "ACTIVE"][..]),
    ] {
        let mut body = group.clone();
        body["name"] = json!("g");
        let made = admin.post("/compute/v2.1/os-server-groups", json!({ "server_group": body }));
        let made = made.expect(200).id("server_group");
        for expected in expected {
            let server = boot(&admin, json!({ "group": made }));
            assert_eq!(status(&admin, &server), *expected, "{group}");
        }
    }
}

#[test]
fn a_shelved_server_is_an_image_and_its_ports_are_on_no_host() {
    let admin = Caller::admin();
    let network = admin.post("/networking/v2.0/networks", json!({ "network": { "name": "n" } }));
    let network = network.expect(201).id("network");
    let server = boot_on(&admin, json!([{ "uuid": network }]), json!({}));
    let port = || {
        let ports = admin.get(&format!("/networking/v2.0/ports?device_id={server}")).json;
        (ports["ports"][0]["binding:host_id"].clone(), ports["ports"][0]["status"].clone())
    };
    let images = || {
        let images = admin.get("/image/v2/images?name=s-shelved").json;
        images["images"].as_array().unwrap().clone()
    };
    let act = |key: &str| {
        let path = format!("/compute/v2.1/servers/{server}/action");
        admin.post(&path, json!({ key: null })).expect(202);
    };
    assert_eq!(port().1, "ACTIVE");
    act("shelve");
    assert_eq!(status(&admin, &server), "SHELVED_OFFLOADED");
    assert_eq!(port(), (json!(""), json!("DOWN")));
    assert_eq!(images()[0]["status"], "active");
    assert_eq!(images()[0]["instance_uuid"], json!(server));
    act("unshelve");
    assert_eq!(status(&admin, &server), "ACTIVE");
    assert_eq!(port().1, "ACTIVE");
    assert_ne!(port().0, "");
    assert_eq!(images(), Vec::<Value>::new());
    act("shelve");
    admin.get(&format!("/compute/v2.1/servers/{server}")).expect(200);
    assert_eq!(images().len(), 1);
    admin.delete(&format!("/compute/v2.1/servers/{server}")).expect(204);
    admin.get(&format!("/compute/v2.1/servers/{server}")).expect(404);
    assert_eq!(images(), Vec::<Value>::new());
}

#[test]
fn a_volume_is_shared_from_a_version_on_and_held_once() {
    let admin = Caller::admin();
    let kind = json!({ "volume_type": {
        "name": "shared", "extra_specs": { "multiattach": "<is> True" },
    }});
    admin.post("/volume/v3/types", kind).expect(200);
    let volume = json!({ "volume": { "size": 1, "volume_type": "shared" } });
    let volume = admin.post("/volume/v3/volumes", volume).expect(202).id("volume");
    let server = boot(&admin, json!({}));
    let path = format!("/compute/v2.1/servers/{server}/os-volume_attachments");
    let body = json!({ "volumeAttachment": { "volumeId": volume } });
    for (version, expected) in [("2.59", 400), ("2.60", 200), ("2.60", 400)] {
        let at = admin.at(&format!("compute {version}"));
        let answer = at.post(&path, body.clone());
        assert_eq!(answer.status, expected, "{version}: {}", answer.json);
    }
    let other = boot(&admin, json!({}));
    let path = format!("/compute/v2.1/servers/{other}/os-volume_attachments");
    admin.at("compute 2.60").post(&path, body).expect(200);
}

#[test]
fn a_volume_goes_back_to_a_snapshot_of_its_size() {
    let admin = Caller::admin().at("volume 3.71");
    let volume = admin.post("/volume/v3/volumes", json!({ "volume": { "size": 1 } }));
    let volume = volume.expect(202).id("volume");
    let act = |body: Value, expected: u16| {
        admin.post(&format!("/volume/v3/volumes/{volume}/action"), body).expect(expected);
    };
    let nothing = "11111111-2222-4333-8444-555555555555";
    act(json!({ "revert": { "snapshot_id": nothing } }), 400);
    let snapshot = json!({ "snapshot": { "volume_id": volume } });
    let snapshot = admin.post("/volume/v3/snapshots", snapshot).expect(202).id("snapshot");
    act(json!({ "revert": { "snapshot_id": nothing } }), 400);
    act(json!({ "revert": { "snapshot_id": snapshot } }), 202);
    act(json!({ "os-extend": { "new_size": 2 } }), 202);
    act(json!({ "revert": { "snapshot_id": snapshot } }), 400);
}

#[test]
fn a_project_above_one_that_is_on_stays_on() {
    let admin = Caller::admin();
    let make = |body: Value| {
        let body = json!({ "project": body });
        admin.post("/identity/v3/projects", body).expect(201).id("project")
    };
    let parent = make(json!({ "name": "parent" }));
    let child = make(json!({ "name": "child", "parent_id": parent }));
    let off = |id: &str| {
        let body = json!({ "project": { "enabled": false } });
        admin.send("PATCH", &format!("/identity/v3/projects/{id}"), body)
    };
    off(&parent).expect(403);
    off(&child).expect(200);
    off(&parent).expect(200);
}

#[test]
fn a_domain_may_choose_its_id() {
    let admin = Caller::admin();
    let id = "0123456789abcdef0123456789abcdef";
    let domain = json!({ "domain": { "name": "d", "explicit_domain_id": id } });
    let made = admin.post("/identity/v3/domains", domain).expect(201);
    assert_eq!(made.json["domain"]["id"], id);
    assert!(made.json["domain"].get("explicit_domain_id").is_none(), "{}", made.json);
    let again = json!({ "domain": { "name": "e", "explicit_domain_id": id } });
    admin.post("/identity/v3/domains", again).expect(409);
}
