//! What a list must do: be read page by page, narrowed, ordered, and refuse or ignore the
//! parameters that its query schema does not have.
//!
//! Each check is made on resources of the run, so that it says something on a cloud that has
//! nothing else. Other resources may come and go meanwhile: a check is about the run's own
//! wherever they matter.

mod filter;
mod listing;
mod marker;
mod operations;
mod parameters;
mod plan;
mod schema;
mod sort;
mod values;
mod walk;

use crate::described::Pool;
use crate::{Context, Result};
use plan::Check;

pub use plan::{ListCase, cases};

/// Checks one thing about a list.
///
/// # Errors
/// The list does not do what its schemas say. A list that cannot be checked is skipped: there is
/// no resource to find in it, or its plain request is not answered with success.
pub async fn check(ctx: &Context, pool: &Pool, case: &ListCase) -> Result {
    let list = listing::Listing::of(ctx, pool, case).await?;
    let checked = match case.check() {
        Check::Walk => walk::forward(&list).await,
        Check::WalkBack => walk::backward(&list).await,
        Check::UnknownMarker => marker::unknown(&list).await,
        Check::Filter(key) => filter::narrows(&list, key).await,
        Check::FilterElse(key) => filter::leaves_out(&list, key).await,
        Check::Sort(key) => sort::orders(&list, key).await,
        Check::Fields(key) => parameters::selects(&list, key).await,
        Check::Unknown(treatment) => parameters::unknown(&list, treatment).await,
    };
    match checked {
        Ok(()) => Ok(()),
        Err(failure) => Err(list.with_request(failure).await),
    }
}
