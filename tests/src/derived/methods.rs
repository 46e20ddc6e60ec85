//! Requests that a service refuses before it looks at what they are about: no token, a version,
//! a method, an action or a content type that it does not know.

use squall::derived::methods::{self, MethodCase};
use squall::described::Pool;
use squall::scenario::quotas;
use squall::{Case, Context, Result, services};

/// Every path and operation, by what its spec documents.
#[squall::suite(
    id = "suites.methods",
    kind = "methods",
    identities(member, other = member, reader),
    timeout = 300,
    fixture = pool
)]
pub(crate) struct Methods;

/// What valid bodies refer to.
async fn pool(ctx: &Context) -> Result<Pool> {
    quotas::lift(ctx).await?;
    Ok(Pool::new(ctx))
}

/// Such a request is refused as documented.
#[squall::test(id = "methods", cases = every_case)]
async fn refused(ctx: &Context, case: &MethodCase) -> Result {
    methods::check(ctx, ctx.fixture()?, case).await
}

/// Returns the cases of each service, as in `no-token.network.ports.show`.
fn every_case() -> Vec<Case<MethodCase>> {
    services::all().iter().flat_map(|service| methods::cases(service.name)).collect()
}
