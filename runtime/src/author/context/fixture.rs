//! The fixtures of the suites around a test, as the test sees them.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Context;
use crate::credentials::Lease;
use crate::{Failure, Result};

/// A fixture that is set up, and the context in which it was.
#[derive(Debug, Clone)]
pub struct ActiveFixture {
    /// The id of its suite.
    pub(crate) suite: &'static str,
    /// The value that its set-up returned.
    pub(crate) value: Fixture,
    /// The context that created its resources, and deletes them.
    pub(crate) context: Context,
}

impl Context {
    /// Returns the fixture of a suite around this test, by its type.
    ///
    /// ```
    /// # use serde_json::json;
    /// # use squall::{Context, Result, kinds};
    /// /// Tests that share one network.
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
    ///         .create(networks.create(json!({})))
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
    /// No suite around the test has a fixture of this type.
    #[track_caller]
    pub fn fixture<T: Any>(&self) -> Result<&T> {
        if let Some(value) = self.around().find_map(|fixture| fixture.value.get()) {
            return Ok(value);
        }
        let known: Vec<String> = self
            .around()
            .map(|fixture| format!("`{}` by suite {}", fixture.value.type_name(), fixture.suite))
            .collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        Err(Failure::new(format!(
            "no suite around this test has a fixture of type `{}`; known: {known}. Name the function \
             that returns one in `#[squall::suite(fixture = …)]`",
            std::any::type_name::<T>()
        )))
    }

    /// Returns the enclosing fixtures, the nearest first.
    pub(crate) fn around(&self) -> impl Iterator<Item = &ActiveFixture> {
        std::iter::successors(self.0.around.as_ref(), |inner| inner.context.0.around.as_ref())
    }

    /// Returns the identities leased for this context and its enclosing fixtures.
    pub(crate) fn held(&self) -> impl Iterator<Item = &Lease> {
        let outer = self.around().flat_map(|fixture| &fixture.context.0.leases);
        self.0.leases.iter().chain(outer)
    }

    /// Records that something is left in the projects of the enclosing fixtures'
    /// identities, so that they are not leased again.
    pub(crate) fn spoil_around(&self) {
        for fixture in self.around() {
            fixture.context.0.spoilt.store(true, Ordering::Relaxed);
        }
    }

    /// Whether a test left something behind in the projects of these identities.
    pub(crate) fn is_spoilt(&self) -> bool {
        self.0.spoilt.load(Ordering::Relaxed)
    }
}

/// The value of a fixture, of any type; tests get it by the type.
#[derive(Clone)]
pub struct Fixture {
    value: Arc<dyn Any + Send + Sync>,
    type_name: &'static str,
}

impl Fixture {
    /// Wraps the value that a set-up returned.
    pub fn new<T: Any + Send + Sync>(value: T) -> Self {
        Self { value: Arc::new(value), type_name: std::any::type_name::<T>() }
    }

    /// Returns the value, if it is of this type.
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.value.downcast_ref()
    }

    /// Returns the name of its type.
    pub fn type_name(&self) -> &'static str {
        self.type_name
    }
}

impl fmt::Debug for Fixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fixture({})", self.type_name)
    }
}
