//! What the standard operations do.

use serde_json::{Value, json};
use squall_cloud::engine::DescribedService;
use squall_cloud::{Cloud, Options, PolicyFile};
use squall_model::PolicyRule;
use squall_model::service::{HAD_EFFECT, PRETENDED_HEADER};

use super::rocketry::{admin, service};
use crate::caller::{Answer, Caller};

const ROCKETS: &str = "/rocketry/v1/rockets";

fn build(caller: &Caller, rocket: Value) -> String {
    caller.post(ROCKETS, json!({ "rocket": rocket })).expect(201).id("rocket")
}

fn names(answer: Answer) -> Vec<String> {
    let rockets = answer.expect(200).json["rockets"].clone();
    let name = |rocket: &Value| rocket["name"].as_str().unwrap().to_owned();
    rockets.as_array().unwrap().iter().map(name).collect()
}

#[test]
fn a_created_resource_is_ready_shown_changed_and_gone() {
    let member = admin().tenant("ana", "member");
    let made = member.post(ROCKETS, json!({"rocket": {"name": "a", "fuel": 3}})).expect(201);
    let rocket = &made.json["rocket"];
    assert_eq!((&rocket["name"], &rocket["fuel"]), (&json!("a"), &json!(3)));
    assert_eq!((&rocket["status"], &rocket["payload"]), (&json!("idle"), &Value::Null));
    let path = format!("{ROCKETS}/{}", made.id("rocket"));
    assert_eq!(member.get(&path).expect(200).json, made.json);
    member.send("HEAD", &path, Value::Null).expect(204);
    let changed = member.put(&path, json!({"rocket": {"fuel": 7}})).expect(200);
    assert_eq!(
        (&changed.json["rocket"]["fuel"], &changed.json["rocket"]["name"]),
        (&json!(7), &json!("a"))
    );
    assert_eq!(member.get(&path).expect(200).json, changed.json);
    member.delete(&path).expect(202);
    for method in ["GET", "HEAD", "DELETE"] {
        member.send(method, &path, Value::Null).expect(404);
    }
}

#[test]
fn an_answer_is_that_of_the_negotiated_version() {
    let admin = admin();
    let id = build(&admin, json!({"name": "a", "crew": 3}));
    let path = format!("{ROCKETS}/{id}");
    let at = |version: &str| admin.at(version).get(&path);
    assert_eq!(admin.get(&path).expect(200).json["rocket"].get("crew"), None);
    let late = at("rocketry 1.2").expect(200);
    assert_eq!(late.json["rocket"]["crew"], 3);
    assert_eq!(late.header("openstack-api-version"), "rocketry 1.2");
    at("rocketry 1.4").expect(406);
    let versions = admin.with_token("").get("/rocketry/").expect(200);
    assert_eq!(versions.json["versions"][0]["max_version"], "1.3");
}

#[test]
fn others_see_nothing_of_a_projects_and_an_administrator_all() {
    let admin = admin();
    let (ana, ben) = (admin.tenant("ana", "member"), admin.tenant("ben", "member"));
    let id = build(&ana, json!({"name": "anas"}));
    build(&ben, json!({"name": "bens"}));
    let path = format!("{ROCKETS}/{id}");
    ben.get(&path).expect(404);
    ben.put(&path, json!({"rocket": {"fuel": 1}})).expect(404);
    ben.delete(&path).expect(404);
    admin.get(&path).expect(200);
    assert_eq!(names(ben.get(ROCKETS)), ["bens"]);
    assert_eq!(names(ben.get(&format!("{ROCKETS}?everyones=1"))), ["bens"]);
    assert!(names(admin.get(ROCKETS)).is_empty());
    assert_eq!(names(admin.get(&format!("{ROCKETS}?everyones=1"))), ["anas", "bens"]);
}

#[test]
fn who_may_call_what_is_the_descriptions_and_the_roles() {
    let admin = admin();
    let (member, reader) = (admin.tenant("ana", "member"), admin.tenant("ben", "reader"));
    member.post("/rocketry/v1/pads", json!({"pad": {}})).expect(403);
    reader.post(ROCKETS, json!({"rocket": {"name": "a"}})).expect(403);
    reader.get(ROCKETS).expect(200);
    for token in ["", "wrong"] {
        member.with_token(token).get(ROCKETS).expect(401);
    }
}

#[test]
fn rules_that_a_service_brings_are_enforced() {
    static RULES: [PolicyRule; 4] = [
        PolicyRule::new("owner", "project_id:%(project_id)s"),
        PolicyRule::new("rocketry:show", "role:reader and rule:owner"),
        PolicyRule::new("rocketry:change", "role:manager and rule:owner"),
        PolicyRule::new("rocketry:pave", "role:member"),
    ];
    let services = [DescribedService { policy_rules: &RULES, ..service() }];
    let options = Options { seed: 1, speed: f64::INFINITY };
    let cloud = || Cloud::builder(options).services(&services);
    let admin = Caller::admin_of(cloud().build().unwrap());
    let (ana, ben) = (admin.tenant("ana", "member"), admin.tenant("ben", "manager"));
    let path = format!("{ROCKETS}/{}", build(&ana, json!({"name": "a"})));
    ana.get(&path).expect(200);
    let refused = ana.delete(&path).expect(403);
    let said = String::from_utf8_lossy(&refused.bytes).into_owned();
    assert!(said.contains("Policy doesn't allow rocketry:change to be performed."), "{said}");
    // Found first, and then refused: it is not the administrator's.
    ben.delete(&path).expect(404);
    admin.get(&path).expect(403);
    // What the description leaves to administrators is for the rules to say.
    ana.post("/rocketry/v1/pads", json!({"pad": {}})).expect(201);
    let own = format!("{ROCKETS}/{}", build(&ben, json!({"name": "b"})));
    ben.delete(&own).expect(202);

    let file = PolicyFile {
        service: "rocketry".to_owned(),
        name: "policy.yaml".to_owned(),
        text: "rocketry:show: \"!\"".to_owned(),
    };
    let admin = Caller::admin_of(cloud().policy_file(file).build().unwrap());
    let ana = admin.tenant("ana", "member");
    ana.get(&format!("{ROCKETS}/{}", build(&ana, json!({"name": "a"})))).expect(403);
}

#[test]
fn a_list_is_filtered_by_its_fields_and_paged_as_it_says() {
    let admin = admin();
    for (name, fuel) in [("a", 1), ("b", 2), ("c", 1), ("d", 1)] {
        build(&admin, json!({"name": name, "fuel": fuel}));
    }
    let list = |query: &str| admin.get(&format!("{ROCKETS}?{query}"));
    assert_eq!(names(list("fuel=1")), ["a", "c", "d"]);
    assert_eq!(names(list("fuel=1&name=c")), ["c"]);
    assert_eq!(names(list("no_field=1&sort_key=name")), ["a", "b", "c", "d"]);
    let first = list("fuel=1&limit=2").expect(200);
    let marker = first.json["rockets"][1]["id"].as_str().unwrap().to_owned();
    assert_eq!(names(first), ["a", "c"]);
    assert_eq!(names(list(&format!("fuel=1&limit=2&marker={marker}"))), ["d"]);
    list("marker=never").expect(400);
    list("limit=-1").expect(400);
}

#[test]
fn a_part_is_below_its_parent_and_goes_with_it() {
    let member = admin().tenant("ana", "member");
    let (one, other) = (build(&member, json!({"name": "a"})), build(&member, json!({"name": "b"})));
    let stages = |rocket: &str| format!("{ROCKETS}/{rocket}/stages");
    let add = |thrust: u32| {
        member.post(&stages(&one), json!({"stage": {"thrust": thrust}})).expect(200).id("stage")
    };
    let stage = add(1);
    add(2);
    member.get(&format!("{}/{stage}", stages(&one))).expect(200);
    member.get(&format!("{}/{stage}", stages(&other))).expect(404);
    member.post(&stages("never"), json!({"stage": {"thrust": 1}})).expect(404);
    let page = member.get(&format!("{}?limit=1", stages(&one))).expect(200);
    assert_eq!(page.json["stages"], json!([{"id": stage, "thrust": 1}]));
    let next = page.json["next"].as_str().unwrap().strip_prefix("http://cloud.test").unwrap();
    let last = member.get(next).expect(200);
    assert_eq!((&last.json["stages"][0]["thrust"], last.json.get("next")), (&json!(2), None));
    assert_eq!(member.get(&stages(&other)).expect(200).json["stages"], json!([]));
    member.delete(&format!("{ROCKETS}/{one}")).expect(202);
    member.get(&stages(&one)).expect(404);
}

#[test]
fn one_name_is_each_callers_own_where_a_kind_is_private() {
    let admin = admin();
    let (ana, ben) = (admin.tenant("ana", "member"), admin.tenant("ben", "member"));
    let stickers = "/rocketry/v1/stickers";
    for caller in [&ana, &ben] {
        caller.post(stickers, json!({"name": "logo"})).expect(201);
        caller.post(stickers, json!({"name": "logo"})).expect(409);
    }
    ana.delete(&format!("{stickers}/logo")).expect(204);
    assert_eq!(ana.get(stickers).expect(200).json, json!([]));
    assert_eq!(ben.get(stickers).expect(200).json, json!([{"name": "logo"}]));
    admin.delete(&format!("{stickers}/logo")).expect(404);
}

#[test]
fn a_handler_replaces_or_adds_to_what_the_description_says() {
    let admin = admin();
    let id = build(&admin, json!({"name": "a"}));
    let path = format!("{ROCKETS}/{id}");
    let launch = || admin.send("POST", &format!("{path}/launch"), Value::Null);
    let refused = launch().expect(409);
    assert_eq!(refused.json["error"]["message"], "The rocket has no fuel.");
    admin.put(&path, json!({"rocket": {"fuel": 1}})).expect(200);
    assert_eq!(launch().expect(200).json["rocket"]["status"], "flying");
    let pads = "/rocketry/v1/pads";
    let made = admin.post(pads, json!({"pad": {}})).expect(201);
    assert_eq!(made.json["pad"]["number"], 2, "the cloud began with one");
    assert_eq!(admin.get(pads).expect(200).json["pads"].as_array().unwrap().len(), 2);
}

#[test]
fn what_the_description_does_not_say_names_the_missing_handler() {
    let admin = admin();
    let id = build(&admin, json!({"name": "a"}));
    let missing = |answer: Answer, operation: &str| {
        let message = answer.expect(501).json["error"]["message"].to_string();
        assert!(message.contains(squall_cloud::NO_BEHAVIOUR), "{message}");
        assert!(message.contains(&format!("Register a handler for `{operation}`")), "{message}");
    };
    let scrub = admin.send("POST", &format!("{ROCKETS}/{id}/scrub"), Value::Null);
    missing(scrub, "rocketry.rockets.scrub");
    // The answer requires a field that nothing says.
    let refine = admin.post("/rocketry/v1/fuels", json!({"fuel": {}}));
    missing(refine, "rocketry.fuels.create");
}

#[test]
fn a_wrong_request_is_refused_as_any_services() {
    let admin = admin();
    admin.post(ROCKETS, json!({"rocket": {"name": 1}})).expect(400);
    admin.post(ROCKETS, json!({"fuel": 1})).expect(400);
    admin.post(ROCKETS, Value::Null).expect(400);
    admin.send_bytes("POST", ROCKETS, "{", Some("application/json")).expect(400);
    assert_eq!(admin.delete(ROCKETS).expect(405).header("allow"), "GET, POST");
    admin.get("/rocketry/v1/nothing").expect(404);
}

const DEPOTS: &str = "/rocketry/v1/depots";
const HANGARS: &str = "/rocketry/v1/hangars";

#[test]
fn one_that_is_created_by_its_name_is_replaced_by_its_owner_alone() {
    let admin = admin();
    let (ana, ben) = (admin.tenant("ana", "member"), admin.tenant("ben", "member"));
    let path = format!("{HANGARS}/a");
    let build =
        |caller: &Caller, colour: &str| caller.put(&path, json!({"hangar": {"colour": colour}}));
    build(&ana, "red").expect(201);
    build(&ben, "blue").expect(409);
    build(&admin, "grey").expect(409);
    assert_eq!(ana.get(&path).expect(200).json["hangar"]["colour"], "red");
    ben.get(&path).expect(404);
    build(&ana, "green").expect(201);
    assert_eq!(ana.get(&path).expect(200).json["hangar"]["colour"], "green");
}

#[test]
fn a_change_keeps_the_id_the_owner_and_the_time_of_creation() {
    let member = admin().tenant("ana", "member");
    let made = member.post(ROCKETS, json!({"rocket": {"name": "a"}})).expect(201);
    let path = format!("{ROCKETS}/{}", made.id("rocket"));
    let other = "00000000-0000-4000-8000-000000000000";
    let change = json!({"fuel": 2, "id": other, "project_id": other, "created_at": "never"});
    let changed = member.put(&path, json!({ "rocket": change })).expect(200);
    for fixed in ["id", "project_id", "created_at"] {
        assert_eq!(changed.json["rocket"][fixed], made.json["rocket"][fixed], "{fixed}");
    }
    assert_eq!(changed.json["rocket"]["fuel"], 2);
    assert_eq!(member.get(&path).expect(200).json, changed.json);
}

#[test]
fn an_id_that_a_handler_gives_addresses_the_resource() {
    let member = admin().tenant("ana", "member");
    member.put(&format!("{DEPOTS}/a"), json!({"depot": {}})).expect(201);
    let crates = format!("{DEPOTS}/a/crates");
    assert_eq!(member.post(&crates, json!({"crate": {}})).expect(201).id("crate"), "crate-1");
    let shown = member.get(&format!("{crates}/crate-1")).expect(200);
    assert_eq!(shown.json["crate"]["id"], "crate-1");
}

#[test]
fn what_others_store_does_not_decide_what_is_filtered() {
    let admin = admin();
    let (ana, ben) = (admin.tenant("ana", "member"), admin.tenant("ben", "member"));
    build(&ana, json!({"name": "a"}));
    let listed = |query: &str| names(ana.get(&format!("{ROCKETS}?{query}")));
    let before = (listed("fuel=1"), listed("stickers=1"));
    assert_eq!(before, (vec![], vec!["a".to_owned()]), "only `fuel` is declared");
    build(&ben, json!({"name": "b", "fuel": 1, "stickers": 1}));
    assert_eq!((listed("fuel=1"), listed("stickers=1")), before);
}

#[test]
fn a_parameter_means_the_resource_that_its_path_addresses() {
    let member = admin().tenant("ana", "member");
    let (hangar, depot) = (format!("{HANGARS}/a"), format!("{DEPOTS}/a"));
    let crates = format!("{depot}/crates");
    member.put(&hangar, json!({"hangar": {}})).expect(201);
    member.post(&crates, json!({"crate": {}})).expect(404);
    member.put(&depot, json!({"depot": {}})).expect(201);
    member.post(&crates, json!({"crate": {}})).expect(201);
    member.delete(&hangar).expect(204);
    let left = member.get(&crates).expect(200);
    assert_eq!(left.json["crates"], json!([{"id": "crate-1"}]), "the depot's, not the hangar's");
}

#[test]
fn a_list_of_links_leads_to_the_next_page_and_an_offset_counts_once() {
    let member = admin().tenant("ana", "member");
    member.put(&format!("{DEPOTS}/a"), json!({"depot": {}})).expect(201);
    let crates = format!("{DEPOTS}/a/crates");
    for _ in 0..4 {
        member.post(&crates, json!({"crate": {}})).expect(201);
    }
    let page = member.get(&format!("{crates}?limit=1&offset=1")).expect(200);
    assert_eq!(page.json["crates"], json!([{"id": "crate-2"}]));
    let link = &page.json["crates_links"][0];
    assert_eq!(link["rel"], "next");
    let next = link["href"].as_str().unwrap().strip_prefix("http://cloud.test").unwrap();
    assert_eq!(member.get(next).expect(200).json["crates"], json!([{"id": "crate-3"}]));
}

#[test]
fn what_is_pretended_changes_nothing() {
    let admin = admin();
    let id = build(&admin, json!({"name": "a", "fuel": 3}));
    let path = format!("{ROCKETS}/{id}");
    let before = admin.get(&path).expect(200).json;
    admin.cloud.pretend(["rocketry.rockets.create", "rocketry.rockets.update"]).unwrap();
    let pretended = build(&admin, json!({"name": "b"}));
    admin.get(&format!("{ROCKETS}/{pretended}")).expect(404);
    assert_eq!(names(admin.get(ROCKETS)), ["a"]);
    let changed = admin.put(&path, json!({"rocket": {"fuel": 7}})).expect(200);
    assert_eq!(changed.json["rocket"]["fuel"], 7);
    assert_eq!(changed.header(PRETENDED_HEADER), HAD_EFFECT);
    assert_eq!(admin.get(&path).expect(200).json, before);
    admin.cloud.pretend([]).unwrap();
    assert_ne!(build(&admin, json!({"name": "b"})), pretended);
}
