//! Rules that hold for every resource, whatever it is, after the checkers of `RESTler` (Atlidakis,
//! Godefroid, Polishchuk, 2020):
//!
//! - what is deleted is used no more, and listed no more;
//! - a creating request that is refused leaves nothing behind;
//! - another project reaches no resource, and does not see it;
//! - a resource is reached through its own parent alone.

mod graveyard;
mod left_behind;
mod plan;
mod reach;

use crate::{Context, Result};
use plan::Check;

pub use graveyard::Resources;
pub use plan::{CheckerCase, cases};

/// Checks one rule.
///
/// # Errors
/// The rule is broken. A resource that cannot be created or deleted skips the test: the contract
/// suites report that.
pub async fn check(ctx: &Context, resources: &Resources, case: &CheckerCase) -> Result {
    ctx.undo_by_kind();
    match case.check {
        Check::AfterDelete => reach::after_delete(ctx, resources, case).await,
        Check::ListedAfterDelete => reach::listed_after_delete(ctx, resources, case).await,
        Check::LeftBehind(pointer) => left_behind::nothing(ctx, resources, case, pointer).await,
        Check::OtherProject => reach::from_other_project(ctx, resources, case).await,
        Check::OtherProjectLists => reach::listed_to_other_project(ctx, resources, case).await,
        Check::OtherParent(param) => reach::through_other_parent(ctx, resources, case, param).await,
    }
}
