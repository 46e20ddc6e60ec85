//! What a request is checked for before anything is done: its query, its body, the type of the
//! body, and in which order each service looks. The statuses are those that the released services
//! gave to the same requests.

use serde_json::{Value, json};

use crate::caller::Caller;

const NOWHERE: &str = "11111111-2222-4333-8444-555555555555";

/// Sends a query to a list and returns status and body.
fn ask(caller: &Caller, path: &str) -> (u16, Value) {
    let answer = caller.get(path);
    (answer.status, answer.json)
}

#[test]
fn a_query_that_a_schema_refuses_is_a_400_of_its_service() {
    let admin =
        Caller::admin().with("openstack-api-version", "placement 1.39, compute 2.104, volume 3.71");
    for (path, key) in [
        ("/compute/v2.1/servers?bogus=1", "badRequest"),
        ("/compute/v2.1/flavors?sort_dir=up", "badRequest"),
        ("/compute/v2.1/servers?name=*(", "badRequest"),
        ("/compute/v2.1/os-hypervisors?limit=-1", "badRequest"),
        ("/compute/v2.1/os-hypervisors?marker=a&marker=b", "badRequest"),
        ("/volume/v3/volumes?sort_dir=up", "badRequest"),
        ("/volume/v3/backups?all_tenants=maybe", "badRequest"),
        ("/volume/v3/volume-transfers?limit=many", "badRequest"),
        ("/networking/v2.0/networks?bogus=1", "NeutronError"),
        ("/networking/v2.0/networks?shared=maybe", "NeutronError"),
        ("/networking/v2.0/networks?mtu=wide", "NeutronError"),
        ("/networking/v2.0/networks?sort_dir=up", "NeutronError"),
        ("/identity/v3/users?enabled=maybe", "error"),
        ("/identity/v3/endpoints?interface=private", "error"),
        ("/identity/v3/regions?bogus=1", "error"),
        ("/placement/resource_providers?bogus=1", "errors"),
        ("/placement/resource_providers?uuid=none", "errors"),
        ("/placement/allocation_candidates?resources=VCPU:1&group_policy=any", "errors"),
    ] {
        let (status, body) = ask(&admin, path);
        assert_eq!(status, 400, "{path}: {body}");
        assert!(body.get(key).is_some(), "{path}: {body}");
    }
    for path in ["/image/v2/images?visibility=hidden", "/image/v2/images?sort_dir=up"] {
        admin.get(path).expect(400);
    }
}

#[test]
fn a_query_is_read_as_its_service_reads_it() {
    let admin = Caller::admin();
    for path in [
        // What a schema leaves open is left alone.
        "/compute/v2.1/servers?bogus=1",
        "/volume/v3/volumes?bogus=1",
        "/identity/v3/users?bogus=1",
        "/image/v2/images?bogus=1",
        // Every spelling of a truth value, and any text for a page's direction.
        "/networking/v2.0/networks?shared=yes&admin_state_up=T",
        "/networking/v2.0/networks?page_reverse=maybe",
        "/networking/v2.0/networks?id=a&id=b&fields=id&fields=name",
        "/volume/v3/backups?all_tenants=on",
    ] {
        admin.get(path).expect(200);
    }
    // The attribute of an extension that is not loaded is no filter.
    admin.get("/networking/v2.0/networks?qinq=true").expect(400);
}

#[test]
fn a_schema_is_that_of_the_version() {
    let admin = Caller::admin();
    for (version, expected) in [("2.74", 200), ("2.75", 400)] {
        let at = admin.at(&format!("compute {version}"));
        at.get("/compute/v2.1/flavors?bogus=1").expect(expected);
    }
}

#[test]
fn a_body_that_is_missing_or_null_is_refused() {
    let admin = Caller::admin();
    for path in [
        "/compute/v2.1/os-keypairs",
        "/volume/v3/volumes",
        "/networking/v2.0/networks",
        "/identity/v3/projects",
        "/image/v2/images",
        "/networking/v2.0/security-groups",
        "/compute/v2.1/os-server-external-events",
    ] {
        for body in ["", "null"] {
            let answer = admin.send_bytes("POST", path, body, Some("application/json"));
            assert_eq!(answer.status, 400, "{path} with `{body}`: {}", answer.json);
        }
    }
    let null = |path: &str| admin.send_bytes("POST", path, "null", Some("application/json"));
    null("/placement/resource_providers").expect(400);
    // An action is looked for in an object; what is none leads to no page.
    null(&format!("/compute/v2.1/servers/{NOWHERE}/action")).expect(404);
    null(&format!("/volume/v3/volumes/{NOWHERE}/action")).expect(404);
    admin.post(&format!("/compute/v2.1/servers/{NOWHERE}/action"), json!([])).expect(400);
}

#[test]
fn each_service_has_its_own_way_with_media_types() {
    let admin = Caller::admin();
    let network = json!({ "network": { "name": "n" } });
    let group = json!({ "server_group": { "name": "g", "policies": ["affinity"] } });
    let kind = json!({ "volume_type": { "name": "t" } });
    let provider = json!({ "name": "p" });
    let region = json!({ "region": { "id": "r" } });
    for (path, body, media_type, expected) in [
        ("/networking/v2.0/networks", &network, "text/plain", 201),
        ("/image/v2/images", &json!({ "name": "i" }), "application/xml", 201),
        ("/compute/v2.1/os-server-groups", &group, "text/plain", 200),
        ("/compute/v2.1/os-server-groups", &group, "application/xml", 415),
        ("/volume/v3/types", &kind, "text/plain", 415),
        ("/volume/v3/types", &kind, "application/json; charset=utf-8", 200),
        ("/placement/resource_providers", &provider, "text/plain", 415),
        ("/identity/v3/regions", &region, "text/plain", 400),
    ] {
        let answer = admin.send_bytes("POST", path, body.to_string(), Some(media_type));
        assert_eq!(answer.status, expected, "{path} as {media_type}: {}", answer.json);
    }
    let volume = admin.send_bytes("POST", "/volume/v3/types", "{}", Some("text/plain"));
    assert!(volume.json.get("badMediaType").is_some(), "{}", volume.json);
}

#[test]
fn a_method_that_a_path_has_not_is_refused_as_the_service_does() {
    let admin = Caller::admin();
    for (method, path, expected) in [
        ("PATCH", "/compute/v2.1/servers", 404),
        ("DELETE", "/volume/v3/volumes", 404),
        ("PATCH", "/image/v2/images", 405),
        ("PATCH", "/identity/v3/users", 405),
        ("PUT", "/placement/resource_providers", 405),
        ("DELETE", "/networking/v2.0/networks", 404),
        ("PATCH", "/networking/v2.0/networks", 405),
        ("OPTIONS", "/compute/v2.1/servers", 200),
        ("OPTIONS", "/placement/resource_providers", 405),
    ] {
        let answer = admin.send(method, path, Value::Null);
        assert_eq!(answer.status, expected, "{method} {path}: {}", answer.json);
    }
    let options = admin.send("OPTIONS", "/identity/v3/users", Value::Null).expect(200);
    assert_eq!(options.header("allow"), "GET, POST");
}

#[test]
fn each_service_looks_in_its_own_order() {
    let admin = Caller::admin().at("placement 1.39");
    let bad = json!({ "resource_provider_generation": "none" });
    for (method, path, body, expected) in [
        // Placement: the provider, then the body; the traits the other way round.
        ("PUT", format!("/placement/resource_providers/{NOWHERE}/inventories"), &bad, 404),
        ("PUT", format!("/placement/resource_providers/{NOWHERE}/traits"), &bad, 400),
        // Network: a resource's body is checked first, a router's interface is looked for.
        ("PUT", format!("/networking/v2.0/networks/{NOWHERE}"), &json!({ "network": [] }), 400),
        (
            "PUT",
            format!("/networking/v2.0/routers/{NOWHERE}/add_router_interface"),
            &json!({ "subnet_id": 1 }),
            404,
        ),
        // Image: what image sets itself, before anything else.
        ("POST", "/image/v2/images".to_owned(), &json!({ "self": "x", "name": 1 }), 403),
    ] {
        let answer = admin.send(method, &path, body.clone());
        assert_eq!(answer.status, expected, "{method} {path}: {}", answer.json);
    }
    let patch = json!([{ "op": "replace", "path": "/status", "value": "active" }]).to_string();
    let media_type = Some("application/openstack-images-v2.1-json-patch");
    let image = format!("/image/v2/images/{NOWHERE}");
    admin.send_bytes("PATCH", &image, patch, media_type).expect(403);
    // What is wrong is said to whoever asks, who may ask what only in placement before that.
    let tenant = admin.tenant("reader-of-nothing", "member");
    tenant.post("/compute/v2.1/flavors", json!({ "flavor": {} })).expect(400);
    tenant.post("/placement/resource_providers", json!({})).expect(403);
}
