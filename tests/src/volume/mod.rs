//! Suites of the volume service.

mod chains;
mod lists;
mod naming;
mod snapshots;
mod types;
mod volumes;

/// The volume service.
#[squall::suite(id = "suites.volume", kind = "api", needs(volume), identities(member))]
pub(crate) struct Volume;
