//! What types say of responses, bodies and queries.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use squall_client::validate::Schema;

use super::*;

/// A secret.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its schema is looked at")]
struct Secret {
    name: String,
    size: Option<u32>,
    #[schemars(extend("x-openstack" = json!({"min-ver": "1.1"})))]
    consumers: Option<Vec<Consumer>>,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its schema is looked at")]
struct Consumer {
    service: String,
}

#[derive(Serialize, JsonSchema)]
struct SecretCreate {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u32>,
}

const V1_0: Microversion = Microversion::new(1, 0);
const V1_1: Microversion = Microversion::new(1, 1);

fn show() -> Operation {
    TypedOperation {
        id: "key_manager.secrets.show",
        method: Method::Get,
        path: "/secrets/{secret_id}",
        summary: "Shows a secret.",
        versions: VersionRange::ALL,
        success: &[200, 203],
        errors: &[404],
        request: BodySchema::None,
        query: Query::new().optional::<u32>("limit").required::<str>("sort-key"),
        response: received::<Secret>(Some("secret")),
        paging: None,
    }
    .operation()
}

/// Returns the query schema of a paged list.
fn paged_query(paging: Paging) -> Value {
    let operation = TypedOperation {
        id: "key_manager.secrets.list",
        method: Method::Get,
        path: "/secrets",
        summary: "Lists secrets.",
        versions: VersionRange::ALL,
        success: &[200],
        errors: &[],
        request: BodySchema::None,
        query: Query::new().optional::<u32>("limit"),
        response: received::<Vec<Secret>>(Some("secrets")),
        paging: Some(paging),
    }
    .operation();
    let schemas = operation.schemas.read().unwrap();
    schemas.query.as_ref().unwrap().0.clone()
}

#[test]
fn the_next_page_may_be_requested() {
    let collection = || "/secrets".into();
    let marker = Paging::Marker { collection: collection(), markers: vec!["/name".into()].into() };
    let query = paged_query(marker);
    assert_eq!(query["additionalProperties"], false);
    assert!(query["properties"].get("marker").is_some(), "{query}");
    let link = Paging::Link { collection: collection(), next: "/next".into() };
    assert_eq!(paged_query(link)["additionalProperties"], true);
}

fn violations(version: Microversion, body: &Value) -> Vec<String> {
    let schemas = show().schemas.read().unwrap();
    let response = schemas.response(203, Some(version)).unwrap();
    let schema = response.body.schema().unwrap().at(Some(version)).unwrap();
    let found = Schema::compile(&schema).unwrap().violations(body);
    found.iter().map(|violation| format!("{}: {}", violation.pointer, violation.keyword)).collect()
}

#[test]
fn a_response_is_held_against_its_type() {
    let right = json!({"secret": {"name": "a", "size": null, "unheard-of": 1}, "links": []});
    assert!(violations(V1_1, &right).is_empty());
    let wrong = json!({"secret": {"size": "large", "consumers": [{}]}});
    let mut found = violations(V1_1, &wrong);
    found.sort();
    assert_eq!(found, ["/secret/consumers/0: required", "/secret/size: type", "/secret: required"]);
    assert_eq!(violations(V1_1, &json!({})), [": required"]);
}

#[test]
fn a_field_may_come_with_a_version() {
    let wrong = json!({"secret": {"name": "a", "consumers": 1}});
    assert_eq!(violations(V1_1, &wrong), ["/secret/consumers: type"]);
    assert!(violations(V1_0, &wrong).is_empty(), "undescribed at 1.0");
    assert_eq!(*show().response_boundaries, [V1_1]);
}

#[test]
fn a_body_is_described_as_it_is_written() {
    let BodySchema::Described { schema, .. } = sent::<&SecretCreate>(None) else { unreachable!() };
    let schema = Schema::compile(&schema.at(None).unwrap()).unwrap();
    assert!(schema.is_valid(&json!({"name": "a"})));
    assert!(!schema.is_valid(&json!({"size": 1})));
}

#[test]
fn a_type_that_takes_anything_describes_nothing() {
    assert_eq!(received::<Value>(Some("secret")), BodySchema::Unknown);
    assert_eq!(sent::<Value>(None), BodySchema::Unknown);
}

#[test]
fn a_query_is_an_object_of_its_parameters() {
    let schemas = show().schemas.read().unwrap();
    let schema = schemas.query.as_ref().unwrap().at(None).unwrap();
    assert_eq!(schema["required"], json!(["sort-key"]));
    assert_eq!(schema["properties"]["limit"]["type"], "integer");
    assert_eq!(schema["additionalProperties"], json!(false));
}

#[test]
fn a_table_lives_as_long_as_the_program() {
    static OPERATIONS: [LazyLock<Operation>; 1] = [LazyLock::new(show)];
    assert_eq!(table(&OPERATIONS)[0].verb(), "show");
}
