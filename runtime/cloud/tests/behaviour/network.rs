//! Network: what its lists show.

use serde_json::{Value, json};

use crate::caller::Caller;

fn ids(list: &Value) -> Vec<String> {
    let networks = list["networks"].as_array().unwrap();
    networks.iter().map(|network| network["id"].as_str().unwrap().to_owned()).collect()
}

/// As `get_limit_and_marker` of neutron's `api/api_common.py` has it.
#[test]
fn a_marker_or_a_direction_counts_only_beside_a_limit() {
    let admin = Caller::admin();
    for name in ["a", "b", "c"] {
        admin.post("/networking/v2.0/networks", json!({ "network": { "name": name } })).expect(201);
    }
    let networks = |query: &str| admin.get(&format!("/networking/v2.0/networks{query}"));
    let all = ids(&networks("").json);
    assert!(all.len() >= 3, "{all:?}");
    let marker = &all[0];
    for query in [format!("?marker={marker}"), "?page_reverse=True".to_owned()] {
        let answer = networks(&query);
        assert_eq!(ids(&answer.json), all, "{query}");
        assert_eq!(answer.json.get("networks_links"), None, "{query}");
    }
    assert_eq!(ids(&networks(&format!("?marker={marker}&limit=1000")).json), all[1..]);
    let last = networks("?page_reverse=True&limit=1");
    assert_eq!(ids(&last.json), all[all.len() - 1..]);
}

#[test]
fn a_list_without_a_limit_has_no_end_of_its_own() {
    let admin = Caller::admin();
    let project = admin.get("/networking/v2.0/networks").json["networks"][0]["project_id"].clone();
    let quotas = format!("/networking/v2.0/quotas/{}", project.as_str().unwrap());
    admin.put(&quotas, json!({ "quota": { "network": -1 } })).expect(200);
    let groups: Vec<Value> = (0..1001).map(|n| json!({ "name": n.to_string() })).collect();
    admin.post("/networking/v2.0/networks", json!({ "networks": groups })).expect(201);
    assert!(ids(&admin.get("/networking/v2.0/networks").json).len() > 1000);
}
