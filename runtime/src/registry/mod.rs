//! The registry: which tests there are.
//!
//! `#[squall::test]` and `#[squall::suite]` leave descriptors behind, which are
//! collected when the process starts ([`inventory`]). [`discover`] puts them
//! together: a test takes what it does not say itself from the suites of the
//! modules it stands in, and shares their fixtures.
//!
//! A crate that is never named in source is dropped by the linker with all its
//! registrations and without a word. So `squall::manifest!` and `squall::main!`
//! count the tests in a package's source, and [`check`] holds the numbers
//! against what was registered.

mod discover;
mod fixture;
mod layers;
mod manifest;
mod merge;
mod suite;
mod test;

pub use discover::{Duplicate, Registry, discover};
pub use fixture::{Fixture, FixtureDescriptor, FixtureFuture, SharedFixture};
pub use layers::{Layer, layers};
pub use manifest::{Manifest, ManifestFile, Missing, check};
pub use merge::Test;
pub use suite::SuiteDescriptor;
pub use test::{Claim, IdentityWish, Need, TestDescriptor, TestFuture};
