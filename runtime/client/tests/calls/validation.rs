//! What a response is held against, and what is said of it.

use std::sync::Arc;

use serde_json::{Value, json};
use squall_client::discovery::Versions;
use squall_client::exchange::Checked;
use squall_client::model::{
    BodySchema, Merged, Method, Microversion, Operation, ResponseSchema, Severity,
};
use squall_client::script::Script;
use squall_client::validate::UnknownKeys;
use squall_client::{Json, ServiceClient, Validation, VersionChoice, decode};

use crate::world::{ID, SERVER, World, server, show, unknown, world};

#[tokio::test]
async fn a_call_is_sent_at_the_newest_version_and_validated_there() {
    let world = world(server("compute 2.96"));
    let response = world.show().send().await.unwrap();
    assert_eq!((response.status, response.version), (200, Some(Microversion::new(2, 96))));
    assert_eq!(response.request_id.as_deref(), Some("req-1"));
    let sent = world.script.requests().pop().unwrap();
    assert_eq!(sent.headers()["openstack-api-version"], "compute 2.96");
    assert_eq!(sent.headers()["x-auth-token"], "token-1");
    let exchange = world.last();
    assert_eq!((exchange.checked, exchange.validated), (Checked::Matches, true));
    assert_eq!(exchange.identity.as_deref(), Some("member"));
}

#[tokio::test]
async fn every_violation_is_reported_with_its_pointer() {
    let world = world(Script::new().answer_with(
        "GET",
        SERVER,
        200,
        &[("openstack-api-version", "compute 2.25")],
        json!({"server": {"id": "nonsense", "ram": "much", "tags": []}}),
    ));
    let error = world.show().at(Microversion::new(2, 25)).send().await.unwrap_err();
    let pointers: Vec<&str> =
        error.violations().iter().map(|finding| finding.pointer.as_str()).collect();
    assert_eq!(pointers, ["/server", "/server/id", "/server/ram"]);
    assert_eq!(error.operation(), Some("compute.servers.show"));
    let exchange = world.last();
    assert_eq!((exchange.checked, exchange.validated), (Checked::Violates, false));
    assert_eq!(exchange.violations.len(), 3);
}

#[tokio::test]
async fn a_version_that_is_not_kept_is_a_violation() {
    let world = world(server("compute 2.1"));
    let error = world.show().send().await.unwrap_err();
    assert_eq!(error.violations()[0].message, "expected microversion 2.96, the response has 2.1");
}

#[tokio::test]
async fn what_is_only_reported_does_not_fail_the_call() {
    let world = world(server("compute 2.1"));
    let session = world.session.clone().with_validation(Validation::Report);
    let compute = ServiceClient::new(session, world.compute().service().clone());
    let call = compute.call(Arc::new(show()), decode::json::<Json>).path("server_id", 42);
    assert!(call.send().await.is_ok());
    assert!(!world.last().violations.is_empty());
}

#[tokio::test]
async fn a_body_without_a_schema_is_not_called_validated() {
    let world = world(Script::new().answer_with(
        "POST",
        "/compute/v2.1/servers",
        202,
        &[("openstack-api-version", "compute 2.96")],
        json!({"server": {"id": ID}}),
    ));
    world.create().send().await.unwrap();
    let exchange = world.last();
    assert_eq!((exchange.checked, exchange.validated), (Checked::Unknown, false));
}

#[tokio::test]
async fn a_body_where_the_spec_has_none_is_a_violation() {
    let world = world(Script::new().answer("DELETE", SERVER, 204, json!({"surprise": true})));
    let mut schemas = unknown();
    schemas.responses = vec![ResponseSchema::new(204, BodySchema::None)];
    let delete =
        Operation::new("compute.servers.delete", Method::Delete, "/servers/{server_id}", schemas);
    let call = world
        .compute()
        .call(Arc::new(delete), decode::nothing)
        .path("server_id", 42)
        .version(VersionChoice::Unspecified);
    let error = call.send().await.unwrap_err();
    assert_eq!(error.violations()[0].message, "expected no body, found one");
}

/// Shows a server of which every answer has `id`, and `tags` where the cloud has the extension
/// `tags`; the cloud answers `server`, and lists its extensions.
async fn answered(world: &World, fields: Option<&str>) -> Result<(), squall_client::Error> {
    let schema = json!({"type": "object", "required": ["server"], "properties": {"server": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "id": {"type": "string", "x-openstack": {"always": true}},
            "tags": {"type": "array", "x-openstack": {"always": true, "extension": "tags"}},
        },
    }}});
    let body =
        BodySchema::Described { media_type: "application/json".into(), schema: Merged(schema) };
    let mut schemas = unknown();
    schemas.responses = vec![ResponseSchema::new(200, body)];
    let show = Operation::new("compute.servers.show", Method::Get, "/servers/{server_id}", schemas);
    let call = world
        .compute()
        .call(Arc::new(show), decode::nothing)
        .path("server_id", 42)
        .version(VersionChoice::Unspecified);
    let call = match fields {
        Some(fields) => call.query("fields", fields),
        None => call,
    };
    call.send().await.map(drop)
}

fn with_extensions(server: &Value, aliases: &[&str]) -> World {
    let listed: Vec<Value> = aliases.iter().map(|alias| json!({ "alias": alias })).collect();
    let script = Script::new().answer("GET", SERVER, 200, json!({ "server": server }));
    world(script.answer("GET", "/compute/v2.1/extensions", 200, json!({ "extensions": listed })))
}

#[tokio::test]
async fn what_an_extension_adds_is_required_where_the_cloud_has_it() {
    let bare = json!({"id": ID});
    answered(&with_extensions(&bare, &["other"]), None).await.unwrap();
    let world = with_extensions(&bare, &["tags"]);
    let error = answered(&world, None).await.unwrap_err();
    assert_eq!(error.violations()[0].message, "\"tags\" is a required property");
    answered(&world, None).await.unwrap_err();
    let asked = world.script.asked();
    assert_eq!(asked.iter().filter(|line| line.ends_with("/extensions")).count(), 1);
}

#[tokio::test]
async fn what_an_extension_adds_is_not_required_where_nothing_lists_extensions() {
    let script = Script::new().answer("GET", SERVER, 200, json!({"server": {"id": ID}}));
    let world = world(script.answer("GET", "/compute/v2.1/extensions", 404, Value::Null));
    answered(&world, None).await.unwrap();
}

#[tokio::test]
async fn a_request_that_selects_fields_may_get_fewer() {
    let world = with_extensions(&json!({"tags": []}), &["tags"]);
    assert!(answered(&world, None).await.is_err());
    answered(&world, Some("tags")).await.unwrap();
}

#[tokio::test]
async fn an_unknown_key_is_an_error_unless_the_session_only_warns_of_it() {
    let world = with_extensions(&json!({"id": ID, "acme:color": "red"}), &[]);
    let error = answered(&world, None).await.unwrap_err();
    assert_eq!(error.violations()[0].code, "response-has-unknown-key");
    world.session.set_unknown_keys(UnknownKeys::Warn);
    answered(&world, None).await.unwrap();
    let exchange = world.last();
    assert_eq!(exchange.checked, Checked::Matches);
    assert_eq!(exchange.violations[0].severity, Severity::Warning);
}

/// A call of an action whose answer is described by `schema`, answered with nothing.
async fn answered_with_nothing(schema: Value) -> Result<(), squall_client::Error> {
    let world = world(Script::new().answer("POST", SERVER, 202, Value::Null));
    let mut schemas = unknown();
    let body =
        BodySchema::Described { media_type: "application/json".into(), schema: Merged(schema) };
    schemas.responses = vec![ResponseSchema::new(202, body)];
    let act = Operation::new("compute.servers.act", Method::Post, "/servers/{server_id}", schemas);
    let call = world
        .compute()
        .call(Arc::new(act), decode::nothing)
        .path("server_id", 42)
        .version(VersionChoice::Unspecified);
    call.send().await.map(drop)
}

#[tokio::test]
async fn an_empty_body_is_null() {
    answered_with_nothing(json!({"type": "null"})).await.unwrap();
}

#[tokio::test]
async fn an_empty_body_where_the_spec_has_one_is_a_violation() {
    let error = answered_with_nothing(json!({"type": "object"})).await.unwrap_err();
    assert_eq!(error.violations()[0].message, "expected JSON, found no body");
}

#[tokio::test]
async fn what_is_no_version_document_of_the_service_says_nothing_of_its_versions() {
    let discovered = async |status, body: &'static str| {
        let script = Script::new()
            .signed_in(&[("compute", "http://cloud.test/compute/v2.1")])
            .answer_bytes("GET", "/compute/v2.1/", status, &[], body);
        let service = world(Script::new()).compute().service().clone();
        ServiceClient::new(script.session(), service).discover().await
    };
    for (status, body) in [(200, "{\"resources\": []}"), (200, "<html>"), (404, "")] {
        let found = discovered(status, body).await.unwrap();
        assert!(matches!(found, Versions::Unknown(_)), "{status} {body}: {found:?}");
    }
    for status in [429, 500, 503] {
        discovered(status, "").await.unwrap_err();
    }
}

#[tokio::test]
async fn versions_are_asked_once_and_not_at_all_when_forced() {
    let known = world(server("compute 2.96"));
    known.show().send().await.unwrap();
    known.show().send().await.unwrap();
    let asked = known.script.asked();
    assert_eq!(asked.iter().filter(|line| line.ends_with("/compute/v2.1/")).count(), 1);
    let fresh = world(Script::new().answer("GET", SERVER, 406, Value::Null));
    let forced = VersionChoice::Forced(Microversion::new(2, 999));
    fresh.show().version(forced).expect_error(406).await.unwrap();
    assert!(!fresh.script.asked().iter().any(|line| line.ends_with("/compute/v2.1/")));
}
