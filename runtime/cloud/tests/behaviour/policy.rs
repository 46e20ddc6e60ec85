//! The services' policy rules, as the cloud enforces them.

use serde_json::{Value, json};
use squall_cloud::{Cloud, CloudBuilder, Options, PolicyFile};

use crate::caller::{Answer, Caller};

const COMPUTE: &str = "/compute/v2.1";
const NETWORK: &str = "/networking/v2.0";
const VOLUME: &str = "/volume/v3";
const IDENTITY: &str = "/identity/v3";

/// Makes a cloud with policy files of services.
fn with_files(files: &[(&str, &str)]) -> Caller {
    let options = Options { seed: 1, speed: f64::INFINITY };
    let files = files.iter().map(|(service, text)| PolicyFile {
        service: (*service).to_owned(),
        name: "policy.yaml".to_owned(),
        text: (*text).to_owned(),
    });
    let builder = files.fold(Cloud::builder(options), CloudBuilder::policy_file);
    Caller::admin_of(builder.build().unwrap())
}

fn network(caller: &Caller) -> String {
    caller.post(&format!("{NETWORK}/networks"), json!({ "network": {} })).id("network")
}

/// Requests a server that needs nothing but an image, with more in its body.
fn server(caller: &Caller, more: Value) -> Answer {
    let images = caller.get("/image/v2/images?status=active");
    let mut body = json!({ "server": {
        "name": "a", "flavorRef": "1", "imageRef": images.json["images"][0]["id"],
        "networks": "none",
    }});
    let (Value::Object(fields), Value::Object(more)) = (&mut body["server"], more) else {
        panic!()
    };
    fields.extend(more);
    caller.at("compute 2.90").post(&format!("{COMPUTE}/servers"), body)
}

fn message(answer: Answer, status: u16) -> String {
    let answer = answer.expect(status);
    String::from_utf8_lossy(&answer.bytes).into_owned()
}

#[test]
fn what_a_member_may_not_do_is_refused_with_the_rule() {
    let admin = Caller::admin();
    let member = admin.tenant("ana", "member");
    let types = admin.get(&format!("{VOLUME}/types"));
    let volume_type = types.json["volume_types"][0]["id"].as_str().unwrap().to_owned();
    let network = network(&member);
    let port = |key: &str, value: Value| json!({ "port": { "network_id": network, key: value } });
    let quotas = json!({ "quota_class_set": { "instances": 1 } });
    for (method, path, body, rule) in [
        (
            "PUT",
            format!("{COMPUTE}/os-quota-class-sets/default"),
            quotas,
            "os_compute_api:os-quota-class-sets:update",
        ),
        (
            "POST",
            format!("{VOLUME}/types/{volume_type}/extra_specs"),
            json!({ "extra_specs": { "a": "b" } }),
            "volume_extension:types_extra_specs:create",
        ),
        (
            "GET",
            format!("{COMPUTE}/os-hypervisors/statistics"),
            Value::Null,
            "os_compute_api:os-hypervisors:statistics",
        ),
        (
            "POST",
            format!("{NETWORK}/ports"),
            port("binding:host_id", json!("node-1")),
            "(rule:create_port and rule:create_port:binding:host_id) is disallowed by policy",
        ),
        (
            "GET",
            "/placement/resource_providers".to_owned(),
            Value::Null,
            "Policy does not allow placement:resource_providers:list to be performed.",
        ),
        (
            "POST",
            format!("{IDENTITY}/users"),
            json!({ "user": { "name": "b" } }),
            "You are not authorized to perform the requested action: identity:create_user.",
        ),
        (
            "POST",
            "/image/v2/images".to_owned(),
            json!({ "name": "a", "visibility": "public" }),
            "You are not authorized to complete publicize_image action.",
        ),
    ] {
        let refused = message(member.send(method, &path, body.clone()), 403);
        assert!(refused.contains(rule), "{method} {path}: {refused}");
        let answer = admin.send(method, &path, body);
        assert!(answer.status < 300, "{method} {path}: {} {}", answer.status, answer.json);
    }
    let forced = json!({ "availability_zone": "nova:node-1" });
    let refused = message(server(&member, forced.clone()), 403);
    assert!(refused.contains("os_compute_api:servers:create:forced_host"), "{refused}");
    server(&admin, forced).expect(202);
    server(&member, json!({ "host": "node-1" })).expect(403);
    let limits = member.get(&format!("{COMPUTE}/limits")).expect(200);
    assert_eq!(limits.json["limits"]["absolute"]["maxTotalInstances"], 1, "the admin's change");
}

#[test]
fn a_reader_reads_and_who_has_no_role_of_meaning_does_not() {
    let admin = Caller::admin();
    let role = json!({ "role": { "name": "foo" } });
    admin.post(&format!("{IDENTITY}/roles"), role).expect(201);
    let (reader, nobody) = (admin.tenant("ana", "reader"), admin.tenant("ben", "foo"));
    for path in [format!("{COMPUTE}/servers"), format!("{VOLUME}/volumes")] {
        reader.get(&path).expect(200);
        nobody.get(&path).expect(403);
    }
    let zones = format!("{NETWORK}/availability_zones");
    assert_eq!(nobody.get(&zones).expect(200).json["availability_zones"], json!([]));
    assert_ne!(reader.get(&zones).expect(200).json["availability_zones"], json!([]));
    // Network leaves out what may not be got.
    let external = format!("{NETWORK}/networks");
    assert_eq!(reader.get(&external).json["networks"].as_array().unwrap().len(), 1);
    reader.post(&external, json!({ "network": {} })).expect(403);
    server(&reader, json!({})).expect(403);
    let volume = json!({ "volume": { "size": 1 } });
    reader.post(&format!("{VOLUME}/volumes"), volume).expect(403);
    let images = reader.get("/image/v2/images").expect(200);
    assert!(!images.json["images"].as_array().unwrap().is_empty());
    reader.post("/image/v2/images", json!({ "name": "a" })).expect(403);
    let nothing = nobody.get("/image/v2/images").expect(403);
    assert!(String::from_utf8_lossy(&nothing.bytes).contains("get_images"));
}

#[test]
fn what_belongs_to_another_project_is_hidden_where_the_service_hides_it() {
    let admin = Caller::admin();
    let (ana, ben) = (admin.tenant("ana", "member"), admin.tenant("ben", "member"));
    let server = server(&ana, json!({})).id("server");
    let network = network(&ana);
    let group = json!({ "server_group": { "name": "a", "policies": ["affinity"] } });
    let group = ana.post(&format!("{COMPUTE}/os-server-groups"), group).id("server_group");
    for (status, path) in [
        (404, format!("{COMPUTE}/servers/{server}")),
        (404, format!("{NETWORK}/networks/{network}")),
        // Found whoever asks.
        (403, format!("{COMPUTE}/os-server-groups/{group}")),
        (403, format!("{NETWORK}/networks/{network}/tags")),
    ] {
        ana.get(&path).expect(200);
        assert_eq!(ben.get(&path).status, status, "{path}");
        admin.get(&path).expect(200);
    }
    let tags = format!("{COMPUTE}/servers/{server}/tags");
    ben.at("compute 2.26").get(&tags).expect(403);
    ben.at("compute 2.26").get(&format!("{COMPUTE}/servers/none/tags")).expect(404);
    ben.delete(&format!("{NETWORK}/networks/{network}")).expect(404);
    // The external network can be got, and so the refusal is one.
    let external = ben.get(&format!("{NETWORK}/networks?router:external=True"));
    let external = external.json["networks"][0]["id"].as_str().unwrap().to_owned();
    let refused = message(ben.delete(&format!("{NETWORK}/networks/{external}")), 403);
    assert!(refused.contains("rule:delete_network is disallowed by policy"), "{refused}");
}

#[test]
fn attributes_are_hidden_and_asked_for_by_their_rules() {
    let admin = Caller::admin();
    let member = admin.tenant("ana", "member");
    let network = network(&member);
    let path = format!("{NETWORK}/networks/{network}");
    let shows = |caller: &Caller, path: &str, key: &str| {
        let answer = caller.get(path).expect(200);
        answer.json.as_object().unwrap().values().next().unwrap().get(key).is_some()
    };
    assert!(!shows(&member, &path, "provider:network_type"));
    assert!(shows(&admin, &path, "provider:network_type"));
    let body = json!({ "port": { "network_id": network, "device_owner": "network:dhcp" } });
    let port = member.post(&format!("{NETWORK}/ports"), body).expect(201);
    assert!(port.json["port"].get("binding:host_id").is_none(), "{}", port.json);
    let port = format!("{NETWORK}/ports/{}", port.id("port"));
    let refused =
        message(member.put(&port, json!({ "port": { "binding:host_id": "node-1" } })), 403);
    assert!(refused.contains("update_port:binding:host_id"), "{refused}");
    // A new one may say what it would be anyway, a change may not.
    let same = json!({ "network": { "shared": false } });
    member.post(&format!("{NETWORK}/networks"), same.clone()).expect(201);
    member.put(&path, same).expect(403);
    let server = server(&member, json!({})).id("server");
    let path = format!("{COMPUTE}/servers/{server}");
    assert!(!shows(&member, &path, "OS-EXT-SRV-ATTR:host"));
    assert!(shows(&admin, &path, "OS-EXT-SRV-ATTR:host"));
}

#[test]
fn a_rule_is_for_the_scopes_it_says() {
    let admin = Caller::admin();
    let password = {
        use secrecy::ExposeSecret as _;
        admin.cloud.admin().password.expose_secret().to_owned()
    };
    let system = admin.login("admin", &password, json!({ "system": { "all": true } }));
    let refused = message(system.get(&format!("{COMPUTE}/os-hypervisors")), 403);
    assert!(refused.contains("os_compute_api:os-hypervisors:list"), "{refused}");
    system.get(&format!("{IDENTITY}/users")).expect(200);
    let domain = admin.login("admin", &password, json!({ "domain": { "id": "default" } }));
    domain.get(&format!("{NETWORK}/networks")).expect(200);
    domain.get(&format!("{IDENTITY}/domains")).expect(200);
}

#[test]
fn a_domain_is_shown_to_its_own_and_managed_by_its_managers() {
    let admin = Caller::admin();
    let member = admin.tenant("ana", "member");
    member.get(&format!("{IDENTITY}/domains/default")).expect(200);
    let other = json!({ "domain": { "name": "other" } });
    let other = admin.post(&format!("{IDENTITY}/domains"), other).id("domain");
    member.get(&format!("{IDENTITY}/domains/{other}")).expect(403);
    // What does not exist is no different from what is not the caller's.
    member.get(&format!("{IDENTITY}/domains/none")).expect(403);
    admin.get(&format!("{IDENTITY}/domains/none")).expect(404);

    let user = json!({ "user": { "name": "boss", "password": "secret" } });
    let user = admin.post(&format!("{IDENTITY}/users"), user).id("user");
    let roles = admin.get(&format!("{IDENTITY}/roles?name=manager"));
    let role = roles.json["roles"][0]["id"].as_str().unwrap();
    let grant = format!("{IDENTITY}/domains/default/users/{user}/roles/{role}");
    admin.put(&grant, Value::Null).expect(204);
    let manager = admin.login("boss", "secret", json!({ "domain": { "id": "default" } }));
    let new = |domain: &str| json!({ "user": { "name": "new", "domain_id": domain } });
    manager.post(&format!("{IDENTITY}/users"), new("default")).expect(201);
    manager.post(&format!("{IDENTITY}/users"), new(&other)).expect(403);
    let seen = manager.get(&format!("{IDENTITY}/domains")).expect(200);
    assert_eq!(seen.json["domains"].as_array().unwrap().len(), 1, "{}", seen.json);
}

#[test]
fn a_user_sees_itself_its_trusts_and_its_credentials() {
    let admin = Caller::admin();
    let (ana, ben) = (admin.tenant("ana", "member"), admin.tenant("ben", "member"));
    let id = |caller: &Caller| {
        let own = caller.with("x-subject-token", &caller.token);
        let token = own.get(&format!("{IDENTITY}/auth/tokens")).expect(200);
        token.json["token"]["user"]["id"].as_str().unwrap().to_owned()
    };
    let (ana_id, ben_id) = (id(&ana), id(&ben));
    ana.get(&format!("{IDENTITY}/users/{ana_id}")).expect(200);
    ana.get(&format!("{IDENTITY}/users/{ben_id}")).expect(403);
    ana.with("x-subject-token", &ben.token).get(&format!("{IDENTITY}/auth/tokens")).expect(403);
    let credential = json!({ "credential": { "type": "cert", "blob": "x", "user_id": ana_id } });
    let credential = ana.post(&format!("{IDENTITY}/credentials"), credential).id("credential");
    let list = format!("{IDENTITY}/credentials");
    assert_eq!(ana.get(&list).json["credentials"][0]["id"], credential.as_str());
    assert_eq!(ben.get(&list).expect(200).json["credentials"], json!([]));
    ben.get(&format!("{list}/{credential}")).expect(403);
    let change = json!({ "credential": { "blob": "y" } });
    ben.send("PATCH", &format!("{list}/{credential}"), change.clone()).expect(403);
    ana.send("PATCH", &format!("{list}/{credential}"), change).expect(200);
    ana.get(&format!("{IDENTITY}/OS-TRUST/trusts")).expect(403);
    ana.get(&format!("{IDENTITY}/OS-TRUST/trusts?trustor_user_id={ana_id}")).expect(200);
}

#[test]
fn a_service_sees_ports_of_every_project() {
    let admin = Caller::admin();
    let (ana, nova) = (admin.tenant("ana", "member"), admin.tenant("nova", "service"));
    let body = json!({ "port": { "network_id": network(&ana) } });
    let port = ana.post(&format!("{NETWORK}/ports"), body).id("port");
    let path = format!("{NETWORK}/ports/{port}");
    nova.get(&path).expect(200);
    nova.put(&path, json!({ "port": { "binding:host_id": "node-1" } })).expect(200);
}

#[test]
fn a_policy_file_makes_a_rule_looser_or_stricter() {
    let admin = with_files(&[
        (
            "compute",
            "\"os_compute_api:os-hypervisors:list\": \"role:member\"\n\
             \"os_compute_api:os-keypairs:create\": \"!\"\n\
             \"os_compute_api:os-extended-server-attributes\": \"@\"\n",
        ),
        ("network", r#"{"get_network:provider:network_type": "role:reader"}"#),
        ("network", "create_network: rule:admin_only\n"),
    ]);
    let member = admin.tenant("ana", "member");
    member.get(&format!("{COMPUTE}/os-hypervisors")).expect(200);
    member.get(&format!("{COMPUTE}/os-hypervisors/detail")).expect(403);
    let pair = json!({ "keypair": { "name": "a" } });
    admin.post(&format!("{COMPUTE}/os-keypairs"), pair).expect(403);
    let server = server(&member, json!({})).id("server");
    let shown = member.get(&format!("{COMPUTE}/servers/{server}")).expect(200);
    assert!(shown.json["server"].get("OS-EXT-SRV-ATTR:host").is_some(), "{}", shown.json);
    member.post(&format!("{NETWORK}/networks"), json!({ "network": {} })).expect(403);
    let external = member.get(&format!("{NETWORK}/networks")).expect(200);
    let external = &external.json["networks"][0];
    assert!(external.get("provider:network_type").is_some(), "{external}");
    assert!(external.get("provider:segmentation_id").is_none(), "{external}");
}

#[test]
fn what_neutron_never_asks_is_not_asked() {
    let admin = with_files(&[("network", "add_router_interface: \"!\"\n")]);
    let network = network(&admin);
    let subnet =
        json!({ "subnet": { "network_id": network, "ip_version": 4, "cidr": "10.0.0.0/24" } });
    let subnet = admin.post(&format!("{NETWORK}/subnets"), subnet).id("subnet");
    let router = admin.post(&format!("{NETWORK}/routers"), json!({ "router": {} })).id("router");
    let join = format!("{NETWORK}/routers/{router}/add_router_interface");
    admin.put(&join, json!({ "subnet_id": subnet })).expect(200);
    let ana = admin.tenant("ana", "member");
    ana.put(&join, json!({ "subnet_id": subnet })).expect(404);
}

#[test]
fn a_caller_without_a_project_is_refused_by_scope_and_not_by_what_it_finds() {
    let admin = Caller::admin();
    let ana = admin.tenant("ana", "member");
    let server = server(&ana, json!({})).id("server");
    let volume = json!({ "volume": { "size": 1 } });
    let volume = ana.post(&format!("{VOLUME}/volumes"), volume).id("volume");
    let user = json!({ "user": { "name": "sys", "password": "secret" } });
    let user = admin.post(&format!("{IDENTITY}/users"), user).id("user");
    let roles = admin.get(&format!("{IDENTITY}/roles?name=reader"));
    let role = roles.json["roles"][0]["id"].as_str().unwrap();
    admin.put(&format!("{IDENTITY}/system/users/{user}/roles/{role}"), Value::Null).expect(204);
    let system = admin.login("sys", "secret", json!({ "system": { "all": true } }));
    system.get(&format!("{COMPUTE}/servers/{server}")).expect(403);
    // Cinder's rules are for any scope; what may not be got is not found.
    system.get(&format!("{VOLUME}/volumes/{volume}")).expect(404);
    system.get(&format!("{VOLUME}/volumes")).expect(200);
    let transfer = json!({ "transfer": { "volume_id": volume, "name": "a" } });
    let transfer = ana.at("volume 3.55").post(&format!("{VOLUME}/volume-transfers"), transfer);
    let transfer = format!("{VOLUME}/volume-transfers/{}", transfer.id("transfer"));
    ana.at("volume 3.55").get(&transfer).expect(200);
    system.at("volume 3.55").get(&transfer).expect(404);
    system.get(&format!("{IDENTITY}/users/{user}")).expect(200);
}

#[test]
fn who_is_an_administrator_is_a_rule_as_well() {
    let admin = with_files(&[("compute", "context_is_admin: role:admin or role:manager\n")]);
    let (ana, ben) = (admin.tenant("ana", "member"), admin.tenant("ben", "manager"));
    let server = server(&ana, json!({})).id("server");
    ben.get(&format!("{COMPUTE}/servers/{server}")).expect(200);
    let volume = json!({ "volume": { "size": 1 } });
    let volume = ana.post(&format!("{VOLUME}/volumes"), volume).id("volume");
    ben.get(&format!("{VOLUME}/volumes/{volume}")).expect(404);
}

#[test]
fn a_policy_file_that_is_wrong_is_refused_with_its_place() {
    let file = |service: &str, text: &str| {
        let file = PolicyFile {
            service: service.to_owned(),
            name: "etc/policy.yaml".to_owned(),
            text: text.to_owned(),
        };
        let error = Cloud::builder(Options::default()).policy_file(file).build().unwrap_err();
        error.to_string()
    };
    let wrong =
        file("compute", "a: \"@\"\n\"os_compute_api:os-keypairs:create\": \"role:member and\"\n");
    assert!(wrong.contains("etc/policy.yaml") && wrong.contains('2'), "{wrong}");
    assert!(wrong.contains("os_compute_api:os-keypairs:create"), "{wrong}");
    let unknown = file("computer", "a: \"@\"\n");
    assert!(unknown.contains("no service `computer` with policy rules"), "{unknown}");
    assert!(unknown.contains("compute, identity, image, network, placement, volume"), "{unknown}");
}
