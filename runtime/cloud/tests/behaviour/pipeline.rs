//! What holds for every service: routes, versions, tokens, request ids.

use serde_json::{Value, json};

use crate::caller::Caller;

#[test]
fn every_answer_carries_a_request_id() {
    let admin = Caller::admin();
    for path in ["/identity/v3/domains", "/identity", "/nothing", "/compute/v2.1/nothing"] {
        assert!(admin.get(path).header("x-openstack-request-id").starts_with("req-"), "{path}");
    }
}

#[test]
fn version_documents_need_no_token() {
    let anonymous = Caller::admin().with_token("");
    for path in [
        "/compute/",
        "/compute/v2.1/",
        "/volume/v3/",
        "/identity/v3",
        "/networking/",
        "/placement/",
    ] {
        assert_eq!(anonymous.get(path).status, 200, "{path}");
    }
    assert_eq!(anonymous.get("/identity/").status, 300);
    let compute = anonymous.get("/compute/v2.1/");
    assert_eq!(compute.json["version"]["version"], "2.104");
}

#[test]
fn no_token_or_a_wrong_one_is_a_401() {
    let admin = Caller::admin();
    for token in ["", "wrong"] {
        let answer = admin.with_token(token).get("/identity/v3/domains").expect(401);
        assert_eq!(answer.json["error"]["code"], 401);
        assert!(answer.header("www-authenticate").starts_with("Keystone uri="));
    }
}

#[test]
fn a_wrong_method_names_the_right_ones() {
    let answer = Caller::admin().put("/identity/v3/domains", json!({})).expect(405);
    assert_eq!(answer.header("allow"), "GET, POST");
}

#[test]
fn a_body_that_is_no_json_is_refused() {
    let admin = Caller::admin();
    admin.send_bytes("POST", "/identity/v3/domains", "{", Some("application/json")).expect(400);
}

#[test]
fn a_version_out_of_range_is_a_406() {
    let admin = Caller::admin();
    admin.at("compute 2.999").get("/compute/v2.1/servers").expect(406);
    admin.at("compute two").get("/compute/v2.1/servers").expect(400);
}

#[test]
fn one_seed_gives_the_same_ids_again() {
    let make = || {
        let project = json!({ "project": { "name": "p" } });
        Caller::admin().post("/identity/v3/projects", project).id("project")
    };
    assert_eq!(make(), make());
}

#[test]
fn a_head_has_the_headers_of_a_get_and_no_body() {
    let answer = Caller::admin().send("HEAD", "/identity/v3/domains", Value::Null).expect(200);
    assert!(answer.bytes.is_empty());
    assert_ne!(answer.header("content-length"), "0");
}
