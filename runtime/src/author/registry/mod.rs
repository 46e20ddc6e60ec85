//! The registry of tests.
//!
//! `#[squall::test]` and `#[squall::suite]` register descriptors, which are collected when the
//! process starts ([`inventory`]). [`discover`] merges them: a test takes what it does not declare
//! itself from the suites of its module and the enclosing modules, and shares their fixtures.
//!
//! The linker silently drops a crate that no source refers to, with all its registrations.
//! Therefore `squall::manifest!` and `squall::main!` count the tests in a package's source, and
//! [`check`] compares the numbers with what was registered.

mod attributes;
mod case;
mod cases;
mod discover;
mod faults;
mod fixture;
mod layers;
mod manifest;
mod merge;
mod suite;
mod test;

pub use attributes::{Claim, IdentityRequest, Need, TestFuture};
#[doc(hidden)]
pub use case::bind;
pub use case::{BoundCase, Case, CaseRun};
pub use discover::{Duplicate, Registry, discover};
pub use faults::{Fault, faults};
pub use fixture::{Fixture, FixtureDescriptor, FixtureFuture, SharedFixture};
pub use layers::{Layer, layers};
pub use manifest::{Manifest, ManifestFile, Missing, check};
pub use merge::Test;
pub use suite::SuiteDescriptor;
pub use test::{Run, TestDescriptor};
