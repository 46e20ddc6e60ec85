//! What is only pretended is answered as if it had worked, and nothing has happened.

use serde_json::{Value, json};
use squall_cloud::{Cloud, Options};
use squall_model::service::{HAD_EFFECT, HAD_NO_EFFECT, PRETEND_HEADER, PRETENDED_HEADER};

use crate::caller::Caller;

const SERVERS: &str = "/compute/v2.1/servers";
const FLAVORS: &str = "/compute/v2.1/flavors";
const VOLUMES: &str = "/volume/v3/volumes";

fn pretend(caller: &Caller, operations: &[&str]) {
    caller.cloud.pretend(operations.iter().copied()).unwrap();
}

/// Creates an active server, and returns its path.
fn server(caller: &Caller) -> String {
    let images = caller.get("/image/v2/images").expect(200);
    let body = json!({ "server": {
        "name": "one", "imageRef": images.json["images"][0]["id"], "flavorRef": "1",
        "networks": "none",
    }});
    let id = caller.at("compute 2.37").post(SERVERS, body).expect(202).id("server");
    format!("{SERVERS}/{id}")
}

#[test]
fn what_was_created_does_not_exist_and_its_id_is_not_used_again() {
    let caller = Caller::admin();
    let flavor = |name: &str| {
        let flavor = json!({ "flavor": { "name": name, "ram": 1, "vcpus": 1, "disk": 1 } });
        caller.post(FLAVORS, flavor).expect(200)
    };
    pretend(&caller, &["compute.flavors.create"]);
    let answer = flavor("a");
    assert_eq!(answer.header(PRETENDED_HEADER), HAD_EFFECT);
    let pretended = answer.id("flavor");
    caller.get(&format!("{FLAVORS}/{pretended}")).expect(404);
    assert!(!caller.get(FLAVORS).json.to_string().contains(&pretended));
    pretend(&caller, &[]);
    // The name is free, since nothing has it.
    let created = flavor("a");
    assert!(!created.headers.contains_key(PRETENDED_HEADER));
    assert_ne!(created.id("flavor"), pretended);
}

#[test]
fn what_was_deleted_or_changed_is_as_it_was() {
    let caller = Caller::admin();
    let server = server(&caller);
    let before = caller.get(&server).expect(200).json;
    pretend(&caller, &["compute.servers.update", "compute.servers.delete"]);
    let updated = caller.put(&server, json!({ "server": { "name": "two" } })).expect(200);
    assert_eq!(updated.json["server"]["name"], "two", "the answer is the real one");
    caller.delete(&server).expect(204);
    assert_eq!(caller.get(&server).expect(200).json, before);
}

#[test]
fn what_was_started_does_not_go_on() {
    // All that is under way is done at the next request.
    let caller = Caller::admin();
    let server = server(&caller);
    let status = || caller.get(&server).expect(200).json["server"]["status"].clone();
    assert_eq!(status(), "ACTIVE");
    let resize = || {
        let body = json!({ "resize": { "flavorRef": "2" } });
        caller.post(&format!("{server}/action"), body).expect(202)
    };
    pretend(&caller, &["compute.servers.resize"]);
    resize();
    assert_eq!((status(), status()), (json!("ACTIVE"), json!("ACTIVE")));
    pretend(&caller, &[]);
    resize();
    assert_eq!(status(), "VERIFY_RESIZE");
}

#[test]
fn services_beside_that_of_the_request_are_as_they_were() {
    let caller = Caller::admin();
    let server = server(&caller);
    let volume = json!({ "volume": { "size": 1, "name": "data" } });
    let volume = caller.post(VOLUMES, volume).expect(202).id("volume");
    let before = caller.get(&format!("{VOLUMES}/{volume}")).expect(200).json;
    assert_eq!(before["volume"]["status"], "available");
    pretend(&caller, &["compute.server_volume_attachments.create"]);
    let attached = json!({ "volumeAttachment": { "volumeId": volume } });
    caller.post(&format!("{server}/os-volume_attachments"), attached).expect(200);
    assert_eq!(caller.get(&format!("{VOLUMES}/{volume}")).expect(200).json, before);
}

#[test]
fn a_request_that_would_be_refused_is_refused() {
    let caller = Caller::admin();
    pretend(&caller, &["compute.flavors.create", "compute.servers.delete"]);
    caller.post(FLAVORS, json!({ "flavor": { "name": "a" } })).expect(400);
    let flavor = json!({ "flavor": { "name": "a", "ram": 1, "vcpus": 1, "disk": 1 } });
    caller.tenant("ana", "member").post(FLAVORS, flavor).expect(403);
    caller.delete(&format!("{SERVERS}/none")).expect(404);
}

#[test]
fn one_request_is_pretended_by_its_header_and_others_are_not() {
    let caller = Caller::admin();
    let server = server(&caller);
    let marked = caller.with(PRETEND_HEADER, "true");
    marked.delete(&server).expect(204);
    let shown = caller.get(&server).expect(200);
    assert!(!shown.headers.contains_key(PRETENDED_HEADER));
    caller.delete(&server).expect(204);
    caller.get(&server).expect(404);
}

#[test]
fn a_request_without_effect_says_so() {
    let caller = Caller::admin().with(PRETEND_HEADER, "true");
    assert_eq!(caller.get(SERVERS).expect(200).header(PRETENDED_HEADER), HAD_NO_EFFECT);
    let server = server(&caller.without_headers());
    let path = format!("{server}/action");
    let console = caller.post(&path, json!({ "os-getConsoleOutput": {} })).expect(200);
    assert_eq!(console.header(PRETENDED_HEADER), HAD_NO_EFFECT);
    let stopped = caller.post(&path, json!({ "os-stop": null })).expect(202);
    assert_eq!(stopped.header(PRETENDED_HEADER), HAD_EFFECT);
}

#[test]
fn an_object_that_was_pretended_is_not_stored() {
    let caller = Caller::admin();
    let project = caller.get("/identity/v3/auth/projects").expect(200);
    let project = project.json["projects"][0]["id"].as_str().unwrap().to_owned();
    let container = format!("/v1/AUTH_{project}/c");
    caller.put(&container, Value::Null).expect(201);
    pretend(&caller, &["object_storage.objects.create"]);
    caller.send_bytes("PUT", &format!("{container}/o"), "meow", None).expect(201);
    caller.get(&format!("{container}/o")).expect(404);
}

#[test]
fn an_operation_that_the_cloud_does_not_have_is_an_error_with_a_suggestion() {
    let cloud = Cloud::new(Options::default());
    let error = cloud.pretend(["compute.servers.delete", "compute.keypair.delete"]).unwrap_err();
    assert_eq!(error.id, "compute.keypair.delete");
    let text = error.to_string();
    assert!(text.starts_with("the embedded cloud has no operation `compute.keypair.delete`"));
    assert!(text.contains("did you mean `compute.keypairs.delete`"), "{text}");
}
