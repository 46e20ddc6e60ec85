//! When a token is got, got again, and not.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use squall_client::retry::RetryPolicy;
use squall_client::script::Script;
use squall_client::transport::TransportErrorKind;

use crate::world::{ID, SERVER, server, unsigned, world};

#[tokio::test]
async fn a_token_that_is_refused_is_replaced_once() {
    let world = world(
        Script::new()
            .signed_in_as("stale", &[("compute", "http://cloud.test/compute/v2.1")])
            .answer("GET", SERVER, 401, Value::Null)
            .answer_with(
                "GET",
                SERVER,
                200,
                &[("openstack-api-version", "compute 2.96")],
                json!({"server": {"id": ID}}),
            ),
    );
    world.show().send().await.unwrap();
    let tokens: Vec<_> = world
        .script
        .requests()
        .iter()
        .filter(|request| request.uri().path() == SERVER)
        .map(|request| request.headers()["x-auth-token"].to_str().unwrap().to_owned())
        .collect();
    assert_eq!(tokens, ["stale", "token-1"]);
    assert_eq!(world.last().attempt, 2);
}

#[tokio::test]
async fn a_second_401_is_an_answer() {
    let world = world(Script::new().answer("GET", SERVER, 401, Value::Null));
    let refused = world.show().expect_error(401).await.unwrap();
    assert_eq!(refused.status, 401);
    let asked = world.script.asked();
    assert_eq!(asked.iter().filter(|line| line.contains("auth")).count(), 2, "{asked:?}");
}

#[tokio::test]
async fn another_token_is_sent_as_it_is_and_never_replaced() {
    let world = world(Script::new().answer("GET", SERVER, 401, Value::Null));
    world.show().with_token("wrong").expect_error(401).await.unwrap();
    let sent = world.script.requests();
    assert_eq!(sent.last().unwrap().headers()["x-auth-token"], "wrong");
    assert_eq!(sent.iter().filter(|request| request.uri().path() == SERVER).count(), 1);
}

#[tokio::test]
async fn a_token_is_got_once_for_all_who_wait() {
    let world = world(server("compute 2.96"));
    let (a, b) = (world.session.clone(), world.session.clone());
    let (a, b) = tokio::join!(a.token(), b.token());
    assert!(Arc::ptr_eq(&a.unwrap(), &b.unwrap()));
    assert_eq!(world.script.asked(), ["POST /v3/auth/tokens"]);
}

#[tokio::test]
async fn a_token_near_its_end_is_replaced() {
    let world = world(Script::new());
    world.session.token().await.unwrap();
    world.clock.advance(Duration::from_secs(3500));
    world.session.token().await.unwrap();
    assert_eq!(world.script.asked().len(), 1);
    world.clock.advance(Duration::from_secs(80));
    world.session.token().await.unwrap();
    assert_eq!(world.script.asked().len(), 2);
}

#[tokio::test]
async fn a_refused_credential_says_who_and_not_with_what() {
    let script = Script::new().answer(
        "POST",
        "/v3/auth/tokens",
        401,
        json!({"error": {"code": 401, "message": "The request requires authentication."}}),
    );
    let error = script.session().token().await.unwrap_err().to_string();
    assert_eq!(
        error,
        "the identity service at http://cloud.test issued no token for user `demo` of domain default \
         for project `demo` of domain default: the service answered 401 Unauthorized: The request \
         requires authentication."
    );
}

#[tokio::test]
async fn an_identity_service_that_is_down_is_reported_as_the_cause() {
    let script = Script::new().fail("POST", "/v3/auth/tokens", TransportErrorKind::Refused);
    let session = script.builder().retry(RetryPolicy::NEVER).build().unwrap();
    let error = session.token().await.unwrap_err();
    assert!(error.is_unreachable());
    assert_eq!(
        error.to_string(),
        "the identity service at http://cloud.test cannot be reached: connection refused"
    );
}

#[tokio::test]
async fn where_the_credential_is_refused_too_the_401_is_the_answer() {
    let script = Script::new()
        .signed_in(&[("compute", "http://cloud.test/compute/v2.1")])
        .answer("POST", "/v3/auth/tokens", 401, Value::Null)
        .answer("GET", SERVER, 401, Value::Null);
    let world = unsigned(script);
    world.show().expect_error(401).await.unwrap();
}
