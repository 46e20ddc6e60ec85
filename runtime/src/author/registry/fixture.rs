//! Fixtures: what a suite sets up once for all its tests.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use super::IdentityRequest;
use crate::{Context, Result};

pub use crate::context::Fixture;

/// The future that sets up a fixture.
pub type FixtureFuture<'a> = Pin<Box<dyn Future<Output = Result<Fixture>> + Send + 'a>>;

/// How a suite's fixture is set up.
#[derive(Clone, Copy)]
pub struct FixtureDescriptor {
    /// Sets it up.
    pub set_up: for<'a> fn(&'a Context) -> FixtureFuture<'a>,
}

impl fmt::Debug for FixtureDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FixtureDescriptor")
    }
}

/// A fixture, from the view of a test that shares it.
#[derive(Debug, Clone)]
pub struct SharedFixture {
    /// The id of its suite.
    pub suite: &'static str,
    /// How it is set up.
    pub descriptor: FixtureDescriptor,
    /// The identities that are leased for it; none if it uses those of the fixture around
    /// it.
    pub identities: Vec<IdentityRequest>,
    /// The timeout of its set-up, before scaling.
    pub timeout: Duration,
}
