//! Identity: tokens, scopes, roles, and what goes with what.

use serde_json::{Value, json};

use crate::caller::Caller;

#[test]
fn a_token_says_who_where_and_what() {
    let admin = Caller::admin();
    let own = admin.with("x-subject-token", &admin.token);
    let token = own.get("/identity/v3/auth/tokens").expect(200).json["token"].clone();
    assert_eq!(token["project"]["name"], "admin");
    assert_eq!(token["user"]["domain"]["id"], "default");
    let roles: Vec<&str> =
        token["roles"].as_array().unwrap().iter().map(|r| r["name"].as_str().unwrap()).collect();
    assert_eq!(roles, ["admin", "manager", "member", "reader"]);
    let catalog = token["catalog"].as_array().unwrap();
    assert_eq!(catalog.len(), 7);
    let compute = catalog.iter().find(|s| s["type"] == "compute").unwrap();
    assert_eq!(compute["endpoints"][0]["url"], "http://cloud.test/compute/v2.1");
    own.send("HEAD", "/identity/v3/auth/tokens", Value::Null).expect(200);
    own.delete("/identity/v3/auth/tokens").expect(204);
    admin.get("/identity/v3/domains").expect(401);
}

#[test]
fn a_wrong_password_a_wrong_user_and_a_foreign_project_look_the_same() {
    let admin = Caller::admin();
    let member = admin.tenant("alice", "member");
    let scope = json!({ "project": { "name": "admin", "domain": { "id": "default" } } });
    for (user, password) in [("alice", "wrong"), ("unknown", "secret"), ("alice", "secret")] {
        let answer = member.authenticate(user, password, scope.clone()).expect(401);
        assert_eq!(answer.json["error"]["title"], "Unauthorized");
    }
}

#[test]
fn a_member_is_kept_out_of_what_is_for_administrators() {
    let member = Caller::admin().tenant("alice", "member");
    member.get("/identity/v3/users").expect(403);
    member.post("/identity/v3/projects", json!({ "project": { "name": "x" } })).expect(403);
    member.get("/identity/v3/auth/projects").expect(200);
}

#[test]
fn roles_come_by_group_inheritance_and_implication() {
    let admin = Caller::admin();
    let post = |path: &str, body| admin.post(&format!("/identity/v3/{path}"), body).expect(201);
    let domain = post("domains", json!({ "domain": { "name": "d" } })).id("domain");
    let project =
        post("projects", json!({ "project": { "name": "p", "domain_id": domain } })).id("project");
    let user = json!({ "user": { "name": "u", "password": "s" } });
    let user = post("users", user).id("user");
    let group = post("groups", json!({ "group": { "name": "g" } })).id("group");
    let role = admin.get("/identity/v3/roles?name=member").json["roles"][0]["id"].clone();
    let role = role.as_str().unwrap();
    let put = |path: &str| admin.put(&format!("/identity/v3/{path}"), Value::Null).expect(204);
    put(&format!("groups/{group}/users/{user}"));
    let grant = format!("domains/{domain}/groups/{group}/roles/{role}");
    put(&grant);
    // A role on the domain is none on its project.
    let scope = json!({ "project": { "id": project } });
    admin.authenticate("u", "s", scope).expect(401);
    let domain_scope = json!({ "domain": { "id": domain } });
    let token = admin.authenticate("u", "s", domain_scope).expect(201);
    assert_eq!(token.json["token"]["roles"].as_array().unwrap().len(), 2);
    let list =
        admin.get(&format!("/identity/v3/role_assignments?effective&include_names&user.id={user}"));
    let names: Vec<&str> = list.json["role_assignments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| a["role"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&"member") && names.contains(&"reader"), "{names:?}");
    admin.delete(&format!("/identity/v3/{grant}")).expect(204);
    admin.delete(&format!("/identity/v3/{grant}")).expect(404);
}

#[test]
fn an_application_credential_stands_for_its_user_in_one_project() {
    let member = Caller::admin().tenant("alice", "member");
    let own = member.with("x-subject-token", &member.token).get("/identity/v3/auth/tokens");
    let user = own.json["token"]["user"]["id"].as_str().unwrap();
    let path = format!("/identity/v3/users/{user}/application_credentials");
    let body = json!({ "application_credential": { "name": "c" } });
    let made = member.post(&path, body.clone()).expect(201);
    member.post(&path, body).expect(409);
    let made = &made.json["application_credential"];
    let auth = json!({ "auth": { "identity": {
        "methods": ["application_credential"],
        "application_credential": { "id": made["id"], "secret": made["secret"] },
    }}});
    let token = member.post("/identity/v3/auth/tokens", auth.clone()).expect(201);
    assert_eq!(token.json["token"]["project"]["name"], "alice");
    let shown = member.get(&format!("{path}/{}", made["id"].as_str().unwrap())).expect(200);
    assert!(shown.json["application_credential"].get("secret").is_none());
    member.delete(&format!("{path}/{}", made["id"].as_str().unwrap())).expect(204);
    member.post("/identity/v3/auth/tokens", auth).expect(401);
}

#[test]
fn a_name_is_taken_once_a_domain() {
    let admin = Caller::admin();
    let body = json!({ "user": { "name": "admin" } });
    let answer = admin.post("/identity/v3/users", body).expect(409);
    assert_eq!(answer.json["error"]["title"], "Conflict");
}

#[test]
fn an_enabled_domain_is_not_deleted_and_a_disabled_one_takes_all_along() {
    let admin = Caller::admin();
    let domain = admin.post("/identity/v3/domains", json!({ "domain": { "name": "d" } }));
    let path = format!("/identity/v3/domains/{}", domain.id("domain"));
    let user = json!({ "user": { "name": "u", "domain_id": domain.id("domain") } });
    let user = admin.post("/identity/v3/users", user).expect(201).id("user");
    admin.delete(&path).expect(403);
    admin.send("PATCH", &path, json!({ "domain": { "enabled": false } })).expect(200);
    admin.delete(&path).expect(204);
    admin.get(&format!("/identity/v3/users/{user}")).expect(404);
}

#[test]
fn a_new_password_ends_the_old_tokens() {
    let admin = Caller::admin();
    let member = admin.tenant("alice", "member");
    let own = member.with("x-subject-token", &member.token).get("/identity/v3/auth/tokens");
    let user = own.json["token"]["user"]["id"].as_str().unwrap();
    let body = json!({ "user": { "original_password": "secret", "password": "new" } });
    member.post(&format!("/identity/v3/users/{user}/password"), body).expect(204);
    member.get("/identity/v3/auth/projects").expect(401);
    let shown = admin.get(&format!("/identity/v3/users/{user}")).expect(200);
    assert!(shown.json["user"].get("password").is_none());
}

#[test]
fn a_region_is_shown_under_the_id_it_was_given() {
    let admin = Caller::admin();
    let region = json!({ "region": { "description": "north" } });
    admin.put("/identity/v3/regions/north", region).expect(201);
    let shown = admin.get("/identity/v3/regions/north").expect(200);
    assert_eq!(shown.json["region"]["description"], "north");
    admin.delete("/identity/v3/regions/RegionOne").expect(403);
}
