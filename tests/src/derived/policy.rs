//! The policy matrix: every rule, by every persona.

use squall::derived::policy::{self, Matrix, PolicyCase};
use squall::scenario::quotas;
use squall::{Case, Context, Result, services};

/// Every rule that an operation checks.
#[squall::suite(
    id = "suites.policy",
    kind = "policy",
    identities(member, other = member, reader),
    timeout = 900,
    fixture = matrix
)]
pub(crate) struct Policy;

/// One identity for each persona, and the resources that they are tried on.
async fn matrix(ctx: &Context) -> Result<Matrix> {
    quotas::lift(ctx).await?;
    Matrix::new(ctx).await
}

/// Who may call an operation is who the rule says.
#[squall::test(id = "policy", cases = every_rule)]
async fn as_ruled(ctx: &Context, case: &PolicyCase) -> Result {
    policy::check(ctx, ctx.fixture()?, case).await
}

/// Returns the cases of each service, as in
/// `network.get_network.by.networks.show`.
fn every_rule() -> Vec<Case<PolicyCase>> {
    services::all().iter().flat_map(|service| policy::cases(service.name)).collect()
}
