//! A request that breaks one constraint is refused.

use super::case::{DerivedCase, acts_on, request};
use super::judge;
use super::send::{Sending, altered, send};
use super::twin::Twins;
use crate::{Context, Failure, Result};

/// Sends the valid request of a case with one constraint broken, and expects the service to
/// refuse it.
///
/// # Errors
/// The service accepts it, fails on it, or refuses it in another way than its spec says. Where
/// the valid request was refused itself, or this one before the constraint was looked at, the
/// test is skipped.
pub async fn refuses(ctx: &Context, twins: &Twins, case: &DerivedCase) -> Result {
    ctx.undo_by_kind();
    let (twin, constraint) = twins.of(case).await?;
    let described = request(case.how).ok_or_else(|| Failure::new("nothing calls it"))?;
    let filled = |name: &str| altered(twin.filled(name), constraint.place, &constraint.change);
    let sending = Sending {
        operation: case.operation,
        request: described,
        put_back: twin.put_back(),
        on: acts_on(case.how),
        derived_with: twin.name(),
        is_valid: false,
    };
    let sent = send(ctx, sending, filled).await?;
    judge::refused(case.operation, &constraint, &sent)
}
