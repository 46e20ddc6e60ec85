//! Requests that a service refuses before it looks at what they are about: without a token, at a
//! version that it or the operation does not have, with a method, an action or a content type
//! that it does not know.
//!
//! Which of them an operation can be asked follows from its spec: only what documents 401, 406
//! or 415 is sent a request that has to be answered so. Most name a resource that does not
//! exist and have no body, so that nothing changes even where a service accepts them.

mod content;
mod plan;
mod probe;

use crate::described::Pool;
use crate::{Context, Result};
use plan::Check;

pub use plan::{MethodCase, cases};

/// Sends one such request.
///
/// # Errors
/// The service does not refuse it, or not with the status that its spec documents.
pub async fn check(ctx: &Context, pool: &Pool, case: &MethodCase) -> Result {
    match case.check {
        Check::NoToken => probe::without_token(ctx, case).await,
        Check::BeyondNewest => probe::beyond_newest(ctx, case).await,
        Check::OutsideVersions(version) => probe::outside_versions(ctx, case, version).await,
        Check::UnknownAction => probe::unknown_action(ctx, case).await,
        Check::Undeclared(method) => probe::undeclared(ctx, case, method).await,
        Check::ContentType => content::of_another_type(ctx, pool, case).await,
    }
}
