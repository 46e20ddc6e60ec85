//! Services: what a generated crate describes, and what is particular to each on the
//! wire.

mod authority;
mod profile;
mod reference;

use serde::{Deserialize, Serialize};

pub use authority::{aliases, is_official, official, official_types, project};
pub use profile::{
    FaultShape, KNOWN, MountPath, OwnVersionHeader, REQUEST_ID_HEADERS, ServiceProfile, fault_name,
};

pub use reference::ReferenceError;

use crate::{Microversion, Operation, VersionRange};

/// The `Server` header of the embedded cloud, which sets its answers apart from real ones.
pub const EMBEDDED_SERVER: &str = "squall-embedded-cloud";

/// The header of a request that the embedded cloud answers as if it had worked, and that changes
/// nothing, whatever the header's value.
pub const PRETEND_HEADER: &str = "x-squall-pretend";

/// The header of the answer to a request that was pretended: [`HAD_EFFECT`] or [`HAD_NO_EFFECT`].
pub const PRETENDED_HEADER: &str = "x-squall-pretended";

/// The request would have changed something.
pub const HAD_EFFECT: &str = "effect";

/// The request would have changed nothing, so that nothing can show that it was pretended.
pub const HAD_NO_EFFECT: &str = "no effect";

/// Whether a microversion changed the spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VersionKind {
    /// An operation, a request, a query, a status, a response, an error or a header changed
    /// with it.
    Schema,
    /// Only behaviour changed, not the spec.
    Behaviour,
}

/// One microversion in a service's history.
#[derive(Debug, Clone, Copy)]
pub struct VersionNote {
    /// The version.
    pub version: Microversion,
    /// Whether it changed the spec.
    pub kind: VersionKind,
    /// What it changed, in one line.
    pub summary: &'static str,
}

/// A service: its names, versions and operations.
#[derive(Debug)]
pub struct ServiceSpec {
    /// The official service type, as in `block-storage` for volume.
    pub service_type: &'static str,
    /// Squall's name, the first part of every operation id, as in `compute`.
    pub name: &'static str,
    /// The path of the API version below the service's endpoint, as in `/v2.1`;
    /// empty if there is none.
    pub version_path: &'static str,
    /// The microversions; [`VersionRange::ALL`] if the service has none.
    pub versions: VersionRange,
    /// The packages from which the spec was harvested, as in `nova 34.0.0`.
    pub source: &'static str,
    /// Every microversion, ascending.
    pub history: &'static [VersionNote],
    /// Every operation, sorted by id.
    pub operations: &'static [&'static Operation],
}

impl ServiceSpec {
    /// Returns what is particular about the service on the wire.
    pub fn profile(&self) -> &'static ServiceProfile {
        ServiceProfile::of(self.service_type)
    }

    /// Finds an operation by its id.
    pub fn operation(&self, id: &str) -> Option<&'static Operation> {
        self.operations
            .binary_search_by(|op| op.id.as_ref().cmp(id))
            .ok()
            .map(|index| self.operations[index])
    }

    /// Whether the service has microversions.
    pub fn has_microversions(&self) -> bool {
        self.versions.min.is_some()
    }
}
