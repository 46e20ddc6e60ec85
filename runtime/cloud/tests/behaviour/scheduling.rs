//! Where servers go: to a host that is there to be used, in its zone, and has room.

use serde_json::{Value, json};

use crate::caller::{Answer, Caller};

const COMPUTE: &str = "/compute/v2.1";

/// Boots a server and returns it as it is once nothing is done to it.
fn boot(admin: &Caller, further: Value) -> Value {
    let id = start(admin, further).id("server");
    let shown = admin.at("compute 2.96").get(&format!("{COMPUTE}/servers/{id}")).expect(200);
    shown.json["server"].clone()
}

fn start(admin: &Caller, further: Value) -> Answer {
    let images = admin.get("/image/v2/images?status=active").expect(200);
    let mut server = json!({
        "name": "s", "flavorRef": "1", "imageRef": images.json["images"][0]["id"],
        "networks": "none",
    });
    server.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
    let body = json!({ "server": server });
    admin.at("compute 2.37").post(&format!("{COMPUTE}/servers"), body)
}

/// Reads the project of the caller.
fn project(admin: &Caller) -> String {
    let token = admin.with("x-subject-token", &admin.token);
    let shown = token.get("/identity/v3/auth/tokens").expect(200);
    shown.json["token"]["project"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_new_server_says_where_it_is() {
    let admin = Caller::admin();
    let made = start(&admin, json!({})).expect(202);
    let id = made.id("server");
    assert_eq!(made.header("location"), format!("http://cloud.test{COMPUTE}/servers/{id}"));
}

#[test]
fn a_flavor_that_no_host_can_hold_ends_in_error() {
    let admin = Caller::admin();
    let unlimited = json!({ "quota_set": { "cores": -1, "ram": -1 } });
    admin.put(&format!("{COMPUTE}/os-quota-sets/{}", project(&admin)), unlimited).expect(200);
    for (name, vcpus, ram) in [("processors", 5000, 64), ("memory", 1, 100_000_000)] {
        let flavor = json!({ "flavor": { "name": name, "vcpus": vcpus, "ram": ram, "disk": 1 } });
        let flavor = admin.post(&format!("{COMPUTE}/flavors"), flavor).id("flavor");
        let server = boot(&admin, json!({ "flavorRef": flavor }));
        assert_eq!(server["status"], "ERROR", "{name}");
        assert_eq!(server["fault"]["code"], 500, "{name}");
        assert_eq!(server["OS-EXT-SRV-ATTR:host"], Value::Null, "{name}");
    }
    assert_eq!(boot(&admin, json!({}))["status"], "ACTIVE");
}

#[test]
fn a_disabled_host_gets_no_servers() {
    let admin = Caller::admin();
    let services = format!("{COMPUTE}/os-services");
    let body = json!({ "host": "node-1", "binary": "nova-compute" });
    admin.put(&format!("{services}/disable"), body.clone()).expect(200);
    assert_eq!(boot(&admin, json!({}))["status"], "ERROR");
    let zones = admin.get(&format!("{COMPUTE}/os-availability-zone")).expect(200);
    assert_eq!(zones.json["availabilityZoneInfo"][0]["zoneState"]["available"], false);
    start(&admin, json!({ "availability_zone": "nova" })).expect(400);
    admin.put(&format!("{services}/enable"), body).expect(200);
    assert_eq!(boot(&admin, json!({}))["status"], "ACTIVE");
}

#[test]
fn a_host_has_the_zone_of_its_aggregate() {
    let admin = Caller::admin();
    let before = boot(&admin, json!({ "availability_zone": "nova" }));
    assert_eq!(before["OS-EXT-AZ:availability_zone"], "nova");
    let aggregate = json!({ "aggregate": { "name": "a", "availability_zone": "east" } });
    let aggregates = format!("{COMPUTE}/os-aggregates");
    let made = admin.post(&aggregates, aggregate).expect(200);
    // A zone without a host is none.
    start(&admin, json!({ "availability_zone": "east" })).expect(400);
    let add = json!({ "add_host": { "host": "node-1" } });
    admin.post(&format!("{aggregates}/{}/action", made.json["aggregate"]["id"]), add).expect(200);
    let server = boot(&admin, json!({ "availability_zone": "east" }));
    assert_eq!(server["OS-EXT-AZ:availability_zone"], "east");
    let zones = admin.get(&format!("{COMPUTE}/os-availability-zone")).expect(200);
    assert_eq!(zones.json["availabilityZoneInfo"][0]["zoneName"], "east");
    let services = admin.get(&format!("{COMPUTE}/os-services?binary=nova-compute")).expect(200);
    assert_eq!(services.json["services"][0]["zone"], "east");
    start(&admin, json!({ "availability_zone": "nova" })).expect(400);
}

#[test]
fn a_live_migration_is_shown_while_it_lasts() {
    // Work takes so long that nothing of it ends during the test.
    let admin = Caller::admin_at(0.000_1);
    let id = start(&admin, json!({})).expect(202).id("server");
    let action = |body: Value| admin.post(&format!("{COMPUTE}/servers/{id}/action"), body);
    action(json!({ "os-resetState": { "state": "active" } })).expect(202);
    let migrations = |caller: &Caller, path: &str| {
        let shown = caller.at("compute 2.59").get(&format!("{COMPUTE}/{path}")).expect(200);
        shown.json["migrations"].as_array().unwrap().clone()
    };
    let of_server = format!("servers/{id}/migrations");
    assert!(migrations(&admin, &of_server).is_empty());
    action(json!({ "os-migrateLive": {
        "host": null, "block_migration": false, "disk_over_commit": false,
    }}))
    .expect(202);
    let under_way = migrations(&admin, &of_server);
    assert_eq!((under_way.len(), &under_way[0]["status"]), (1, &json!("running")));
    assert_eq!(migrations(&admin, "os-migrations")[0]["migration_type"], "live-migration");
    let one = format!("{COMPUTE}/{of_server}/{}", under_way[0]["id"]);
    let shown = admin.at("compute 2.59").get(&one).expect(200);
    assert_eq!(shown.json["migration"]["server_uuid"], json!(id));
}

#[test]
fn what_is_missing_here_is_not_called_forbidden() {
    let member = Caller::admin().tenant("someone", "member");
    for path in ["/compute/v2.1/os-hosts", "/volume/v3/os-hosts", "/compute/v2.1/images"] {
        member.get(path).expect(501);
    }
}
