//! What is kept of a body, by its schema.

use serde_json::json;
use squall_client::validate::Schema;
use squall_model::Merged;

use super::*;

/// Condenses a body by a schema, and checks that the violations stay.
fn condensed(schema: &Value, body: &Value) -> (Value, Vec<String>) {
    let vocabulary = Vocabulary::of([&Merged(schema.clone())]);
    let compiled = Schema::compile(schema).unwrap();
    let condenser = Condenser {
        vocabulary: &vocabulary,
        status: 200,
        violations: &|body| compiled.violations(body),
    };
    let before = compiled.violations(body);
    let (out, altered) = condenser.condense(body, &before);
    if altered.is_empty() {
        let again = condenser.condense(&out, &compiled.violations(&out));
        assert_eq!(again.0, out, "condensing is a projection");
        let after = condenser.normal(&compiled.violations(&out), &out);
        assert_eq!(after, condenser.normal(&before, body));
    }
    (out, altered.into_iter().collect())
}

#[test]
fn equal_items_are_one_and_differences_stay() {
    let schema = json!({"properties": {"servers": {"items": {
        "required": ["id"],
        "properties": {"id": {"format": "uuid"}, "name": {"type": "string"}, "status": {"enum": ["ACTIVE"]}},
        "additionalProperties": false,
    }}}});
    let server = |id: &str, name, status| json!({"id": id, "name": name, "status": status});
    let (a, b) = ("3f0c9d1e-6a55-4c1b-9a30-7c5a8b8f0a11", "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d");
    let mut odd = server(b, "squall-2", "SHELVED");
    odd["tenant"] = json!("secret-project");
    let body =
        json!({"servers": [server(a, "squall-1", "ACTIVE"), server(b, "other", "ACTIVE"), odd]});
    let (out, altered) = condensed(&schema, &body);
    let id = "00000000-0000-4000-8000-000000000000";
    assert_eq!(
        out,
        json!({"servers": [
            {"id": id, "name": "text", "status": "ACTIVE"},
            {"id": id, "name": "text", "status": "SHELVED", "tenant": "text"},
        ]})
    );
    assert!(altered.is_empty());
}

#[test]
fn every_value_that_is_none_of_a_list_is_kept() {
    let schema = json!({"items": {"properties": {"status": {"enum": ["ACTIVE"]}}}});
    let words = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
    let body = Value::from_iter(words.map(|word| json!({ "status": word })));
    let (out, altered) = condensed(&schema, &body);
    assert_eq!(out, body, "more than there are items of a list otherwise");
    assert!(altered.is_empty());
}

#[test]
fn a_schema_that_asks_for_more_gets_more() {
    let schema = json!({"properties": {
        "size": {"minimum": 60},
        "code": {"pattern": "^[A-Z]{2}-[0-9]{4}$"},
        "verb": {"pattern": "^(allow|deny)$"},
        "token": {"pattern": "^(open|close)d$"},
    }});
    let body = json!({"size": 4711, "code": "QX-4711", "verb": "allow", "token": "opend"});
    let (out, altered) = condensed(&schema, &body);
    assert_eq!(out, json!({"size": 4711, "code": "XX-0000", "verb": "allow", "token": "xxxxx"}));
    assert_eq!(altered, ["/token"], "a secret is given up before it is kept");
}

#[test]
fn one_value_within_a_branch_does_not_change_its_neighbours() {
    let schema = json!({"oneOf": [
        {"required": ["addr"], "properties": {"version": {"enum": [4, 6]}, "addr": {"format": "ipv4"}, "name": {}, "count": {}}},
        {"required": ["error"]},
    ]});
    let body = json!({"version": 4, "addr": "10.0.0.7", "name": "ada", "count": 17});
    let (out, altered) = condensed(&schema, &body);
    assert_eq!(out, json!({"version": 4, "addr": "192.0.2.1", "name": "text", "count": 1}));
    assert!(altered.is_empty());
}

#[test]
fn keys_of_maps_are_placeholders_too() {
    let schema = json!({"properties": {
        "metadata": {"additionalProperties": {"type": "string"}},
        "usages": {"patternProperties": {"^[A-Z]+_[A-Z]+$": {"type": "integer"}}, "additionalProperties": false},
    }});
    let body = json!({
        "metadata": {"owner": "ada", "cost centre": "4711", "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d": "x"},
        "usages": {"MEMORY_MB": 1024, "DISK_GB": 0},
    });
    let (out, altered) = condensed(&schema, &body);
    assert_eq!(
        out["metadata"],
        json!({"xxxxx": "text", "xxxx xxxxxx": "1", "00000000-0000-4000-8000-000000000000": "text"})
    );
    assert_eq!(out["usages"], json!({"XXXX_XX": 0, "XXXXXX_XX": 1}));
    assert!(altered.is_empty());
}
