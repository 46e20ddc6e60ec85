//! Quotas, as each service enforces them: the last one fits, one more is refused, what is given
//! back makes room, and the usage agrees.
//!
//! Each test has a project of its own, in which nothing else counts.

mod compute;
mod network;
mod volume;

use squall::client::{Call, ErrorResponse};
use squall::{Context, Result, ensure};

/// Quotas of projects.
#[squall::suite(id = "suites.quotas", kind = "api", tags(negative), identities(fresh member))]
pub(crate) struct Quotas;

/// Creates what there is room for, is refused one more, gives the first one back, and creates
/// another. Returns the refusal.
async fn only_one_fits<T>(
    ctx: &Context,
    status: u16,
    create: impl Fn() -> Call<T>,
    delete: impl FnOnce(&str) -> Call<()>,
) -> Result<ErrorResponse> {
    let first = ctx.create(create()).await?;
    let refused = ctx.expect_refusal(status, create()).await?;
    delete(&first.id).send().await?;
    ctx.create(create()).await?;
    Ok(refused)
}

/// Checks that a refusal names the quota.
fn ensure_names(refused: &ErrorResponse, quota: &str) -> Result {
    let message = refused.message().unwrap_or_default();
    ensure!(message.contains(quota), "the refusal does not name `{quota}`: {message}");
    Ok(())
}
