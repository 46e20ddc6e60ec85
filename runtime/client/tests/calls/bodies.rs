//! Bodies that are not what they should be, and what is said of them.

use std::sync::Arc;

use serde_json::json;
use squall_client::model::{
    BodySchema, Merged, Method, Operation, OperationSchemas, ResponseSchema,
};
use squall_client::script::Script;
use squall_client::session::BodyLimits;
use squall_client::transport::BodyLimit;
use squall_client::{ServiceClient, decode};

use crate::world::{SERVER, World, world};

fn answered(body: &'static [u8]) -> World {
    world(Script::new().answer_bytes(
        "GET",
        SERVER,
        200,
        &[("content-type", "application/json"), ("openstack-api-version", "compute 2.96")],
        body,
    ))
}

#[tokio::test]
async fn a_body_that_is_not_json_names_the_cause() {
    for (body, cause) in [
        (&b"\xef\xbb\xbf{}"[..], "a byte order mark"),
        (b"\x1f\x8b\x08\x00", "compressed with gzip"),
        (b"{\"server\": \"\xe9\"}", "byte 0xe9 at line 1, column 13"),
        (b"{\"server\": {\"id\"", "was cut off"),
        (b"{\"ram\": NaN}", "`NaN` at line 1, column 9"),
        (b"<html><title>Horizon</title>", "an HTML page titled `Horizon`"),
    ] {
        let error = answered(body).show().send().await.unwrap_err().to_string();
        assert!(error.contains("expected JSON, found") && error.contains(cause), "{error}");
        let call = answered(body).show();
        let off = call.client().clone().with_validation(squall_client::Validation::Off);
        let call = off.call(Arc::new(crate::world::show()), decode::json::<squall_client::Json>);
        let error = call.path("server_id", 42).send().await.unwrap_err().to_string();
        assert!(error.contains(cause), "without validation: {error}");
    }
}

#[tokio::test]
async fn a_request_carries_the_limit_of_its_response() {
    let own = BodyLimits { json: BodyLimit(7), ..BodyLimits::default() };
    for (limits, media_type, expected) in [
        (BodyLimits::default(), "application/json", BodyLimit::JSON),
        (BodyLimits::default(), "application/octet-stream", BodyLimit::DOWNLOAD),
        (own, "application/json", BodyLimit(7)),
    ] {
        let body =
            BodySchema::Described { media_type: media_type.into(), schema: Merged(json!({})) };
        let response = ResponseSchema::new(200, body);
        let schemas = OperationSchemas { responses: vec![response], ..Default::default() };
        let show = Operation::new("compute.servers.show", Method::Get, "/servers/42", schemas);
        let script = Script::new().signed_in(&[("compute", "http://cloud.test/compute/v2.1")]);
        let session = script.builder().body_limits(limits).build().unwrap();
        let service = world(Script::new()).compute().service().clone();
        let call = ServiceClient::new(session, service).call(Arc::new(show), decode::nothing);
        // The script has no answer: what was asked is what counts.
        call.send().await.unwrap_err();
        let sent = script.requests().pop().unwrap();
        assert_eq!(sent.extensions().get(), Some(&expected), "{media_type}");
    }
}

#[tokio::test]
async fn a_secret_that_a_service_echoes_is_hidden_by_its_value() {
    let script = Script::new()
        .signed_in_as("echoed-token-0001", &[("compute", "http://cloud.test/compute/v2.1")])
        .answer_bytes(
            "GET",
            SERVER,
            500,
            &[("content-type", "text/plain"), ("x-debug", "saw echoed-token-0001")],
            "Traceback: you sent echoed-token-0001 and no more",
        );
    let world = crate::world::unsigned(script);
    let error = world.show().send().await.unwrap_err();
    let exchange = serde_json::to_string(&world.last()).unwrap();
    for text in [error.to_string(), exchange] {
        assert!(text.contains("you sent ***") && !text.contains("echoed-token"), "{text}");
    }
}

#[tokio::test]
async fn control_characters_of_a_service_are_visible_in_an_error() {
    let text = "\u{1b}[2J\u{202e}boom\u{fffe}";
    let body = json!({"computeFault": {"code": 500, "message": text}});
    let error = world(Script::new().answer("GET", SERVER, 500, body)).show().send().await;
    let error = error.unwrap_err().to_string();
    assert!(error.ends_with("\\u{1b}[2J\\u{202e}boom\\u{fffe}"), "{error}");
}
