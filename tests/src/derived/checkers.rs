//! Rules that hold for every resource: what is deleted is gone, what is refused leaves nothing,
//! and another project or another parent reaches nothing.

use squall::derived::checkers::{self, CheckerCase, Resources};
use squall::scenario::quotas;
use squall::{Case, Context, Result, services};

/// Every resource, by the rules that hold for all.
#[squall::suite(
    id = "suites.checkers",
    kind = "checkers",
    identities(member, other = member, reader),
    timeout = 300,
    fixture = resources
)]
pub(crate) struct Checkers;

/// The resources that the rules are held against.
async fn resources(ctx: &Context) -> Result<Resources> {
    quotas::lift(ctx).await?;
    Ok(Resources::new(ctx))
}

/// A rule holds for an operation.
#[squall::test(id = "checkers", cases = every_case)]
async fn rules(ctx: &Context, case: &CheckerCase) -> Result {
    checkers::check(ctx, ctx.fixture()?, case).await
}

/// Returns the cases of each service, as in `after-delete.network.ports.show`.
fn every_case() -> Vec<Case<CheckerCase>> {
    services::all().iter().flat_map(|service| checkers::cases(service.name)).collect()
}
