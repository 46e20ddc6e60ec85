//! Messages of failed calls.

use std::sync::Arc;

use serde_json::json;
use squall_client::script::Script;
use squall_client::{ErrorKind, Json, decode};

use crate::world::{SERVER, server, show, world};

#[tokio::test]
async fn an_error_has_the_services_message_and_the_request_id() {
    let world = world(Script::new().answer_with(
        "GET",
        SERVER,
        404,
        &[("x-openstack-request-id", "req-7")],
        json!({"itemNotFound": {"code": 404, "message": "Instance 42 could not be found."}}),
    ));
    let error = world.show().send().await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(
        error.to_string(),
        "compute.servers.show (GET http://cloud.test/compute/v2.1/servers/42, status 404, request \
         req-7): the service answered 404 Not Found: Instance 42 could not be found."
    );
}

#[tokio::test]
async fn a_success_where_a_refusal_was_expected_is_an_error() {
    let world = world(server("compute 2.96"));
    let error = world.show().expect_error(404).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UnexpectedSuccess { expected: 404 }), "{error}");
}

#[tokio::test]
async fn another_refusal_than_the_expected_one_names_both() {
    let body = json!({"itemNotFound": {"code": 404, "message": "gone"}});
    let world = world(Script::new().answer("GET", SERVER, 404, body));
    let error = world.show().expect_error(403).await.unwrap_err();
    assert!(error.is_not_found());
    assert!(
        error.to_string().ends_with(
            "expected the service to refuse with 403, but the service answered 404 Not Found: gone"
        ),
        "{error}"
    );
}

#[tokio::test]
async fn secrets_stand_in_no_exchange_error_or_debug() {
    let world = world(Script::new().answer(
        "POST",
        "/compute/v2.1/servers",
        400,
        json!({"badRequest": {"code": 400, "message": "no"}, "adminPass": "hunter2"}),
    ));
    let call = world.create().header("X-Subject-Token", "gAAAA");
    let shown = format!("{call:?} {:?}", world.session);
    let error = call.send().await.unwrap_err();
    let evidence = serde_json::to_string(&world.journal.exchanges()).unwrap();
    let token = world.session.token().await.unwrap();
    for (place, text) in [
        ("debug", shown),
        ("error", error.to_string()),
        ("exchanges", evidence),
        ("token", format!("{token:?}")),
    ] {
        for secret in ["hunter2", "token-1", "gAAAA", "\"pw\""] {
            assert!(!text.contains(secret), "{secret} in {place}: {text}");
        }
    }
}

#[tokio::test]
async fn everything_that_was_built_wrongly_is_reported_before_anything_is_sent() {
    let world = world(Script::new());
    let call = world
        .compute()
        .call(Arc::new(show()), decode::json::<Json>)
        .path("id", "x")
        .body(None, json!({}))
        .body(None, json!({}));
    assert_eq!(
        call.send().await.unwrap_err().to_string(),
        "compute.servers.show (GET /servers/{server_id}): the call has two bodies; path parameter \
         `server_id` is missing; `/servers/{server_id}` has no path parameter `id`"
    );
    assert!(world.script.asked().is_empty());
}

#[tokio::test]
async fn an_observer_may_refuse_a_call() {
    let world = world(server("compute 2.96"));
    let error = world.show().note("refuse", "it is not in the ledger").send().await.unwrap_err();
    assert!(error.to_string().ends_with("not sent: it is not in the ledger; do not"), "{error}");
    assert!(world.script.asked().iter().all(|line| !line.contains("servers")));
}

#[tokio::test]
async fn an_envelope_that_is_not_there_is_reported() {
    let world = world(server("compute 2.96"));
    let error = world.show().envelope("image").send().await.unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("cannot decode the response: /image: expected a value, found no such key"),
        "{error}"
    );
}
