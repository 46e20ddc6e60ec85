//! Suites that follow from the specs: each described request with one value changed.
//!
//! Their tests are planned by a committed list and outside of the default selection; see the
//! guide "You read a derived test".

mod boundary;
mod checkers;
mod lists;
mod methods;
mod negative;
mod policy;

use squall::derived::Twins;
use squall::scenario::quotas;
use squall::{Context, Result};

/// The valid requests, on resources of the suite's own.
pub(crate) async fn twins(ctx: &Context) -> Result<Twins> {
    quotas::lift(ctx).await?;
    Ok(Twins::new(ctx))
}
