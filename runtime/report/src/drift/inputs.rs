//! The inputs of drift.

use std::collections::{BTreeMap, BTreeSet};

use squall_model::{Microversion, ServiceSpec, VersionRange};

/// What a live cloud reports about a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveService {
    /// The catalog has no endpoint for it.
    Absent,
    /// It has these microversions (unbounded if it has none).
    At(VersionRange),
}

/// What one test declares to need of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The test's id.
    pub test: String,
    /// The service, by Squall's name.
    pub service: String,
    /// The versions it declares; unbounded if it declares none.
    pub versions: VersionRange,
}

/// One answer recorded in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exercise {
    /// The operation's id.
    pub operation: String,
    /// The negotiated microversion.
    pub version: Option<Microversion>,
    /// Whether the answer was validated against a schema and matched it.
    pub validated: bool,
    /// The test that sent the request.
    pub test: String,
}

/// What the release before had, by the surfaces that a checkout keeps of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReleaseBefore {
    /// Its name.
    pub release: String,
    /// The methods and paths of its operations, by service.
    pub requests: BTreeMap<String, BTreeSet<String>>,
    /// Its microversions, by service.
    pub versions: BTreeMap<String, BTreeSet<Microversion>>,
}

/// Everything that [`super::assess`] uses.
#[derive(Debug, Default)]
pub struct Inputs<'a> {
    /// The services, as their generated crates describe them.
    pub services: Vec<&'a ServiceSpec>,
    /// The ids of operations that a client has and no spec describes.
    pub beside_the_specs: BTreeSet<String>,
    /// What a cloud reports, by service; `None` if no cloud was asked.
    pub live: Option<BTreeMap<String, LiveService>>,
    /// What the tests declare.
    pub declarations: Vec<Declaration>,
    /// What runs recorded; `None` if there is no run.
    pub exercises: Option<Vec<Exercise>>,
    /// The ids of the tests that passed in those runs.
    pub passed: BTreeSet<String>,
    /// What the release before had; `None` outside a checkout.
    pub before: Option<ReleaseBefore>,
    /// The runs, for the report's header.
    pub runs: Vec<String>,
    /// The runs that selected only some of the tests, in words.
    pub partial: Vec<String>,
    /// The cloud's name, for the report's header.
    pub cloud: Option<String>,
}
