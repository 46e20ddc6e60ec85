//! What a test is given: who it acts as, and the one way to make things.
//!
//! ```no_run
//! use serde_json::json;
//! use squall::{Context, kinds};
//!
//! # async fn doc(ctx: &Context) -> squall::Result {
//! // Written to the ledger, then sent; gone at the end of the test, whatever
//! // becomes of it.
//! let network = ctx
//!     .create(&kinds::NETWORK, |name| ctx.network().networks().create(json!({"name": name})))
//!     .await?;
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

use crate::client::{Call, ErrorResponse, Response};
use crate::credentials::{Identity, Lease};
use crate::environment::Facts;
use crate::journal::Sink;
use crate::kinds::Kind;
use crate::ledger::Outcome;
use crate::making::Maker;
use crate::{Failure, Result};

pub use crate::actor::Actor;
pub use crate::making::{Made, MakeError};
pub(crate) use choices::Choices;
pub use fixture::{Fixture, Standing};

/// What a test is given.
///
/// It is cheap to clone, so that a test can hand it to tasks of its own.
#[derive(Debug, Clone)]
pub struct Context(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    test: String,
    actors: Vec<Actor>,
    identities: Vec<Named>,
    admin: Actor,
    leases: Vec<Lease>,
    /// The nearest fixture around.
    around: Option<Standing>,
    /// Whether an identity here is not to be leased again.
    spoilt: AtomicBool,
    facts: Arc<Facts>,
    choices: Arc<Choices>,
    maker: Maker,
    sink: Sink,
}

/// An identity, and what a test or a fixture calls it.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) name: &'static str,
    pub(crate) identity: Identity,
}

/// What a context is made of.
pub(crate) struct Parts {
    pub(crate) test: String,
    /// The identities that the test wished for, in its order.
    pub(crate) actors: Vec<Actor>,
    /// Who the actors are.
    pub(crate) identities: Vec<Named>,
    pub(crate) admin: Actor,
    pub(crate) leases: Vec<Lease>,
    pub(crate) around: Option<Standing>,
    pub(crate) facts: Arc<Facts>,
    pub(crate) choices: Arc<Choices>,
    pub(crate) maker: Maker,
    pub(crate) sink: Sink,
}

impl Context {
    /// Makes a context.
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

    /// Makes a thing: writes the ledger, sends the call, and has it undone at the
    /// end of the test, in reverse order and until it is seen to be gone.
    ///
    /// The closure is given a name that no other thing has, and hands it on as
    /// the thing's own; a request that does not carry it is not sent. The call
    /// may be any identity's, and the same one undoes it.
    pub async fn create<T>(
        &self,
        kind: &'static Kind,
        call: impl FnOnce(&str) -> Call<T>,
    ) -> Result<Made<T>, MakeError> {
        self.0.maker.create(kind, call).await
    }

    /// Does a change that is undone at the end: a role given to a user, a volume
    /// attached to a server.
    pub async fn change<T>(
        &self,
        kind: &'static Kind,
        call: Call<T>,
    ) -> Result<Response<T>, MakeError> {
        self.0.maker.change(kind, None, call).await
    }

    /// Replaces a value that is put back at the end; `old` is the whole body that
    /// does so.
    pub async fn replace<T>(
        &self,
        kind: &'static Kind,
        old: Value,
        call: Call<T>,
    ) -> Result<Response<T>, MakeError> {
        self.0.maker.change(kind, Some(old), call).await
    }

    /// Sends a making call that the service should refuse with this status.
    ///
    /// It goes to the ledger as any other, so that a service that does not refuse
    /// it leaves nothing behind either.
    pub async fn expect_refusal<T>(
        &self,
        kind: &'static Kind,
        status: u16,
        call: impl FnOnce(&str) -> Call<T>,
    ) -> Result<ErrorResponse, MakeError> {
        self.0.maker.expect_refusal(kind, status, call).await
    }

    /// Has something done at the end, before what was made earlier is undone.
    ///
    /// It is for what no kind describes and no crash leaves behind.
    #[track_caller]
    pub fn defer(&self, action: impl Future<Output = Result> + Send + 'static) {
        let place = Location::caller();
        self.0.maker.defer(place, Box::pin(action));
    }

    /// Makes the wish to be skipped: `return Err(ctx.skip("…"))`.
    #[track_caller]
    pub fn skip(&self, why: impl Into<String>) -> Failure {
        Failure::skip(why)
    }

    /// Gives the test's first identity, whose clients the context itself gives.
    pub fn actor(&self) -> &Actor {
        self.0.actors.first().unwrap_or(&self.0.admin)
    }

    /// Gives an identity by the name that the test's attribute gives it.
    #[track_caller]
    pub fn identity_named(&self, name: &str) -> Result<&Actor> {
        let found = self.0.actors.iter().find(|actor| actor.name() == name);
        found.ok_or_else(|| {
            let known: Vec<_> = self.0.actors.iter().map(Actor::name).collect();
            Failure::new(format!(
                "this test has no identity `{name}`, only {}: add it to `identities(…)`",
                known.join(", ")
            ))
        })
    }

    /// Gives the cloud's admin, the one identity that was there before the run.
    pub fn admin(&self) -> &Actor {
        &self.0.admin
    }

    /// Gives what object storage has beside its operations, for the first identity:
    /// large objects, temporary URLs, access lists, versions, bulk requests and web sites.
    pub fn store(&self) -> crate::object_storage::Store {
        self.actor().store()
    }

    /// Gives what was found out about the cloud.
    pub fn facts(&self) -> &Facts {
        &self.0.facts
    }

    /// Gives what was chosen of the cloud for all tests.
    pub(crate) fn choices(&self) -> &Choices {
        &self.0.choices
    }

    /// Gives the test's id; the suite's, where a fixture is set up.
    pub fn test(&self) -> &str {
        &self.0.test
    }

    /// Undoes everything that the test made, in reverse; nothing can be made
    /// from then on.
    ///
    /// It may be called more than once, and goes on where it was cut short.
    pub async fn finish(&self) -> Outcome {
        self.0.maker.finish(&BTreeSet::new()).await
    }

    /// Tells whether something is there to be undone.
    pub(crate) fn has_to_undo(&self) -> bool {
        !self.0.maker.stack.is_empty()
    }

    /// Gives the identities that the test leased.
    pub(crate) fn leases(&self) -> &[Lease] {
        &self.0.leases
    }

    /// Gives who the actors are.
    pub(crate) fn identities(&self) -> &[Named] {
        &self.0.identities
    }
}

macro_rules! clients {
    ($($name:ident: $type:path, $what:literal;)*) => {
        /// The clients of the test's first identity.
        impl Context {$(
            #[doc = concat!("Gives the client of ", $what, ".")]
            pub fn $name(&self) -> &$type {
                self.actor().$name()
            }
        )*}
    };
}

clients! {
    compute: crate::compute::Compute, "compute";
    identity: crate::identity::Identity, "identity";
    image: crate::image::Image, "image";
    network: crate::network::Network, "network";
    object_storage: crate::object_storage::ObjectStorage, "object storage";
    placement: crate::placement::Placement, "placement";
    volume: crate::volume::Volume, "volume";
}
