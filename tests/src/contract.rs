//! Contract suites: every operation that a description reaches is called at the first version
//! of each interval of its response schema, with a valid request, and answered as described.
//!
//! Their requests come from `api-specs/<service>/resources.yaml`; see the guide "You describe
//! a resource".

use squall::described::{DescribedCell, Pool, cells, exercise};
use squall::scenario::quotas;
use squall::{Case, Context, Result, services};

/// Every operation, as described.
#[squall::suite(
    id = "suites.contract",
    kind = "contract",
    identities(member, other = member, reader),
    timeout = 300,
    fixture = pool
)]
pub(crate) struct Contract;

/// What reads shares these resources.
async fn pool(ctx: &Context) -> Result<Pool> {
    quotas::lift(ctx).await?;
    Ok(Pool::new(ctx))
}

/// An operation is answered as its spec says.
#[squall::test(id = "contract", cases = every_cell)]
async fn answered_as_described(ctx: &Context, cell: &DescribedCell) -> Result {
    exercise(ctx, ctx.fixture()?, cell).await
}

/// Returns a case for each cell of each service, as in `volume.snapshots.show@3.65`.
fn every_cell() -> Vec<Case<DescribedCell>> {
    services::all().iter().flat_map(|service| cells(service.name)).collect()
}
