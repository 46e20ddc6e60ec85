//! The descriptor that `#[squall::test]` registers.

use std::fmt;
use std::panic::Location;
use std::pin::Pin;

use squall_model::VersionRange;

use super::cases::{BoundCase, CaseRun};
use crate::{Context, Failure, Result};

/// A running test.
pub type TestFuture<'a> = Pin<Box<dyn Future<Output = Result> + Send + 'a>>;

/// A test, as its attribute describes it.
pub struct TestDescriptor {
    /// Its id: stable when the function is renamed or moved, unique across all crates.
    pub id: &'static str,
    /// The function's name.
    pub function: &'static str,
    /// The module it is in.
    pub module: &'static str,
    /// The package it is in.
    pub package: &'static str,
    /// The first line of its documentation; empty if it has none.
    pub summary: &'static str,
    /// The file it is in, as the compiler reports it.
    pub file: &'static str,
    /// The line it starts at.
    pub line: u32,
    /// Its kind; `None` to take the suite's.
    pub kind: Option<&'static str>,
    /// The services it calls.
    pub needs: &'static [Need],
    /// The features that the cloud must have.
    pub features: &'static [&'static str],
    /// The identities it acts as, the first of them by default.
    pub identities: &'static [IdentityRequest],
    /// Its tags.
    pub tags: &'static [&'static str],
    /// Its timeout in seconds; `None` to take the suite's.
    pub timeout: Option<u32>,
    /// What it must not share with other running tests.
    pub claims: &'static [Claim],
    /// The bug that makes it fail until it is fixed, if any.
    pub known_bug: Option<&'static str>,
    /// The test itself.
    pub run: Run,
}

/// What a descriptor runs.
#[derive(Clone, Copy)]
pub enum Run {
    /// One test.
    Once(for<'a> fn(&'a Context) -> TestFuture<'a>),
    /// A test for each case that the function returns; it is called when tests are discovered.
    Cases(fn() -> Vec<BoundCase>),
    /// One case of such a test.
    Case(&'static CaseRun),
}

inventory::collect!(TestDescriptor);

impl TestDescriptor {
    /// Creates a descriptor with nothing but an id and a function, for tests that are defined
    /// without `#[squall::test]`.
    #[track_caller]
    pub const fn new(id: &'static str, run: for<'a> fn(&'a Context) -> TestFuture<'a>) -> Self {
        let place = Location::caller();
        Self {
            id,
            function: "test",
            module: "",
            package: "",
            summary: "",
            file: place.file(),
            line: place.line(),
            kind: None,
            needs: &[],
            features: &[],
            identities: &[],
            tags: &[],
            timeout: None,
            claims: &[],
            known_bug: None,
            run: Run::Once(run),
        }
    }

    /// Starts its body.
    pub fn start<'a>(&self, ctx: &'a Context) -> TestFuture<'a> {
        match self.run {
            Run::Once(run) => run(ctx),
            Run::Case(run) => run(ctx),
            // The registry makes a test of each case, and never runs this one.
            Run::Cases(_) => Box::pin(async { Err(Failure::new("its cases are not registered")) }),
        }
    }
}

/// A service that a test calls, and the microversions it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Squall's name for the service, or its type if Squall has no client for it.
    pub service: &'static str,
    /// The cloud must offer at least one of these versions.
    pub versions: VersionRange,
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

impl fmt::Debug for TestDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TestDescriptor({}, {}:{})", self.id, self.file, self.line)
    }
}
