//! A cloud in this process, a test that runs on it, and what the cloud holds.

use std::sync::{Arc, Mutex};

use secrecy::ExposeSecret as _;
use squall::census::{self, Census};
use squall::cleanup::{self, CleanupOutcome};
use squall::client::auth::Credential;
use squall::client::by_id::SessionApi;
use squall::client::config::CloudConfig;
use squall::client::transport::{BoxFuture, Transport, TransportError, TransportErrorKind};
use squall::client::{Bytes, Session};
use squall::environment::{Environment, Identities};
use squall::execute::{Admission, TestSetup};
use squall::journal::Sink;
use squall::registry::{IdentityRequest, Registry, Test, TestDescriptor};
use squall::{Context, Failure};
use squall_cloud::{Cloud, Options};

pub(crate) const RUN: &str = "0198f3a2-6d1e-7c40-9d2b-5a1f3c9e8b77";

/// A cloud, and the directory of the one run against it.
pub(crate) struct Setting {
    cloud: Cloud,
    pub(crate) wire: Arc<Wire>,
    pub(crate) run_dir: tempfile::TempDir,
}

impl Setting {
    pub(crate) fn new() -> Self {
        let cloud = Cloud::new(Options { speed: f64::INFINITY, ..Options::default() });
        let wire = Arc::new(Wire { cloud: cloud.clone(), failing: Mutex::new(None) });
        Self { cloud, wire, run_dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn admin(&self) -> Session {
        let admin = self.cloud.admin();
        let credential = Credential::password(
            &admin.username,
            admin.password.expose_secret(),
            &admin.project_name,
        );
        let config = CloudConfig::new("embedded", "http://cloud.test/identity/v3", credential);
        Session::builder(config).transport(self.wire.clone()).build().unwrap()
    }

    pub(crate) async fn enter(&self) -> Environment {
        let sink = Sink::nowhere();
        Environment::enter(self.admin(), Identities::Made, RUN, self.run_dir.path(), &sink)
            .await
            .unwrap()
    }

    /// Cleans up after the run, as `squall cleanup` does.
    pub(crate) async fn clean_up(&self) -> CleanupOutcome {
        cleanup::run(self.run_dir.path(), &self.admin(), &[], &|_| ()).await.unwrap()
    }

    /// Returns everything that can be listed, by kind.
    pub(crate) async fn holds(&self) -> Census {
        census::take(&SessionApi::new(self.admin())).await
    }
}

/// What befalls an answer on its way, after the cloud did what was asked.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Failing {
    /// The connection breaks.
    Broken,
    /// Nothing comes.
    Silent,
}

/// The way to the cloud.
pub(crate) struct Wire {
    cloud: Cloud,
    failing: Mutex<Option<Failing>>,
}

impl Wire {
    /// Keeps the answer back to the next request that makes something.
    pub(crate) fn fail_next(&self, how: Failing) {
        *self.failing.lock().unwrap() = Some(how);
    }
}

impl Transport for Wire {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let makes = request.method() == http::Method::POST
            && !request.uri().path().ends_with("/auth/tokens");
        let response = self.cloud.answer(request);
        let failing = if makes { self.failing.lock().unwrap().take() } else { None };
        match failing {
            None => Box::pin(std::future::ready(Ok(response))),
            Some(Failing::Silent) => Box::pin(std::future::pending()),
            Some(Failing::Broken) => Box::pin(std::future::ready(Err(TransportError::new(
                TransportErrorKind::Closed,
                "the other side hung up",
            )))),
        }
    }
}

/// A test that wishes for these identities; it is never run by a runner.
pub(crate) fn test(identities: &[(&'static str, &'static str)]) -> Test {
    static DESCRIPTOR: TestDescriptor = TestDescriptor::new("leftovers.test", |_| {
        Box::pin(async { Err(Failure::new("nobody runs it")) })
    });
    let registry = Registry::new(std::iter::once(&DESCRIPTOR), std::iter::empty());
    let identities = identities
        .iter()
        .map(|(name, persona)| IdentityRequest { name, persona, fresh: false })
        .collect();
    Test { identities, ..registry.tests[0].clone() }
}

pub(crate) async fn context(environment: &Environment) -> Context {
    let wishes = [("member", "member"), ("other", "member")];
    let test = test(&wishes);
    let setup = TestSetup::test(&test, None);
    environment.context(setup, Admission::default(), &Sink::nowhere()).await.unwrap()
}
