//! An operation that the spec keeps, with everything that the merge found out about it.

use squall_model::VersionRange;

use super::bodies::Bodies;
use super::facts::Operation;
use super::naming::Name;
use super::policies::Guard;

/// An operation with the results of the merge.
pub(super) struct Kept<'a> {
    pub(super) op: &'a Operation,
    pub(super) name: Name,
    pub(super) versions: VersionRange,
    pub(super) bodies: Bodies,
    pub(super) guards: Vec<Guard>,
}
