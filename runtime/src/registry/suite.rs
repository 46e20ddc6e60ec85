//! What `#[squall::suite]` says of the tests of a module, as a constant.

use super::{Claim, FixtureDescriptor, IdentityWish, Need};

/// A suite: what the tests of its module and of the modules below have in common.
#[derive(Debug)]
pub struct SuiteDescriptor {
    /// Its id, as in `compute.servers`.
    pub id: &'static str,
    /// The name of the item that carries the attribute.
    pub name: &'static str,
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
    /// What kind of tests they are: `api`, `scenario` and so on.
    pub kind: Option<&'static str>,
    /// The services that every test calls, added to its own.
    pub needs: &'static [Need],
    /// Features that every test asks for, added to its own.
    pub features: &'static [&'static str],
    /// The identities of a test that names none.
    pub identities: &'static [IdentityWish],
    /// Tags of every test, added to its own.
    pub tags: &'static [&'static str],
    /// The deadline in seconds of a test that names none.
    pub timeout: Option<u32>,
    /// Claims of every test, added to its own.
    pub claims: &'static [Claim],
    /// What is set up once for all of its tests.
    pub fixture: Option<FixtureDescriptor>,
}

inventory::collect!(SuiteDescriptor);
