//! Identities: whom tests act as, and what becomes of them.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use secrecy::ExposeSecret as _;
use serde_json::json;
use squall::client::auth::Credential;
use squall::client::config::CloudConfig;
use squall::environment::{Environment, Identities};
use squall::execute::{Admission, TestSetup};
use squall::journal::Sink;

use crate::setting::{RUN, Setting, context, test};

#[tokio::test]
async fn every_identity_is_a_user_of_its_own_in_a_project_of_its_own() {
    let setting = Setting::new();
    let environment = setting.enter().await;
    let contexts = join_all((0..6).map(|_| context(&environment))).await;
    let mut projects: Vec<&str> = contexts
        .iter()
        .flat_map(|ctx| [ctx.actor(), ctx.identity_named("other").unwrap()])
        .map(|actor| actor.project_id().unwrap())
        .collect();
    projects.sort_unstable();
    projects.dedup();
    assert_eq!(projects.len(), 12);
    let [a, b, ..] = &contexts[..] else { unreachable!() };
    let network = a.create(a.network().networks().create(json!({}))).await.unwrap();
    b.network().networks().show(&network.id).expect_error(404).await.unwrap();
}

#[tokio::test]
async fn an_identity_is_leased_again_once_nothing_of_it_is_left() {
    let setting = Setting::new();
    let environment = setting.enter().await;
    let first = context(&environment).await;
    let user = first.actor().user_id().to_owned();
    environment.finish(&first).await;
    let second = context(&environment).await;
    let users = [second.actor(), second.identity_named("other").unwrap()]
        .map(squall::context::Actor::user_id);
    assert!(users.contains(&user.as_str()));
    // What is left of a test keeps its identities from others.
    second.defer(async { Err(squall::Failure::new("something is left")) });
    environment.finish(&second).await;
    let third = context(&environment).await;
    assert!(!users.contains(&third.actor().user_id()));
}

#[tokio::test]
async fn every_persona_that_the_cloud_has_roles_for_can_be_had() {
    let setting = Setting::new();
    let before = setting.holds().await;
    let environment = setting.enter().await;
    for persona in ["admin", "manager", "member", "reader", "domain_reader", "system_reader"] {
        let wish = test(&[(persona, persona)]);
        let ctx = environment
            .context(TestSetup::test(&wish, None), Admission::default(), &Sink::nowhere())
            .await
            .unwrap();
        let token = ctx.actor().session().token().await.unwrap();
        let role = persona.rsplit('_').next().unwrap();
        assert!(token.roles.iter().any(|has| has == role), "{persona}: {:?}", token.roles);
        assert_eq!(token.system, persona.starts_with("system"), "{persona}");
        assert_eq!(token.domain.is_some(), persona.starts_with("domain"), "{persona}");
        environment.finish(&ctx).await;
    }
    assert!(environment.close().await.is_clean());
    assert_eq!(setting.holds().await, before);
}

#[tokio::test]
async fn several_roles_are_one_identitys_and_a_fresh_one_was_nobodys() {
    let setting = Setting::new();
    let environment = setting.enter().await;
    let had = async |persona: &'static str, fresh: bool| {
        let mut wish = test(&[("one", persona)]);
        wish.identities[0].fresh = fresh;
        let setup = TestSetup::test(&wish, None);
        let ctx = environment.context(setup, Admission::default(), &Sink::nowhere()).await.unwrap();
        let roles = ctx.actor().session().token().await.unwrap().roles.clone();
        environment.finish(&ctx).await;
        (ctx.actor().user_id().to_owned(), roles)
    };
    let (first, roles) = had("manager+reader", false).await;
    for role in ["manager", "reader"] {
        assert!(roles.iter().any(|has| has == role), "{role}: {roles:?}");
    }
    assert_eq!(had("manager+reader", false).await.0, first, "it is leased again");
    assert_ne!(had("manager+reader", true).await.0, first, "nobody had it before");
    assert!(environment.close().await.is_clean());
}

#[tokio::test]
async fn no_password_is_ever_told() {
    let setting = Setting::new();
    let told = Arc::new(Mutex::new(String::new()));
    let sink = {
        let told = Arc::clone(&told);
        Sink::new(move |entry| {
            told.lock().unwrap().push_str(&serde_json::to_string(&entry).unwrap());
        })
    };
    let environment =
        Environment::enter(setting.admin(), Identities::Made, RUN, setting.run_dir.path(), &sink)
            .await
            .unwrap();
    let ctx = environment
        .context(TestSetup::test(&test(&[("member", "member")]), None), Admission::default(), &sink)
        .await
        .unwrap();
    let Credential::Password { password, .. } = ctx.actor().session().credential() else {
        unreachable!("identities have passwords");
    };
    ctx.actor().session().authenticate().await.unwrap();
    let told = told.lock().unwrap();
    assert!(told.contains("identity.users.create") && told.contains("session.authenticate"));
    assert!(!told.contains(password.expose_secret()));
    let ledger = std::fs::read_to_string(setting.run_dir.path().join("ledger.jsonl")).unwrap();
    assert!(!ledger.contains(password.expose_secret()));
}

#[tokio::test]
async fn a_role_that_the_cloud_lacks_is_a_reason_to_skip() {
    let setting = Setting::new();
    let environment = setting.enter().await;
    let wishes = test(&[("auditor", "auditor")]);
    let error = environment
        .context(TestSetup::test(&wishes, None), Admission::default(), &Sink::nowhere())
        .await
        .unwrap_err();
    assert!(error.is_skip(), "{error}");
    let text = error.to_string();
    assert!(text.contains("needs the role `auditor`") && text.contains("member"), "{text}");
}

#[tokio::test]
async fn an_identity_service_that_is_down_is_one_cause_within_seconds() {
    let start = Instant::now();
    let credential = Credential::password("admin", "secret", "admin");
    // Port 9 is discard's; nobody listens there.
    let cloud = CloudConfig::new("down", "http://127.0.0.1:9/v3", credential);
    let dir = tempfile::tempdir().unwrap();
    let error =
        Environment::connect(cloud, Identities::Made, RUN, dir.path(), &Sink::nowhere(), None)
            .await
            .unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(10));
    let lines = error.lines();
    assert!(lines.len() <= 3 && lines[0].contains("cannot be reached"), "{lines:?}");
    assert!(lines.concat().contains("`auth_url`"), "{lines:?}");
    assert!(!lines.concat().contains("secret"), "{lines:?}");
}
