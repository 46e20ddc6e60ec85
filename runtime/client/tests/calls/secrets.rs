//! Secrets in each part of an error and of an exchange, wherever a service, a transport or
//! an observer put them.

use std::sync::Arc;

use http::{Request, Response};
use serde_json::{Value, json};
use squall_client::auth::Credential;
use squall_client::config::CloudConfig;
use squall_client::script::{Script, StillClock};
use squall_client::transport::{BoxFuture, Transport, TransportErrorKind};
use squall_client::{Body, Bytes, ErrorKind, Json, ServiceClient, Session, TransportError, decode};

use crate::world::{SERVER, World, show, world};

const TEXT: &[(&str, &str)] = &[("content-type", "text/plain")];

#[tokio::test]
async fn what_a_session_authenticates_with_is_hidden_without_an_observer() {
    let script = Script::new()
        .signed_in_as("0issued1token2", &[("compute", "http://cloud.test/compute/v2.1")])
        .answer("GET", "/compute/v2.1/", 200, json!({"version": {"id": "v2.1", "version": "2.96"}}))
        .answer_bytes("GET", SERVER, 500, TEXT, "0demos1word2 0issued1token2 0other1token2abcdef");
    let credential = Credential::password("demo", "0demos1word2", "demo");
    let session = Session::builder(CloudConfig::new("script", "http://cloud.test", credential))
        .transport(Arc::new(script))
        .clock(Arc::new(StillClock::default()))
        .build()
        .unwrap();
    let compute = ServiceClient::new(session, world(Script::new()).compute().service().clone());
    let show = || compute.call(Arc::new(show()), decode::json::<Json>).path("server_id", 42);
    show().send().await.unwrap_err();
    let error = show().with_token("0other1token2abcdef").send().await.unwrap_err().to_string();
    assert!(error.ends_with("500 Internal Server Error: *** *** ***"), "{error}");
}

/// Shows the server; returns the error and the exchange as they would be stored.
async fn seen(world: &World) -> (squall_client::Error, String) {
    let error = world.show().send().await.unwrap_err();
    (error, serde_json::to_string(&world.last()).unwrap())
}

#[tokio::test]
async fn an_exchange_has_no_secret_in_its_url_notes_and_body() {
    for (media_type, body) in [
        ("text/plain", "login failed: password=PLANTED"),
        ("application/json", "{\"adminPass\": \"PLANTED\", "),
        ("application/json", "{\"server\": {\"adminPass\": \"PLANTED\"}}"),
    ] {
        let content = &[("content-type", media_type)];
        let world = world(Script::new().answer_bytes("GET", SERVER, 500, content, body));
        let call = world.show().query("temp_url_sig", "PLANTED").note("x", "token: 0PLANTED");
        let error = call.send().await.unwrap_err();
        let exchange = serde_json::to_string(&world.last()).unwrap();
        assert!(!exchange.contains("PLANTED"), "{exchange}");
        let request = error.request().unwrap();
        assert!(request.url.ends_with("temp_url_sig=***"), "{}", request.url);
    }
}

#[tokio::test]
async fn a_json_body_that_echoes_a_secret_is_kept_without_it() {
    let script = Script::new()
        .signed_in_as("0echoed1in2json3", &[("compute", "http://cloud.test/compute/v2.1")])
        .answer("GET", SERVER, 500, json!({"computeFault": {"message": "saw 0echoed1in2json3"}}));
    let (error, exchange) = seen(&crate::world::unsigned(script)).await;
    assert!(exchange.contains("saw ***") && !exchange.contains("0echoed1"), "{exchange}");
    assert!(error.to_string().ends_with("saw ***"), "{error}");
}

#[tokio::test]
async fn a_refusal_and_the_error_around_it_are_clean_each_by_itself() {
    let text = "password=PLANTED \u{1b}[2J";
    let world = world(Script::new().answer_bytes("GET", SERVER, 500, TEXT, text));
    let (error, _) = seen(&world).await;
    let refusal = error.refused().unwrap().to_string();
    assert!(refusal.ends_with("password=*** \\u{1b}[2J"), "{refusal}");
    let refused = world.show().note("refuse", text).send().await.unwrap_err().to_string();
    assert!(refused.ends_with("not sent: password=*** \\u{1b}[2J; do not"), "{refused}");
}

/// Fails with what some proxies write into their errors.
struct Talkative;

impl Transport for Talkative {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let detail = "no tunnel through http://me:PLANTED@proxy:3128";
        Box::pin(async move { Err(TransportError::new(TransportErrorKind::Other, detail)) })
    }
}

#[tokio::test]
async fn a_failure_is_kept_without_secrets() {
    let world = world(Script::new());
    let session = Session::builder(CloudConfig::new(
        "talkative",
        "http://u:PLANTED@cloud.test",
        Credential::password("demo", "pw", "demo"),
    ))
    .transport(Arc::new(Talkative))
    .observer(world.journal.clone())
    .build()
    .unwrap();
    let error = session.token().await.unwrap_err();
    let exchange = world.last();
    let failure = exchange.failure.unwrap();
    assert!(failure.ends_with("through http://***@proxy:3128"), "{failure}");
    assert!(!exchange.url.contains("PLANTED"), "{}", exchange.url);
    let ErrorKind::Auth(error) = error.kind() else { panic!("{error}") };
    assert!(!error.auth_url.contains("PLANTED"), "{}", error.auth_url);
}

#[tokio::test]
async fn what_cannot_be_decoded_or_written_is_not_quoted() {
    let world = world(Script::new().answer("GET", SERVER, 200, json!("PLANTED")));
    let off = world.compute().with_validation(squall_client::Validation::Off);
    let number = off.call(Arc::new(show()), decode::serde::<u32>).path("server_id", 42);
    let error = number.send().await.unwrap_err().to_string();
    assert!(error.contains("invalid type: string \"***\""), "{error}");
    let map = std::collections::BTreeMap::from([(Opaque("PLANTED"), 1)]);
    let call = off.call(Arc::new(show()), decode::json::<Json>).path("server_id", 42);
    let error = call.serde_body(None, &map).send().await.unwrap_err().to_string();
    assert!(error.contains("cannot be written") && !error.contains("PLANTED"), "{error}");
}

/// A key that does not become one, and says its value.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Opaque(&'static str);

impl serde::Serialize for Opaque {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom(format!("no text for \"{}\"", self.0)))
    }
}

squall_client::record! {
    /// A server as a client sees it.
    pub struct Server {
        id: Option<String> = "id",
        admin_pass: Option<String> = "adminPass",
    }
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let headers = &[("x-container-sync-key", "PLANTED"), ("openstack-api-version", "compute 2.96")];
    let id = crate::world::ID;
    let body = json!({"server": {"id": id, "tags": []}});
    let world = world(Script::new().answer_with("GET", SERVER, 200, headers, body));
    let response = world.show().send().await.unwrap();
    let value: Value = json!({"adminPass": "PLANTED", "id": id});
    for shown in [
        format!("{:?}", response.headers),
        format!("{:?}", Body::from(value.clone())),
        format!("{:?}", serde_json::from_value::<Server>(value).unwrap()),
    ] {
        assert!(!shown.contains("PLANTED"), "{shown}");
    }
}
