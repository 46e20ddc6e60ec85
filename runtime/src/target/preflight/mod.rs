//! Preflight: examines a cloud before anything runs, and reports every fact with its source and
//! every problem that would keep tests from running.
//!
//! It only reads. What it cannot find out is reported as unknown, with the reason.

mod answers;
mod compute;
mod entrance;
mod features;
mod network;
mod quotas;
mod storage;
mod text;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Serialize;
use serde_json::Value;

use crate::client::by_id::SessionApi;
use crate::client::{Error, Session};
use crate::facts::Facts;
use crate::features::{FailureKind, ProbeAnswer, ProbeFailure, Source, ask};
use crate::services;
use crate::settings::CloudSettings;

pub use text::text;

/// The report about a cloud.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The cloud's name.
    pub cloud: String,
    /// The facts, by topic.
    pub facts: Vec<Fact>,
    /// The problems that would keep tests from running.
    pub problems: Vec<Problem>,
}

/// A fact about a cloud, or one that could not be found out.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    /// The topic.
    pub topic: Topic,
    /// The subject.
    pub name: String,
    /// The value, for programs; null if it could not be found out.
    pub value: Value,
    /// The value in words, or why it could not be found out.
    pub text: String,
    /// Where the value comes from.
    pub source: Source,
}

/// The topic of a fact, in the order of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Whose credential it is.
    Identity,
    /// The services: their endpoints, whether they answer, their microversions.
    Services,
    /// The hypervisors, and which processes of the cloud are up.
    Hosts,
    /// Public flavors.
    Flavors,
    /// Public images.
    Images,
    /// External networks.
    ExternalNetworks,
    /// Volume types.
    VolumeTypes,
    /// The quotas of the credential's project and of a new one.
    Quotas,
    /// Optional features.
    Features,
    /// Settings for the cloud.
    Choices,
}

/// A problem that would keep tests from running.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub help: String,
}

/// How a cloud is examined.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The settings for the cloud.
    pub settings: CloudSettings,
    /// How many tests will run at a time.
    pub jobs: usize,
    /// Features to check besides the known ones: those that tests need.
    pub features: Vec<String>,
}

/// The progress of a preflight.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<AtomicUsize>);

impl Progress {
    /// How many steps there are.
    pub const STEPS: usize = 8;

    /// Returns the number of finished steps.
    pub fn done(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn step<T>(&self, done: T) -> T {
        self.0.fetch_add(1, Ordering::Relaxed);
        done
    }
}

/// Examines a cloud with the session's credential.
///
/// # Errors
/// The cloud refuses the session. A service that does not answer is a [`Problem`].
pub async fn examine(
    session: &Session,
    cloud: &str,
    options: &Options,
    progress: &Progress,
) -> Result<Report, Error> {
    let log = Arc::new(entrance::RequestLog::default());
    let session = session.clone().with_observer(log.clone());
    let token = session.authenticate().await?;
    let facts = Facts::of(&session).await?;
    let mut found = progress.step(entrance::found(&session, &token, &facts, &log));
    let facts = facts.with(&session, options.settings.clone(), []).await;
    let api = SessionApi::new(session.clone());
    let project = token.project.as_ref().map(|project| project.id.as_str());
    let is_admin = token.roles.iter().any(|role| role == "admin");
    let settings = &options.settings;
    let probe = Probe { api: &api, facts: &facts, settings, is_admin, jobs: options.jobs };
    let (compute, image, network, storage, quotas, features, answers) = futures_util::join!(
        async { progress.step(compute::examine(&probe).await) },
        async { progress.step(compute::images(&probe).await) },
        async { progress.step(network::examine(&probe).await) },
        async { progress.step(storage::examine(&probe).await) },
        async { progress.step(quotas::examine(&probe, project).await) },
        async { progress.step(features::examine(&probe, &options.features).await) },
        async { progress.step(answers::examine(&probe).await) },
    );
    for more in [compute, image, network, storage, quotas, features, answers] {
        found.add(more);
    }
    found.problems.extend(answers::problems(&found.failures));
    let Found { mut facts, problems, .. } = found;
    facts.sort_by_key(|fact| fact.topic);
    Ok(Report { cloud: cloud.to_owned(), facts, problems })
}

/// What every part of a preflight needs.
struct Probe<'a> {
    api: &'a SessionApi,
    facts: &'a Facts,
    settings: &'a CloudSettings,
    is_admin: bool,
    jobs: usize,
}

/// The findings of one part.
#[derive(Debug, Default)]
struct Found {
    facts: Vec<Fact>,
    problems: Vec<Problem>,
    /// The requests that failed, other than for lack of rights.
    failures: Vec<ProbeFailure>,
}

impl Probe<'_> {
    /// Calls an operation that only reads; one of a service that does not answer is not sent.
    async fn ask(
        &self,
        operation: &'static str,
        params: &[(&str, &str)],
        query: &[(&'static str, &str)],
        pointer: &str,
    ) -> Result<ProbeAnswer, ProbeFailure> {
        let service = services::service_of(operation);
        if self.facts.answers(service) {
            return ask(self.api, operation, params, query, pointer).await;
        }
        Err(ProbeFailure {
            // The service itself is the problem, and reported as such.
            kind: FailureKind::Forbidden,
            why: format!("{service} does not answer"),
            source: Source::answer(operation, None),
        })
    }
}

impl Found {
    fn fact(
        &mut self,
        topic: Topic,
        name: impl Into<String>,
        value: Value,
        text: impl Into<String>,
        source: &Source,
    ) {
        let (name, text, source) = (name.into(), text.into(), source.clone());
        self.facts.push(Fact { topic, name, value, text, source });
    }

    fn unknown(&mut self, topic: Topic, name: &str, failure: &ProbeFailure) {
        let ProbeFailure { why, source, .. } = failure;
        self.failed(failure);
        self.fact(topic, name, Value::Null, format!("unknown: {why}"), source);
    }

    /// Keeps a request that failed, for the problem of its service.
    fn failed(&mut self, failure: &ProbeFailure) {
        self.failures.push(failure.clone());
    }

    fn problem(&mut self, what: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem { what: what.into(), help: help.into() });
    }

    fn add(&mut self, other: Self) {
        self.facts.extend(other.facts);
        self.problems.extend(other.problems);
        self.failures.extend(other.failures);
    }
}
