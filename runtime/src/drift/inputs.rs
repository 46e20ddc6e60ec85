//! What drift is computed from, gathered by the caller.

use std::collections::{BTreeMap, BTreeSet};

use squall_model::{Microversion, ServiceSpec, VersionRange};

/// What a live cloud says of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveService {
    /// The catalog has no endpoint for it.
    Absent,
    /// It answers, at these microversions (open where it has none).
    At(VersionRange),
}

/// What one test says it needs of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The test's id.
    pub test: String,
    /// The service, by our name.
    pub service: String,
    /// The versions it declares; open where it declares none.
    pub versions: VersionRange,
}

/// One answer that a run holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exercise {
    /// The operation's id.
    pub operation: String,
    /// The microversion it was negotiated at.
    pub version: Option<Microversion>,
    /// Whether the answer was held against a schema and matched it.
    pub validated: bool,
    /// The test that asked.
    pub test: String,
}

/// The operations that a checkout's surface lock and reference pages name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surface {
    /// The ids with a client method.
    pub clients: BTreeSet<String>,
    /// The ids with an entry in the reference.
    pub documented: BTreeSet<String>,
}

/// Everything [`super::assess`] looks at.
#[derive(Debug, Default)]
pub struct Inputs<'a> {
    /// The services, as their generated crates describe them.
    pub services: Vec<&'a ServiceSpec>,
    /// What a cloud says, by service; `None` where no cloud was asked.
    pub live: Option<BTreeMap<String, LiveService>>,
    /// What the tests declare.
    pub declarations: Vec<Declaration>,
    /// What runs hold; `None` where there is no run.
    pub exercises: Option<Vec<Exercise>>,
    /// The ids of the tests that ran and passed, in those runs.
    pub passed: BTreeSet<String>,
    /// What the checkout holds; `None` outside one.
    pub surface: Option<Surface>,
    /// Where the run's data come from, for the report's head.
    pub runs: Vec<String>,
    /// The cloud's name, for the report's head.
    pub cloud: Option<String>,
}
