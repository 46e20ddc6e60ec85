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
use squall::environment::Facts;
use squall::model::{Microversion, VersionRange};
use squall::plan::{CloudProfile, why_skip};
use squall::preflight::{Options, Progress, Report, Topic, examine, text};
use squall::registry::{Need, Registry, TestDescriptor};
use squall::settings::{CloudSettings, Settings};
use squall_cloud::Cloud;

type Answer = Result<http::Response<Bytes>, TransportError>;

type Rule = Box<dyn Fn(&mut http::Request<Bytes>) -> Option<Answer> + Send + Sync>;

/// The transport to a cloud, on which a rule may answer in its place.
struct Wire {
    cloud: Cloud,
    rule: Rule,
}

impl Transport for Wire {
    fn send(&self, mut request: http::Request<Bytes>) -> BoxFuture<'_, Answer> {
        let answer = (self.rule)(&mut request).unwrap_or_else(|| Ok(self.cloud.answer(request)));
        Box::pin(std::future::ready(answer))
    }
}

fn admin(cloud: &Cloud, down: Option<&'static str>) -> Session {
    with_rule(cloud, move |request| {
        let is_down = down.is_some_and(|down| request.uri().path().starts_with(down));
        is_down.then(refused)
    })
}

fn with_rule(
    cloud: &Cloud,
    rule: impl Fn(&mut http::Request<Bytes>) -> Option<Answer> + Send + Sync + 'static,
) -> Session {
    let admin = cloud.admin();
    let password = admin.password.expose_secret();
    let credential = Credential::password(&admin.username, password, &admin.project_name);
    let config = CloudConfig::new("embedded", "http://cloud.test/identity/v3", credential);
    let wire = Arc::new(Wire { cloud: cloud.clone(), rule: Box::new(rule) });
    Session::builder(config).transport(wire).retry(RetryPolicy::NEVER).build().unwrap()
}

fn refused() -> Answer {
    Err(TransportError::new(TransportErrorKind::Refused, "connection refused"))
}

/// The answer of a load balancer or a dashboard, without anything of a service's own.
#[expect(clippy::unnecessary_wraps, reason = "an answer may be a failure")]
fn stranger(status: u16) -> Answer {
    let page = "<!doctype html><title>Dashboard</title>";
    let response = http::Response::builder().status(status).header("content-type", "text/html");
    Ok(response.body(Bytes::from_static(page.as_bytes())).unwrap())
}

/// Every way in which something else than the service may answer; 0 is a refused connection.
const STRANGE: [u16; 9] = [0, 200, 401, 404, 429, 500, 502, 503, 504];

fn strange(status: u16) -> Answer {
    if status == 0 { refused() } else { stranger(status) }
}

fn cloud() -> Cloud {
    Cloud::new(squall_cloud::Options::default())
}

fn problem_of<'a>(report: &'a Report, service: &str) -> Option<&'a str> {
    let of = |problem: &&squall::preflight::Problem| problem.what.starts_with(service);
    report.problems.iter().find(of).map(|problem| problem.what.as_str())
}

async fn examined(session: &Session, options: &Options) -> Report {
    examine(session, "embedded", options, &Progress::default()).await.unwrap()
}

/// Replaces the ids, which differ in each run.
fn without_ids(text: &str) -> String {
    let ids = regex::Regex::new("req-[0-9a-f-]{36}|tx[0-9a-f]{21}-[0-9a-f]{10}|AUTH_[0-9a-f]{32}")
        .unwrap();
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
    let mut report = examined(&session, &Options { jobs: 4, ..Options::default() }).await;
    assert_eq!(report.problems, []);
    for spec in squall::services::all() {
        assert!(report.facts.iter().any(|fact| fact.name == spec.name), "{}", spec.name);
    }
    // One with microversions, one without, and one whose address is that of a project; others
    // read the same, and a new one is no reason to look at this text again.
    let shown = ["compute", "image", "object_storage"];
    report.facts.retain(|fact| fact.topic != Topic::Services || shown.contains(&&*fact.name));
    let asked = |source: &str| {
        let has_id = source.contains("req-") || source.contains(" tx");
        has_id || source.starts_with("assumed")
    };
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

#[tokio::test]
async fn a_service_that_does_not_answer_as_itself_is_one_problem() {
    for (service, prefix) in
        [("compute", "/compute"), ("image", "/image"), ("network", "/networking")]
    {
        for status in STRANGE {
            let session = with_rule(&cloud(), move |request| {
                request.uri().path().starts_with(prefix).then(|| strange(status))
            });
            let report = examined(&session, &Options::default()).await;
            let what: Vec<&str> = report.problems.iter().map(|one| one.what.as_str()).collect();
            assert_eq!(what.len(), 1, "{service}, {status}: {what:?}");
            assert!(what[0].starts_with(&format!("{service} does not answer as it should")));
        }
    }
}

#[tokio::test]
async fn a_service_that_answers_only_its_version_document_is_a_problem() {
    for (service, prefix) in [
        ("compute", "/compute/v2.1/"),
        ("image", "/image/v2/"),
        ("network", "/networking/v2.0/"),
        ("volume", "/volume/v3/"),
        ("placement", "/placement/"),
        ("object_storage", "/v1/AUTH_"),
        ("identity", "/identity/v3/region"),
    ] {
        for status in STRANGE {
            let session = with_rule(&cloud(), move |request| {
                let path = request.uri().path();
                (path.starts_with(prefix) && path != prefix).then(|| strange(status))
            });
            let report = examined(&session, &Options::default()).await;
            assert!(
                problem_of(&report, service).is_some(),
                "{service}, {status}: {:?}",
                report.problems
            );
            assert!(!text(&report).contains("there is no public"), "{service}, {status}");
        }
    }
}

#[tokio::test]
async fn an_endpoint_that_leads_to_another_service_is_a_problem() {
    for (from, service, to) in [
        ("/compute/v2.1", "compute", "/image/v2"),
        ("/compute/v2.1", "compute", "/volume/v3"),
        ("/image", "image", "/compute"),
        ("/networking", "network", "/image"),
        ("/volume/v3", "volume", "/compute/v2.1"),
        ("/placement", "placement", "/image"),
    ] {
        let session = with_rule(&cloud(), move |request| {
            let uri = request.uri().to_string().replacen(from, to, 1);
            *request.uri_mut() = uri.parse().unwrap();
            None
        });
        let report = examined(&session, &Options::default()).await;
        assert!(problem_of(&report, service).is_some(), "{from} to {to}: {:?}", report.problems);
    }
}

/// What is not known skips no test: it runs, and fails of the service.
#[tokio::test]
async fn a_test_is_not_skipped_for_what_is_not_known() {
    static TEST: TestDescriptor = TestDescriptor {
        needs: &[Need {
            service: "compute",
            versions: VersionRange::since(Microversion::new(2, 55)),
        }],
        features: &["network.extension.router"],
        ..TestDescriptor::new("a.test", |_| Box::pin(async { Ok(()) }))
    };
    let test = Registry::new([&TEST].into_iter(), [].into_iter()).tests.remove(0);
    for status in STRANGE {
        let session = with_rule(&cloud(), move |request| {
            let path = request.uri().path();
            (path.starts_with("/compute") || path.starts_with("/networking"))
                .then(|| strange(status))
        });
        let facts = Facts::of(&session).await.unwrap();
        let facts = facts.with(&session, CloudSettings::default(), TEST.features.to_vec()).await;
        assert_eq!(why_skip(&test, &CloudProfile::from(&facts)), None, "{status}");
    }
}
