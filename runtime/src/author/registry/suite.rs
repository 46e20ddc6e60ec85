//! The descriptor that `#[squall::suite]` registers.

use super::{Claim, FixtureDescriptor, IdentityRequest, Need};

/// A suite: what the tests of its module and of the modules below have in common.
#[derive(Debug)]
pub struct SuiteDescriptor {
    /// Its id, as in `compute.servers`.
    pub id: &'static str,
    /// The name of the item that carries the attribute.
    pub name: &'static str,
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
    /// The kind of its tests: `api`, `scenario` and so on.
    pub kind: Option<&'static str>,
    /// Services that every test calls, in addition to its own.
    pub needs: &'static [Need],
    /// Features that every test needs, in addition to its own.
    pub features: &'static [&'static str],
    /// The identities of tests that request none.
    pub identities: &'static [IdentityRequest],
    /// Tags of every test, in addition to its own.
    pub tags: &'static [&'static str],
    /// The timeout in seconds of tests that set none.
    pub timeout: Option<u32>,
    /// Claims of every test, in addition to its own.
    pub claims: &'static [Claim],
    /// What is set up once for all of its tests.
    pub fixture: Option<FixtureDescriptor>,
}

inventory::collect!(SuiteDescriptor);
