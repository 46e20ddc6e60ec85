//! What is sent again, after how long, and what is not.

use std::time::Duration;

use serde_json::{Value, json};
use squall_client::script::Script;
use squall_client::transport::TransportErrorKind;

use crate::world::{ID, SERVER, world};

#[tokio::test]
async fn a_refusal_before_the_work_is_waited_out_and_every_attempt_is_evidence() {
    let world = world(
        Script::new()
            .answer_with("POST", "/compute/v2.1/servers", 429, &[("retry-after", "7")], Value::Null)
            .answer_with(
                "POST",
                "/compute/v2.1/servers",
                202,
                &[("openstack-api-version", "compute 2.96")],
                json!({"server": {"id": ID}}),
            ),
    );
    world.create().send().await.unwrap();
    assert_eq!(world.clock.slept(), [Duration::from_secs(7)]);
    let attempts: Vec<_> = world
        .journal
        .exchanges()
        .iter()
        .filter(|exchange| exchange.operation == "compute.servers.create")
        .map(|exchange| (exchange.attempt, exchange.status))
        .collect();
    assert_eq!(attempts, [(1, Some(429)), (2, Some(202))]);
}

#[tokio::test]
async fn what_may_have_been_done_is_not_sent_again() {
    let world = world(Script::new().answer("POST", "/compute/v2.1/servers", 503, Value::Null));
    let error = world.create().send().await.unwrap_err();
    assert!(error.is_status(503));
    assert!(world.clock.slept().is_empty());
}

#[tokio::test]
async fn a_service_that_is_down_ends_in_one_line_after_bounded_attempts() {
    let world = world(Script::new().fail("GET", SERVER, TransportErrorKind::Refused));
    let error = world.show().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "compute.servers.show (GET http://cloud.test/compute/v2.1/servers/42, 4 attempts): \
         connection refused"
    );
    assert!(error.is_unreachable());
    assert_eq!(world.clock.slept().len(), 3);
}
