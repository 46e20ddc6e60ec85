//! Names that never change in the embedded cloud.

/// The only region.
pub(crate) const REGION: &str = "RegionOne";
/// The only host.
pub(crate) const HOST: &str = "node-1";
