//! Preflight on an embedded cloud in this process.

#![expect(clippy::unwrap_used, reason = "what is shared by tests fails as they do")]

use std::sync::Arc;

use secrecy::ExposeSecret as _;
use squall::client::auth::Credential;
use squall::client::by_id::{Api as _, Request, SessionApi};
use squall::client::config::CloudConfig;
use squall::client::retry::RetryPolicy;
use squall::client::transport::{BoxFuture, Transport, TransportError, TransportErrorKind};
use squall::client::{Bytes, Session};
use squall::preflight::{Options, Progress, Report, Topic, examine, text};
use squall::settings::Settings;
use squall_cloud::Cloud;

/// The transport to a cloud, on which one service may be unreachable.
struct Wire {
    cloud: Cloud,
    down: Option<&'static str>,
}

impl Transport for Wire {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let is_down = self.down.is_some_and(|down| request.uri().path().starts_with(down));
        let answer = if is_down {
            Err(TransportError::new(TransportErrorKind::Refused, "connection refused"))
        } else {
            Ok(self.cloud.answer(request))
        };
        Box::pin(std::future::ready(answer))
    }
}

fn admin(cloud: &Cloud, down: Option<&'static str>) -> Session {
    let admin = cloud.admin();
    let password = admin.password.expose_secret();
    let credential = Credential::password(&admin.username, password, &admin.project_name);
    let config = CloudConfig::new("embedded", "http://cloud.test/identity/v3", credential);
    let wire = Arc::new(Wire { cloud: cloud.clone(), down });
    Session::builder(config).transport(wire).retry(RetryPolicy::NEVER).build().unwrap()
}

async fn examined(session: &Session, options: &Options) -> Report {
    examine(session, "embedded", options, &Progress::default()).await.unwrap()
}

/// Replaces the ids, which differ in each run.
fn without_ids(text: &str) -> String {
    let ids = regex::Regex::new("req-[0-9a-f-]{36}|AUTH_[0-9a-f]{32}").unwrap();
    ids.replace_all(text, "ID").into_owned()
}

/// Removes everything that a list shows.
async fn remove_all(session: &Session, list: (&'static str, &str), delete: (&'static str, &str)) {
    let api = SessionApi::new(session.clone());
    let (spec, _) = squall::services::operation(list.0).unwrap();
    let send = async |operation, params: &_| {
        let request = Request { spec, operation, params, query: Vec::new(), body: None };
        api.send(request).await.unwrap()
    };
    let all = send(list.0, &[].into()).await;
    for one in all.body.pointer(list.1).unwrap().as_array().unwrap() {
        let id = one["id"].as_str().unwrap().to_owned();
        let answer = send(delete.0, &[(delete.1.to_owned(), id)].into()).await;
        assert!(answer.status < 300, "{answer:?}");
    }
}

#[tokio::test]
async fn a_healthy_cloud_is_reported_without_problems() {
    let session = admin(&Cloud::new(squall_cloud::Options::default()), None);
    let report = examined(&session, &Options { jobs: 4, ..Options::default() }).await;
    assert_eq!(report.problems, []);
    let asked = |source: &str| source.contains("req-") || source.starts_with("assumed");
    for fact in &report.facts {
        assert!(asked(&fact.source.to_string()), "{fact:?} has a source that can be looked up");
    }
    insta::assert_snapshot!(without_ids(&text(&report)));
}

#[tokio::test]
async fn a_missing_requirement_of_tests_is_a_problem_with_help() {
    let session = admin(&Cloud::new(squall_cloud::Options::default()), None);
    let image = ("image.images.list", "/images");
    remove_all(&session, image, ("image.images.delete", "image_id")).await;
    let flavor = ("compute.flavors.list", "/flavors");
    remove_all(&session, flavor, ("compute.flavors.delete", "flavor_id")).await;
    let report = examined(&session, &Options::default()).await;
    let what: Vec<&str> = report.problems.iter().map(|problem| problem.what.as_str()).collect();
    assert_eq!(
        what,
        [
            "there is no public flavor, so tests that boot servers are skipped",
            "there is no active public image, so tests that boot servers are skipped",
        ]
    );
    assert!(report.problems[0].help.contains("openstack flavor create"));
}

#[tokio::test]
async fn an_unreachable_service_is_one_problem_and_the_rest_is_reported() {
    let cloud = Cloud::new(squall_cloud::Options::default());
    let report = examined(&admin(&cloud, Some("/volume")), &Options::default()).await;
    assert_eq!(report.problems.len(), 1, "{:?}", report.problems);
    assert!(report.problems[0].what.starts_with("volume does not answer as it should: "));
    let types = report.facts.iter().find(|fact| fact.topic == Topic::VolumeTypes).unwrap();
    assert!(types.value.is_null() && types.text.starts_with("unknown: "), "{types:?}");
    assert!(report.facts.iter().any(|fact| fact.topic == Topic::Images));
}

#[tokio::test]
async fn settings_are_marked_and_checked_against_the_cloud() {
    let session = admin(&Cloud::new(squall_cloud::Options::default()), None);
    let settings = "[cloud.embedded]\nimage = \"cirros\"\nflavor = \"m9.huge\"\n\
                    [cloud.embedded.features]\nnetwork.extension.router = false\n";
    let settings = Settings::read("squall.toml", settings, &[]).unwrap().of("embedded");
    let report = examined(&session, &Options { settings, ..Options::default() }).await;
    let written = text(&report);
    for line in [
        "network.extension.router          no: set to false (overrides: extension `router`)",
        "(set by squall.toml:5)",
        "image   cirros",
        "(set by squall.toml:2)",
        "squall.toml:3 chooses the flavor `m9.huge`, which is not listed by \
         compute.flavors.list_detail",
    ] {
        assert!(written.contains(line), "{line} in {written}");
    }
    assert_eq!(report.problems.len(), 1);
}
