//! The context of a test: the identities it acts as, and the way to create resources.
//!
//! ```no_run
//! use serde_json::json;
//! use squall::Context;
//!
//! # async fn doc(ctx: &Context) -> squall::Result {
//! // Written to the ledger, then sent; deleted at the end of the test, however it ends.
//! // It gets a unique name, by which cleanup finds it even if the test is killed.
//! let network = ctx.create(ctx.network().networks().create(json!({}))).await?;
//! ctx.network().networks().show(&network.id).send().await?;
//!
//! // Another identity does not see it.
//! let other = ctx.identity_named("other")?;
//! other.network().networks().show(&network.id).expect_error(404).await?;
//! # Ok(())
//! # }
//! ```

mod choices;
mod evidence;
mod finish;
mod fixture;

use std::collections::BTreeSet;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde_json::Value;

use crate::client::auth::Credential;
use crate::client::{Call, Error, ErrorResponse, Response};
use crate::credentials::{Identity, Lease};
use crate::facts::Facts;
use crate::journal::Sink;
use crate::kinds::Kind;
use crate::ledger::CleanupOutcome;
use crate::making::{Attempt, Maker};
use crate::{Failure, Result};

pub use crate::actor::Actor;
pub use crate::making::{Made, MakeError, Unnamed};
pub(crate) use choices::Choices;
pub use fixture::{ActiveFixture, Fixture};

/// The context of a test, see the [module](self).
///
/// It is cheap to clone, so that a test can pass it to its own tasks.
#[derive(Debug, Clone)]
pub struct Context(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    test: String,
    actors: Vec<Actor>,
    identities: Vec<Named>,
    admin: Actor,
    leases: Vec<Lease>,
    /// The nearest enclosing fixture.
    around: Option<ActiveFixture>,
    /// Whether the identities here must not be leased again.
    spoilt: AtomicBool,
    facts: Arc<Facts>,
    choices: Arc<Choices>,
    maker: Maker,
    sink: Sink,
}

/// An identity, and its name in a test or a fixture.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) name: &'static str,
    pub(crate) identity: Identity,
}

/// The parts of a context.
pub(crate) struct Parts {
    pub(crate) test: String,
    /// The identities that the test asks for, in its order.
    pub(crate) actors: Vec<Actor>,
    /// Who the actors are.
    pub(crate) identities: Vec<Named>,
    pub(crate) admin: Actor,
    pub(crate) leases: Vec<Lease>,
    pub(crate) around: Option<ActiveFixture>,
    pub(crate) facts: Arc<Facts>,
    pub(crate) choices: Arc<Choices>,
    pub(crate) maker: Maker,
    pub(crate) sink: Sink,
}

impl Context {
    /// Creates a context.
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { test, actors, identities, admin, leases, around, .. } = parts;
        let Parts { facts, choices, maker, sink, .. } = parts;
        let spoilt = AtomicBool::new(false);
        Self(Arc::new(Inner {
            test,
            actors,
            identities,
            admin,
            leases,
            around,
            spoilt,
            facts,
            choices,
            maker,
            sink,
        }))
    }

    /// Creates a resource: writes the ledger, sends the call, and deletes the resource at
    /// the end of the test, in reverse order of creation and until it is gone.
    ///
    /// - What is created follows from the call's operation, which a kind is
    ///   [`made_by`](Kind::made_by).
    /// - The resource gets a unique name, which is put into the call's body: leave the name
    ///   out. The name is in [`Made::name`].
    /// - The call may be any identity's; the same one deletes the resource.
    ///
    /// Where the name has to stand elsewhere, such as in the path, use
    /// [`create_named`](Self::create_named).
    pub async fn create<T>(&self, call: Call<T>) -> Result<Made<T>, MakeError> {
        self.0.maker.create(call).await
    }

    /// Creates a resource of this kind, as [`create`](Self::create) does, from a request that
    /// needs its name.
    ///
    /// The closure gets a unique name and has to pass it on as the resource's name; a
    /// request that does not contain it is not sent.
    pub async fn create_named<T>(
        &self,
        kind: &'static Kind,
        call: impl FnOnce(&str) -> Call<T>,
    ) -> Result<Made<T>, MakeError> {
        self.0.maker.create_named(kind, call).await
    }

    /// Makes a change that is undone at the end of the test: a role assigned to a user, a
    /// volume attached to a server. One of these has to be a resource that this run created.
    pub async fn change<T>(
        &self,
        kind: &'static Kind,
        call: Call<T>,
    ) -> Result<Response<T>, MakeError> {
        self.0.maker.change(kind, None, call).await
    }

    /// Replaces a value that is restored at the end of the test; `old` is the whole body of
    /// the request that restores it.
    pub async fn replace<T>(
        &self,
        kind: &'static Kind,
        old: Value,
        call: Call<T>,
    ) -> Result<Response<T>, MakeError> {
        self.0.maker.change(kind, Some(old), call).await
    }

    /// Sends a creating call that the service should refuse with this status.
    ///
    /// It is written to the ledger like any other, so that nothing is left behind where
    /// the service does not refuse it.
    pub async fn expect_refusal<T>(
        &self,
        status: u16,
        call: Call<T>,
    ) -> Result<ErrorResponse, MakeError> {
        self.0.maker.expect_refusal(status, call).await
    }

    /// Sends a creating call that needs the resource's name, and that the service should
    /// refuse with this status.
    pub async fn expect_refusal_named<T>(
        &self,
        kind: &'static Kind,
        status: u16,
        call: impl FnOnce(&str) -> Call<T>,
    ) -> Result<ErrorResponse, MakeError> {
        self.0.maker.expect_refusal_named(kind, status, call).await
    }

    /// Sends a creating call that may be refused or not.
    pub(crate) async fn attempt<T>(
        &self,
        kind: &'static Kind,
        attempt: Attempt<T>,
        addressed_by: impl FnOnce(&Response<T>) -> Option<String>,
    ) -> Result<Response<T>, MakeError> {
        self.0.maker.attempt(kind, attempt, addressed_by).await
    }

    /// Returns what creates resources and records what is changed.
    pub(crate) fn maker(&self) -> &Maker {
        &self.0.maker
    }

    /// Records a resource that a request of another kind brings about, so that it is deleted
    /// at the end: the volume that a backup is restored to, or one that another project takes
    /// over.
    ///
    /// - Record it before the request is sent, and under the identity that it will belong to.
    /// - Without an id it is found by the name: one of [`unique_name`](Self::unique_name),
    ///   which the request has to pass on.
    /// - What does not come to be, or does not come to belong to that identity, is gone
    ///   already when it is to be deleted.
    pub async fn record(
        &self,
        kind: &'static Kind,
        owner: &Actor,
        name: &str,
        id: Option<&str>,
    ) -> Result<(), MakeError> {
        self.0.maker.record(kind, owner.session(), name, id).await
    }

    /// Logs in with a credential that the test obtained, and returns the identity to act as.
    ///
    /// Its resources are created with [`create`](Self::create), as every identity's.
    ///
    /// # Errors
    /// The credential is refused.
    pub async fn log_in(&self, name: &str, credential: Credential) -> Result<Actor, Error> {
        let session = self.0.admin.session().with_credential(credential).with_label(name);
        let token = session.authenticate().await?;
        let project = token.project.as_ref().map(|project| project.id.as_str());
        Ok(Actor::new(name, session.clone(), &token.user.id, project))
    }

    /// Returns an identity of a fixture whose requests are evidence of this test.
    pub(crate) fn acting(&self, actor: &Actor) -> Actor {
        actor.clone().observed_as(&self.0.admin)
    }

    /// Returns a unique name for what goes with a resource of this run, and so needs no ledger
    /// entry.
    pub fn unique_name(&self, kind: &Kind) -> String {
        crate::kinds::unique_name(kind, self.0.maker.ledger.run())
    }

    /// Whether this run created the resource with this id.
    pub(crate) fn has_made(&self, id: &str) -> bool {
        self.0.maker.ledger.has_made(id)
    }

    /// Whether a name begins as those that this run gives.
    pub(crate) fn is_of_run(&self, name: &str) -> bool {
        crate::kinds::begins_like_run(name, self.0.maker.ledger.run())
    }

    /// Undoes what stands on others first, whenever it was created.
    pub(crate) fn undo_by_kind(&self) {
        self.0.maker.stack.order_by_kind();
    }

    /// Registers an action that runs when the test ends, before earlier resources are
    /// deleted.
    ///
    /// A crash loses it, so use it only for what no kind describes and a crash leaves
    /// nothing of. Registering one after the test has ended does nothing.
    #[track_caller]
    pub fn defer(&self, action: impl Future<Output = Result> + Send + 'static) {
        let place = Location::caller();
        self.0.maker.defer(place, Box::pin(action));
    }

    /// Returns a failure that skips the test: `return Err(ctx.skip("…"))`.
    #[track_caller]
    pub fn skip(&self, why: impl Into<String>) -> Failure {
        Failure::skip(why)
    }

    /// Returns the test's first identity, whose clients are also methods of the context.
    pub fn actor(&self) -> &Actor {
        self.0.actors.first().unwrap_or(&self.0.admin)
    }

    /// Returns an identity by its name in the test's attribute.
    ///
    /// # Errors
    /// The test has no identity of that name.
    #[track_caller]
    pub fn identity_named(&self, name: &str) -> Result<&Actor> {
        let found = self.0.actors.iter().find(|actor| actor.name() == name);
        found.ok_or_else(|| {
            let known: Vec<_> = self.0.actors.iter().map(Actor::name).collect();
            Failure::new(format!(
                "this test has no identity `{name}`, only {}; add it to `identities(…)`",
                known.join(", ")
            ))
        })
    }

    /// Returns the cloud's admin, the identity that the run was started with.
    pub fn admin(&self) -> &Actor {
        &self.0.admin
    }

    /// Returns the features of object storage beside its operations, for the first
    /// identity: large objects, temporary URLs, access lists, versions, bulk requests and
    /// web sites.
    pub fn store(&self) -> crate::object_storage::Store {
        self.actor().store()
    }

    /// Returns what is known about the cloud.
    pub fn facts(&self) -> &Facts {
        &self.0.facts
    }

    /// Returns the choices for all tests of the run.
    pub(crate) fn choices(&self) -> &Choices {
        &self.0.choices
    }

    /// Returns the test's id, or the suite's while its fixture is set up.
    pub fn test(&self) -> &str {
        &self.0.test
    }

    /// Deletes everything that the test created, in reverse order. Nothing can be created
    /// afterwards.
    ///
    /// It may be called again, and then continues where it was interrupted.
    pub async fn finish(&self) -> CleanupOutcome {
        self.0.maker.finish(&BTreeSet::new()).await
    }

    /// Whether there is anything to undo.
    pub(crate) fn has_to_undo(&self) -> bool {
        !self.0.maker.stack.is_empty()
    }

    /// Returns the identities that the test leased.
    pub(crate) fn leases(&self) -> &[Lease] {
        &self.0.leases
    }

    /// Returns the identities of the actors.
    pub(crate) fn identities(&self) -> &[Named] {
        &self.0.identities
    }
}

macro_rules! clients {
    ($($name:ident, $client:ident, $what:literal;)+) => {
        /// The clients of the test's first identity.
        impl Context {$(
            #[doc = concat!("Returns the client of ", $what, ".")]
            pub fn $name(&self) -> &squall_services::clients::$name::$client {
                self.actor().$name()
            }
        )+}
    };
}
squall_services::each_service!(clients);
