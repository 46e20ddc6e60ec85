//! Nothing is made past the ledger.

use serde_json::json;
use squall::client::ErrorKind;
use squall::kinds;

use crate::setting::{Setting, context};

#[tokio::test]
async fn a_making_call_past_the_context_is_not_sent() {
    let setting = Setting::new();
    let environment = setting.enter().await;
    let ctx = context(&environment).await;
    let before = setting.holds().await;
    for actor in [ctx.actor(), ctx.admin()] {
        let call = actor.network().networks().create(json!({"name": "mine"}));
        let error = call.send().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{error}");
        assert!(error.to_string().contains("`ctx.create`"), "{error}");
    }
    assert_eq!(setting.holds().await, before);
}

#[tokio::test]
async fn a_call_that_drops_its_name_is_not_sent() {
    let setting = Setting::new();
    let environment = setting.enter().await;
    let ctx = context(&environment).await;
    let before = setting.holds().await;
    let error = ctx
        .create_named(&kinds::network::NETWORK, |_| {
            ctx.network().networks().create(json!({"name": "mine"}))
        })
        .await
        .unwrap_err();
    assert!(error.to_string().contains("does not contain the name"), "{error}");
    let outcome = environment.finish(&ctx).await;
    assert_eq!(
        outcome,
        squall::cleanup::CleanupOutcome::default(),
        "nothing was sent, nothing is undone"
    );
    assert_eq!(setting.holds().await, before);
}

#[tokio::test]
async fn a_call_gets_its_name_by_its_operation_or_is_not_sent() {
    let setting = Setting::new();
    let environment = setting.enter().await;
    let ctx = context(&environment).await;
    let before = setting.holds().await;
    let networks = ctx.network().networks();
    for (call, words) in [
        (networks.create(json!({"name": "mine"})), "already has \"mine\" at `/network/name`"),
        (networks.list().decoded_by(|_| unreachable!()), "no kind of resource is made by"),
    ] {
        let error = ctx.create(call).await.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
    assert_eq!(setting.holds().await, before);
    let made = ctx.create(networks.create(json!({}))).await.unwrap();
    let shown = networks.show(&made.id).send().await.unwrap().value;
    assert_eq!(shown.name, Some(made.name));
    let outcome = environment.finish(&ctx).await;
    assert_eq!(outcome.removed.len(), 1, "{outcome}");
    assert_eq!(setting.holds().await, before);
}
