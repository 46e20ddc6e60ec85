//! What the suites around a test set up, as the test sees it.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Context;
use crate::credentials::Lease;
use crate::{Failure, Result};

/// A fixture that is set up, and the context it was set up in.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The id of its suite.
    pub(crate) suite: &'static str,
    /// What its set-up gave.
    pub(crate) value: Fixture,
    /// What it was made with, and is undone with.
    pub(crate) context: Context,
}

impl Context {
    /// Gives what a suite around this test set up, by its type.
    ///
    /// ```
    /// # use serde_json::json;
    /// # use squall::{Context, Result, kinds};
    /// /// Tests that look at one network.
    /// #[squall::suite(id = "acme.networks", needs(network), fixture = shared_network)]
    /// pub struct Networks;
    ///
    /// struct SharedNetwork {
    ///     id: String,
    /// }
    ///
    /// async fn shared_network(ctx: &Context) -> Result<SharedNetwork> {
    ///     let networks = ctx.network().networks();
    ///     let made = ctx
    ///         .create(&kinds::NETWORK, |name| networks.create(json!({ "name": name })))
    ///         .await?;
    ///     Ok(SharedNetwork { id: made.id })
    /// }
    ///
    /// /// The network is shown.
    /// #[squall::test(id = "acme.networks.show")]
    /// async fn shown(ctx: &Context) -> Result {
    ///     let network = ctx.fixture::<SharedNetwork>()?;
    ///     ctx.network().networks().show(&network.id).send().await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// No suite around the test sets up such a thing.
    #[track_caller]
    pub fn fixture<T: Any>(&self) -> Result<&T> {
        if let Some(value) = self.around().find_map(|standing| standing.value.get()) {
            return Ok(value);
        }
        let known: Vec<String> = self
            .around()
            .map(|standing| format!("`{}` by suite {}", standing.value.type_name(), standing.suite))
            .collect();
        let known = if known.is_empty() { "nothing".to_owned() } else { known.join(", ") };
        Err(Failure::new(format!(
            "no suite around this test sets up a `{}`, they set up {known}: name the function that \
             does in `#[squall::suite(fixture = …)]`",
            std::any::type_name::<T>()
        )))
    }

    /// Gives the fixtures around, the nearest first.
    pub(crate) fn around(&self) -> impl Iterator<Item = &Standing> {
        std::iter::successors(self.0.around.as_ref(), |inner| inner.context.0.around.as_ref())
    }

    /// Gives the identities that were leased for this and for the fixtures around.
    pub(crate) fn held(&self) -> impl Iterator<Item = &Lease> {
        let outer = self.around().flat_map(|standing| &standing.context.0.leases);
        self.0.leases.iter().chain(outer)
    }

    /// Notes that something is left in the projects of the identities around: they
    /// are not to be leased again.
    pub(crate) fn spoil_around(&self) {
        for standing in self.around() {
            standing.context.0.spoilt.store(true, Ordering::Relaxed);
        }
    }

    /// Tells whether somebody who acted as this one's identities left something.
    pub(crate) fn is_spoilt(&self) -> bool {
        self.0.spoilt.load(Ordering::Relaxed)
    }
}

/// What a set-up gave, whatever its type; tests get it by that.
#[derive(Clone)]
pub struct Fixture {
    value: Arc<dyn Any + Send + Sync>,
    type_name: &'static str,
}

impl Fixture {
    /// Wraps what a set-up gave.
    pub fn new<T: Any + Send + Sync>(value: T) -> Self {
        Self { value: Arc::new(value), type_name: std::any::type_name::<T>() }
    }

    /// Gives what it holds, where it is of this type.
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.value.downcast_ref()
    }

    /// Gives the name of the type that it holds.
    pub fn type_name(&self) -> &'static str {
        self.type_name
    }
}

impl fmt::Debug for Fixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fixture({})", self.type_name)
    }
}
