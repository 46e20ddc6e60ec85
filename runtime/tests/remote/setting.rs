//! A cloud in this process whose servers have a console, a test on it, and what the
//! test leaves in the journal.

use std::sync::{Arc, Mutex};

use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use squall::client::auth::Credential;
use squall::client::config::CloudConfig;
use squall::client::transport::{BoxFuture, Transport, TransportError};
use squall::client::{Bytes, Session};
use squall::environment::{Environment, Identities};
use squall::execute::{Admission, TestSetup};
use squall::journal::{Event, Sink};
use squall::kinds;
use squall::registry::{Registry, Test, TestDescriptor};
use squall::wait::ready;
use squall::{Context, Failure};
use squall_cloud::{Cloud, Options};

const RUN: &str = "0198f3a2-6d1e-7c40-9d2b-5a1f3c9e8b77";

/// A context, and what it needs for as long as it lives.
pub(crate) struct Setting {
    pub(crate) ctx: Context,
    environment: Environment,
    events: Arc<Mutex<Vec<Event>>>,
    _run_dir: tempfile::TempDir,
}

impl Setting {
    pub(crate) async fn new() -> Self {
        let cloud = Cloud::new(Options { speed: f64::INFINITY, ..Options::default() });
        let run_dir = tempfile::tempdir().unwrap();
        let events = Arc::new(Mutex::new(Vec::new()));
        let kept = events.clone();
        let sink = Sink::new(move |entry| kept.lock().unwrap().push(entry.event));
        let admin = admin(&cloud);
        let environment =
            Environment::enter(admin, Identities::Made, RUN, run_dir.path(), &sink).await.unwrap();
        let ctx = environment
            .context(TestSetup::test(&test(), None), Admission::default(), &sink)
            .await
            .unwrap();
        Self { ctx, environment, events, _run_dir: run_dir }
    }

    /// Boots a server and gives its id.
    pub(crate) async fn server(&self) -> String {
        let ctx = &self.ctx;
        let flavors = ctx.compute().flavors().list().send().await.unwrap();
        let images = ctx.image().images().list().query("status", "active").send().await.unwrap();
        let mut body = json!({
            "flavorRef": flavors.body.at("/flavors/0/id"),
            "imageRef": images.body.at("/images/0/id"),
            "networks": "none",
        });
        let create = |name: &str| {
            body["name"] = json!(name);
            ctx.compute().servers().create(body.take())
        };
        let made = ctx.create_named(&kinds::compute::SERVER, create).await.unwrap();
        let active = ready::state(ctx.actor(), ctx.compute().servers().show(&made.id), "ACTIVE");
        ctx.wait("the server to be ACTIVE").until(active).await.unwrap();
        made.id
    }

    /// Gives the notes whose key starts so, and their text.
    pub(crate) fn notes(&self, start: &str) -> Vec<String> {
        let events = self.events.lock().unwrap();
        let note = |event: &Event| match event {
            Event::Note { key, value: Value::String(text), .. } if key.starts_with(start) => {
                Some(text.clone())
            }
            _ => None,
        };
        events.iter().filter_map(note).collect()
    }

    /// Gives everything that was written, as the journal has it.
    pub(crate) fn journal(&self) -> String {
        serde_json::to_string(&*self.events.lock().unwrap()).unwrap()
    }

    pub(crate) async fn finish(self) {
        let outcome = self.environment.finish(&self.ctx).await;
        assert!(outcome.left.is_empty(), "{outcome:?}");
    }
}

fn admin(cloud: &Cloud) -> Session {
    let admin = cloud.admin();
    let password = admin.password.expose_secret();
    let credential = Credential::password(&admin.username, password, &admin.project_name);
    let config = CloudConfig::new("embedded", "http://cloud.test/identity/v3", credential);
    Session::builder(config).transport(Arc::new(Wire(cloud.clone()))).build().unwrap()
}

struct Wire(Cloud);

impl Transport for Wire {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(std::future::ready(Ok(self.0.answer(request))))
    }
}

/// A test that no runner runs.
fn test() -> Test {
    static DESCRIPTOR: TestDescriptor = TestDescriptor::new("remote.test", |_| {
        Box::pin(async { Err(Failure::new("nobody runs it")) })
    });
    let registry = Registry::new(std::iter::once(&DESCRIPTOR), std::iter::empty());
    // One that names no identity acts as a member.
    registry.tests[0].clone()
}
