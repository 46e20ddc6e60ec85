//! Preflight: what a cloud is, found out before anything runs, each fact with where it
//! comes from, and what would keep tests from running.
//!
//! It reads and makes nothing. What it cannot find out it says so of, with the reason.

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
use crate::environment::Facts;
use crate::features::{Source, Untold};
use crate::settings::CloudSettings;

pub use text::text;

/// What a cloud is.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The cloud's name.
    pub cloud: String,
    /// What was found, by topic.
    pub facts: Vec<Fact>,
    /// What would keep tests from running.
    pub problems: Vec<Problem>,
}

/// Something that is known of a cloud, or could not be found out.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    /// What it is about.
    pub topic: Topic,
    /// Of what.
    pub name: String,
    /// What was found, for programs; null where it could not be found out.
    pub value: Value,
    /// The same in words, or why it could not be found out.
    pub told: String,
    /// Where that comes from.
    pub source: Source,
}

/// What a fact is about, in the order of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Whom the credential is.
    Identity,
    /// The services: where, whether they answer, at which microversions.
    Services,
    /// What hypervisors there are, and which of the cloud's own services are up.
    Hosts,
    /// Flavors that everyone may use.
    Flavors,
    /// Images that everyone may boot.
    Images,
    /// Networks that lead out.
    ExternalNetworks,
    /// Types of volumes.
    VolumeTypes,
    /// How much the credential's project, and a new one, may have.
    Quotas,
    /// What the cloud can do besides.
    Features,
    /// What tests are given by hand.
    Choices,
}

/// Something that would keep tests from running.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub help: String,
}

/// How a cloud is looked at.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What was set by hand.
    pub settings: CloudSettings,
    /// How many tests are to run at a time.
    pub jobs: usize,
    /// Features to look for besides those that are known: what tests ask for.
    pub features: Vec<String>,
}

/// How far a preflight is, for whoever waits for it.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<AtomicUsize>);

impl Progress {
    /// How many steps there are.
    pub const STEPS: usize = 7;

    /// Gives how many steps are done.
    pub fn done(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn step<T>(&self, done: T) -> T {
        self.0.fetch_add(1, Ordering::Relaxed);
        done
    }
}

/// Looks at a cloud, as whoever the session is.
///
/// # Errors
/// The cloud does not let the session in. A service that does not answer is a
/// [`Problem`].
pub async fn look(
    session: &Session,
    cloud: &str,
    options: &Options,
    progress: &Progress,
) -> Result<Report, Error> {
    let witness = Arc::new(entrance::Witness::default());
    let session = session.clone().with_observer(witness.clone());
    let token = session.authenticate().await?;
    let facts = Facts::of(&session).await?;
    let mut found = progress.step(entrance::found(&session, &token, &facts, &witness));
    let facts = facts.with(&session, options.settings.clone(), []).await;
    let api = SessionApi::new(session.clone());
    let project = token.project.as_ref().map(|project| project.id.as_str());
    let is_admin = token.roles.iter().any(|role| role == "admin");
    let settings = &options.settings;
    let look = Look { api: &api, facts: &facts, settings, is_admin, jobs: options.jobs };
    let (compute, image, network, storage, quotas, features) = futures_util::join!(
        async { progress.step(compute::look(&look).await) },
        async { progress.step(compute::images(&look).await) },
        async { progress.step(network::look(&look).await) },
        async { progress.step(storage::look(&look).await) },
        async { progress.step(quotas::look(&look, project).await) },
        async { progress.step(features::look(&look, &options.features).await) },
    );
    for more in [compute, image, network, storage, quotas, features] {
        found.add(more);
    }
    let Found { mut facts, problems } = found;
    facts.sort_by_key(|fact| fact.topic);
    Ok(Report { cloud: cloud.to_owned(), facts, problems })
}

/// What all parts of a preflight need.
struct Look<'a> {
    api: &'a SessionApi,
    facts: &'a Facts,
    settings: &'a CloudSettings,
    is_admin: bool,
    jobs: usize,
}

/// What a part found.
#[derive(Debug, Default)]
struct Found {
    facts: Vec<Fact>,
    problems: Vec<Problem>,
}

impl Found {
    fn fact(
        &mut self,
        topic: Topic,
        name: impl Into<String>,
        value: Value,
        told: impl Into<String>,
        source: &Source,
    ) {
        let (name, told, source) = (name.into(), told.into(), source.clone());
        self.facts.push(Fact { topic, name, value, told, source });
    }

    fn untold(&mut self, topic: Topic, name: &str, Untold { why, source }: &Untold) {
        self.fact(topic, name, Value::Null, format!("not known: {why}"), source);
    }

    fn problem(&mut self, what: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem { what: what.into(), help: help.into() });
    }

    fn add(&mut self, other: Self) {
        self.facts.extend(other.facts);
        self.problems.extend(other.problems);
    }
}
