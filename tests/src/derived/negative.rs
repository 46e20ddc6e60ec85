//! Negative suites: a request that breaks one constraint of its schema is refused with 400.

use squall::derived::{DerivedCase, negatives, refuses};
use squall::{Case, Context, Result, services};

use super::twins;

/// Every constraint, broken.
#[squall::suite(
    id = "suites.negative",
    kind = "negative",
    identities(member, other = member, reader),
    timeout = 300,
    fixture = twins
)]
pub(crate) struct Negative;

/// A request that breaks a constraint is refused.
#[squall::test(id = "negative", cases = every_constraint)]
async fn refused(ctx: &Context, case: &DerivedCase) -> Result {
    refuses(ctx, ctx.fixture()?, case).await
}

/// Returns a case for each constraint of each service.
fn every_constraint() -> Vec<Case<DerivedCase>> {
    services::all().iter().flat_map(|service| negatives(service.name)).collect()
}
