//! The cloud that a process runs tests on: the admin's session, what the cloud offers, and a
//! context for each test.

mod connect;
mod host;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cleanup::{self, Evidence, Replay, UndoTimeouts};
use crate::client::Session;
use crate::client::by_id::SessionApi;
use crate::client::config::CloudConfig;
use crate::context::{Actor, Choices, Context, Named, Parts};
use crate::credentials::{Account, Accounts, Pool, Provider, SetupError, Takeover};
use crate::execute::{Admission, TestSetup};
use crate::journal::{Pretended, Sink, Target};
use crate::ledger::{self, CleanupOutcome, Ledger, LedgerError};
use crate::making::{Maker, Outage, Pretence, Watch};
use crate::observed::AnswerKeeper;
use crate::settings::CloudSettings;
use crate::wait::{Shared, WaitHistory};

pub use crate::facts::{Fact, Facts};
pub use connect::ConnectError;
pub(crate) use connect::help;

/// The cloud that this process runs tests on; there is one per process.
#[derive(Debug)]
pub struct Environment {
    run_dir: PathBuf,
    ledger: Arc<Ledger>,
    admin: Session,
    admin_id: String,
    admin_project: Option<String>,
    facts: Arc<Facts>,
    provider: Provider,
    shared: Shared,
    choices: Arc<Choices>,
    wait_history: WaitHistory,
    outage: Outage,
    observations: Option<Arc<AnswerKeeper>>,
    pretences: BTreeMap<String, Arc<Pretence>>,
}

/// Where a run's identities come from.
#[derive(Debug, Clone, Default)]
pub enum Identities {
    /// The admin creates them.
    #[default]
    Made,
    /// They are taken from these accounts; a directory records which are in use.
    Lent(Vec<Account>, PathBuf),
}

impl Environment {
    /// Connects to a cloud over the network, see [`Environment::enter`], and keeps what it
    /// answers if asked to.
    pub async fn connect(
        cloud: CloudConfig,
        identities: Identities,
        run: &str,
        run_dir: &Path,
        sink: &Sink,
        observations: Option<Arc<AnswerKeeper>>,
    ) -> Result<Self, ConnectError> {
        let admin = Session::builder(cloud).build()?;
        Self::observed(admin, identities, run, run_dir, sink, observations).await
    }

    /// Opens the run's ledger, authenticates as the admin and discovers the services.
    ///
    /// # Errors
    /// One cause, in a few lines: the identity service does not answer, the credential is not
    /// accepted or is not an admin's although identities must be created, or there is no
    /// catalog.
    pub async fn enter(
        admin: Session,
        identities: Identities,
        run: &str,
        run_dir: &Path,
        sink: &Sink,
    ) -> Result<Self, ConnectError> {
        Self::observed(admin, identities, run, run_dir, sink, None).await
    }

    async fn observed(
        admin: Session,
        identities: Identities,
        run: &str,
        run_dir: &Path,
        sink: &Sink,
        observations: Option<Arc<AnswerKeeper>>,
    ) -> Result<Self, ConnectError> {
        let ledger = Arc::new(Ledger::open(run_dir, run)?);
        let outage = Outage::default();
        let watch = Watch {
            outage: outage.clone(),
            test: None,
            sink: sink.clone(),
            ledger: Arc::clone(&ledger),
            observations: observations.clone(),
            pretence: None,
        };
        let admin = admin.with_observer(Arc::new(watch)).with_label("admin");
        let (admin_id, admin_project) = connect::enter(&admin).await?;
        let wait_history = WaitHistory::default();
        let maker = Maker::new(Arc::clone(&ledger), wait_history.clone(), None);
        let provider = match identities {
            Identities::Made => {
                let pool = Pool::new(admin.clone(), maker);
                connect::check_admin(&admin, &pool).await?;
                Provider::Made(Box::new(pool))
            }
            Identities::Lent(accounts, holds) => {
                Provider::Lent(Accounts::new(accounts, &admin, holds))
            }
        };
        let shared = Shared::new(SessionApi::new(admin.clone()), run);
        let facts = Arc::new(crate::facts::look_around(&admin).await?);
        Ok(Self {
            run_dir: run_dir.to_owned(),
            ledger,
            admin,
            admin_id,
            admin_project,
            facts,
            provider,
            shared,
            choices: Arc::default(),
            wait_history,
            outage,
            observations,
            pretences: BTreeMap::new(),
        })
    }

    /// Applies the settings, and checks which of these features the cloud has, as the admin.
    #[must_use]
    pub async fn with_settings<'a>(
        mut self,
        settings: CloudSettings,
        features: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let facts = Arc::unwrap_or_clone(self.facts);
        self.facts = Arc::new(facts.with(&self.admin, settings, features).await);
        self
    }

    /// Makes the embedded cloud pretend these operations, but only when the body of a test sends
    /// them. What fixtures and cleanup send is real.
    #[must_use]
    pub fn with_pretended(mut self, pretended: &Pretended) -> Self {
        let pretence = |operations: &BTreeSet<String>| Arc::new(Pretence::of(operations.clone()));
        let pretended = pretended.iter().map(|(test, ops)| (test.clone(), pretence(ops)));
        self.pretences = pretended.collect();
        self
    }

    /// Returns what is known about the cloud.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Returns the URL of the cloud's identity service.
    pub fn auth_url(&self) -> &str {
        &self.admin.cloud().auth_url
    }

    /// Admits a test: at once if identities are created, or when enough of the lent ones are
    /// free.
    pub async fn admit(&self, setup: TestSetup<'_>) -> Result<Admission, SetupError> {
        let beside: Vec<_> = setup.around.iter().flat_map(|s| s.context.held()).collect();
        self.provider.admit(&setup.persona_requests()?, &beside).await.map(Admission)
    }

    /// Creates the context of an admitted test, with the identities that it requests followed by
    /// those of the fixture around it.
    pub async fn context(
        &self,
        setup: TestSetup<'_>,
        admission: Admission,
        sink: &Sink,
    ) -> Result<Context, SetupError> {
        let TestSetup { id, identities: requests, around } = setup;
        let pretence = self.pretences.get(id);
        if let Some(pretence) = pretence {
            pretence.begin();
        }
        let watch: Arc<Watch> = Arc::new(Watch {
            test: Some(id.to_owned()),
            sink: sink.clone(),
            ledger: Arc::clone(&self.ledger),
            outage: self.outage.clone(),
            observations: self.observations.clone(),
            pretence: pretence.cloned(),
        });
        let leases = match admission.0 {
            Some(leases) => leases,
            None => self.provider.make(&setup.persona_requests()?).await?,
        };
        let leased = requests.iter().zip(&leases);
        let mut identities: Vec<Named> = leased
            .map(|(request, lease)| Named {
                name: request.name,
                identity: lease.identity().clone(),
            })
            .collect();
        for shared in around.iter().flat_map(|standing| standing.context.identities()) {
            if !identities.iter().any(|known| known.name == shared.name) {
                identities.push(shared.clone());
            }
        }
        let actor = |Named { name, identity }: &Named| {
            let session = identity.session.clone().with_observer(watch.clone()).with_label(name);
            Actor::new(name, session, &identity.user_id, identity.project_id.as_deref())
                .sharing(&self.shared)
        };
        let actors = identities.iter().map(actor).collect();
        let admin = self.admin.clone().with_observer(watch.clone());
        let admin = Actor::new("admin", admin, &self.admin_id, self.admin_project.as_deref())
            .sharing(&self.shared);
        let ledger = Arc::clone(&self.ledger);
        let maker = Maker::new(ledger, self.wait_history.clone(), Some(id.to_owned()))
            .with_admin(admin.session().clone());
        Ok(Context::new(Parts {
            test: id.to_owned(),
            actors,
            identities,
            admin,
            leases,
            around: around.cloned(),
            facts: Arc::clone(&self.facts),
            choices: Arc::clone(&self.choices),
            maker,
            sink: sink.clone(),
        }))
    }

    /// Removes what a test created, and releases its identities if nothing is left.
    pub async fn finish(&self, context: &Context) -> CleanupOutcome {
        if let Some(pretence) = self.pretences.get(context.test()) {
            pretence.end();
        }
        let outcome = context.finish().await;
        if !outcome.is_clean() {
            context.spoil_around();
        } else if !context.is_spoilt() {
            context.leases().iter().for_each(crate::credentials::Lease::give_back);
        }
        outcome
    }

    /// Whether identities are lent, and therefore limited.
    pub fn is_lending(&self) -> bool {
        self.provider.is_lending()
    }

    /// Returns the cloud as the journal records it.
    pub async fn target(&self) -> Target {
        cleanup::target(&self.admin).await
    }

    /// Waits until the cloud is taken to be gone, because nothing answers any more, and
    /// returns why.
    pub async fn lost(&self) -> String {
        self.outage.lost().await
    }

    /// Undoes everything that the ledger still lists: the run's identities, and what
    /// tests left, those of an earlier process included.
    pub async fn close(&self) -> CleanupOutcome {
        match self.replay().await {
            Ok(outcome) => outcome,
            Err(error) => {
                let why = format!("nothing was undone: {error}");
                CleanupOutcome { unknown: vec![why], ..CleanupOutcome::default() }
            }
        }
    }

    async fn replay(&self) -> Result<CleanupOutcome, LedgerError> {
        let written = self.ledger.last();
        let reading = ledger::read(&self.run_dir)?;
        let left = ledger::outstanding(&reading.records);
        let made = ledger::made(&reading.records);
        let known = self.provider.sessions();
        let owners = Takeover::new(self.admin.clone(), self.admin_id.clone(), known, &left);
        let replay = Replay {
            ledger: &self.ledger,
            made: &made,
            owners: &owners,
            timeouts: UndoTimeouts {
                wait_history: self.wait_history.clone(),
                ..UndoTimeouts::default()
            },
            evidence: Evidence::default(),
            moved: BTreeMap::new(),
            on_progress: &|_| (),
        };
        let mut outcome = replay.run(left).await;
        let damage = reading.damage.iter();
        outcome.unknown.extend(damage.map(|damage| format!("the ledger is damaged: {damage}")));
        let last = reading.records.iter().map(|record| record.seq).max().unwrap_or(0);
        if last < written {
            outcome.unknown.push(format!(
                "the ledger ends with record {last}, and {written} were written: \
                 something removed the others"
            ));
        }
        Ok(outcome)
    }
}
