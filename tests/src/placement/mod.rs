//! Suites of the placement service.

mod allocations;
mod providers;

/// The placement service.
#[squall::suite(
    id = "suites.placement",
    kind = "api",
    needs(placement >= "1.28"),
    identities(admin)
)]
pub(crate) struct Placement;
