//! Lists: read page by page, narrowed by each declared filter, ordered by each declared sort
//! key, and with a parameter that they do not know.

use squall::derived::lists::{self, ListCase};
use squall::described::Pool;
use squall::scenario::quotas;
use squall::{Case, Context, Result, services};

/// Every list, as its query schema says.
#[squall::suite(
    id = "suites.lists",
    kind = "lists",
    identities(member, other = member, reader),
    timeout = 300,
    fixture = pool
)]
pub(crate) struct Lists;

/// The resources that should be listed.
async fn pool(ctx: &Context) -> Result<Pool> {
    quotas::lift(ctx).await?;
    Ok(Pool::new(ctx))
}

/// A list does what its query schema says.
#[squall::test(id = "lists", cases = every_case)]
async fn as_declared(ctx: &Context, case: &ListCase) -> Result {
    lists::check(ctx, ctx.fixture()?, case).await
}

/// Returns the cases of each service, as in `network.ports.list.filter.mac_address`.
fn every_case() -> Vec<Case<ListCase>> {
    services::all().iter().flat_map(|service| lists::cases(service.name)).collect()
}
