//! What `#[squall::test]` says of a test, as a constant.

use std::fmt;
use std::panic::Location;
use std::pin::Pin;

use squall_model::VersionRange;

use crate::{Context, Result};

/// A running test.
pub type TestFuture<'a> = Pin<Box<dyn Future<Output = Result> + Send + 'a>>;

/// A test, as its attribute describes it.
pub struct TestDescriptor {
    /// Its id: stable when the function is renamed or moved, unique over all crates.
    pub id: &'static str,
    /// The function's name.
    pub function: &'static str,
    /// The module it stands in.
    pub module: &'static str,
    /// The package it stands in.
    pub package: &'static str,
    /// The first line of its documentation; empty where it has none.
    pub summary: &'static str,
    /// The file it stands in, as the compiler was given it.
    pub file: &'static str,
    /// The line it starts at.
    pub line: u32,
    /// What kind of test it is; none to take the suite's.
    pub kind: Option<&'static str>,
    /// The services it calls.
    pub needs: &'static [Need],
    /// The features that the cloud must have.
    pub features: &'static [&'static str],
    /// The identities it acts as, the first of them by default.
    pub identities: &'static [IdentityWish],
    /// What else it can be selected by.
    pub tags: &'static [&'static str],
    /// Its deadline in seconds; none to take the suite's.
    pub timeout: Option<u32>,
    /// What it must not share with other tests while it runs.
    pub claims: &'static [Claim],
    /// The bug that it fails of until that is mended, where there is one.
    pub known_bug: Option<&'static str>,
    /// The test itself.
    pub run: for<'a> fn(&'a Context) -> TestFuture<'a>,
}

inventory::collect!(TestDescriptor);

impl TestDescriptor {
    /// Makes one that says nothing but its id and what it does: what `#[squall::test]`
    /// writes is written whole, this is for tests that are made by hand.
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
            run,
        }
    }
}

/// A service that a test calls, and the microversions it calls it at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Our name for the service, or a service type where we have none.
    pub service: &'static str,
    /// The cloud must offer some version of these.
    pub versions: VersionRange,
}

/// What a test must not share with others while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// The cloud: nothing else runs.
    Cloud,
    /// A class of things: no other test that claims any of it runs.
    Whole(&'static str),
    /// So many things of a class, of those that there are for all tests.
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

/// An identity that a test acts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentityWish {
    /// What the test calls it; the persona's word where it does not say.
    pub name: &'static str,
    /// The persona: roles in a scope, as in `member`, `system_reader` or
    /// `creator+member`.
    pub persona: &'static str,
    /// Whether nobody may have had it before.
    pub fresh: bool,
}

impl fmt::Debug for TestDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TestDescriptor({}, {}:{})", self.id, self.file, self.line)
    }
}
