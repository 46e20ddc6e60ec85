//! The identities by which requests are sent.

use squall_model::description::Sender;

use crate::actor::Actor;
use crate::{Context, Result};

/// Returns who sends a request.
pub(crate) fn sender(ctx: &Context, by: Sender) -> Result<&Actor> {
    match by {
        Sender::Member => Ok(ctx.actor()),
        Sender::Admin => Ok(ctx.admin()),
        Sender::Other => identity(ctx, "other"),
        Sender::Reader => identity(ctx, "reader"),
    }
}

/// Returns an identity by its name.
pub(super) fn identity<'a>(ctx: &'a Context, name: &str) -> Result<&'a Actor> {
    ctx.identity_named(name)
}
