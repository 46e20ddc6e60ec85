//! Boundary suites: a request at the bound of a constraint is accepted, and what it sets comes
//! back as sent.

use squall::derived::{DerivedCase, boundaries, stays_in_bounds};
use squall::{Case, Context, Result, services};

use super::twins;

/// Every constraint, just kept.
#[squall::suite(
    id = "suites.boundary",
    kind = "boundary",
    identities(member, other = member, reader),
    timeout = 300,
    fixture = twins
)]
pub(crate) struct Boundary;

/// A request at a bound is accepted.
#[squall::test(id = "boundary", cases = every_bound)]
async fn accepted(ctx: &Context, case: &DerivedCase) -> Result {
    stays_in_bounds(ctx, ctx.fixture()?, case).await
}

/// Returns a case for each bound of each service.
fn every_bound() -> Vec<Case<DerivedCase>> {
    services::all().iter().flat_map(|service| boundaries(service.name)).collect()
}
