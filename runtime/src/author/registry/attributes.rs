//! What the attributes of tests and suites say.

use std::fmt;
use std::pin::Pin;

use squall_model::VersionRange;

use crate::{Result, services};

/// A running test.
pub type TestFuture<'a> = Pin<Box<dyn Future<Output = Result> + Send + 'a>>;

/// A service that a test calls, and the microversions it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Any name of the service, or its type if it is not registered.
    pub service: &'static str,
    /// The cloud must offer at least one of these versions.
    pub versions: VersionRange,
}

impl Need {
    /// Names the service as facts and settings do, whichever of its names the author used.
    pub(crate) fn of_our_name(self) -> Self {
        Self { service: services::our_name(self.service), ..self }
    }
}

/// What a test must not share with other running tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// The whole cloud: nothing else runs.
    Cloud,
    /// A whole class of resources: no other test that claims any of it runs.
    Whole(&'static str),
    /// A number of resources of a class, out of the capacity shared by all tests.
    Units(&'static str, u32),
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cloud => f.write_str("exclusive"),
            Self::Whole(class) => f.write_str(class),
            Self::Units(class, units) => write!(f, "{class} = {units}"),
        }
    }
}

/// An identity that a test requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentityRequest {
    /// The test's name for it; the persona by default.
    pub name: &'static str,
    /// The persona: roles in a scope, as in `member`, `system_reader` or
    /// `creator+member`.
    pub persona: &'static str,
    /// Whether it must not have been used before.
    pub fresh: bool,
}
