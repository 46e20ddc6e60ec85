//! The descriptor that `#[squall::test]` registers.

use std::fmt;
use std::panic::Location;

use super::attributes::{Claim, IdentityRequest, Need, TestFuture};
use super::case::{BoundCase, CaseRun};
use crate::{Context, Failure};

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

impl fmt::Debug for TestDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TestDescriptor({}, {}:{})", self.id, self.file, self.line)
    }
}
