//! Answers that are lost, tests that are cut short, services that say yes where
//! they should say no.

use std::time::Duration;

use serde_json::json;
use squall::client::ErrorKind;
use squall::kinds;

use crate::setting::{Failing, Setting, context};

#[tokio::test]
async fn a_thing_whose_answer_was_lost_goes_by_its_name() {
    let setting = Setting::new();
    let environment = setting.enter().await;
    let ctx = context(&environment).await;
    let before = setting.holds().await;
    setting.wire.fail_next(Failing::Broken);
    let lost = ctx.create(ctx.network().networks().create(json!({}))).await.unwrap_err();
    assert!(matches!(lost.call().unwrap().kind(), ErrorKind::Transport(_)), "{lost}");
    assert_ne!(setting.holds().await, before);
    let outcome = environment.finish(&ctx).await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(setting.holds().await, before);
}

#[tokio::test]
async fn a_thing_that_was_under_way_when_its_test_was_cut_short_goes_too() {
    let setting = Setting::new();
    let environment = setting.enter().await;
    let ctx = context(&environment).await;
    let before = setting.holds().await;
    setting.wire.fail_next(Failing::Silent);
    let create = |name: &str| ctx.network().networks().create(json!({"name": name}));
    let under_way = ctx.create_named(&kinds::network::NETWORK, create);
    tokio::time::timeout(Duration::from_millis(300), under_way).await.unwrap_err();
    assert_ne!(setting.holds().await, before);
    let outcome = environment.finish(&ctx).await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(setting.holds().await, before);
}

#[tokio::test]
async fn a_refusal_that_was_expected_and_did_not_come_leaves_nothing() {
    let setting = Setting::new();
    let environment = setting.enter().await;
    let ctx = context(&environment).await;
    let before = setting.holds().await;
    let create = |name: &str| ctx.network().networks().create(json!({"name": name}));
    let accepted =
        ctx.expect_refusal_named(&kinds::network::NETWORK, 403, create).await.unwrap_err();
    assert!(accepted.to_string().contains("expected the service to refuse with 403"), "{accepted}");
    let create = |name: &str| {
        let nowhere = "00000000-0000-4000-8000-000000000000";
        let body =
            json!({"name": name, "network_id": nowhere, "ip_version": 4, "cidr": "10.0.0.0/24"});
        ctx.network().subnets().create(body)
    };
    ctx.expect_refusal_named(&kinds::network::SUBNET, 404, create).await.unwrap();
    let outcome = environment.finish(&ctx).await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(outcome.removed.len(), 1, "what was refused is no thing: {outcome}");
    assert_eq!(setting.holds().await, before);
}

#[tokio::test]
async fn undoing_goes_on_after_a_failure_and_says_what_is_left() {
    let setting = Setting::new();
    let environment = setting.enter().await;
    let ctx = context(&environment).await;
    ctx.create(ctx.network().networks().create(json!({}))).await.unwrap();
    ctx.defer(async { Err(squall::Failure::new("the tap was left open")) });
    ctx.defer(async {
        squall::ensure!(1 + 1 == 2, "arithmetic holds");
        Ok(())
    });
    let outcome = environment.finish(&ctx).await;
    assert_eq!(outcome.removed.len(), 1);
    assert_eq!(outcome.left.len(), 1);
    let left = outcome.left[0].to_string();
    assert!(left.contains("lost.rs") && left.contains("the tap was left open"), "{left}");
}

#[tokio::test]
async fn nothing_is_made_once_the_test_is_over() {
    let setting = Setting::new();
    let environment = setting.enter().await;
    let ctx = context(&environment).await;
    environment.finish(&ctx).await;
    let before = setting.holds().await;
    let late = ctx.create(ctx.network().networks().create(json!({}))).await.unwrap_err();
    assert!(late.to_string().contains("the test has ended"), "{late}");
    assert_eq!(setting.holds().await, before);
}
