//! Waiting for the state of a described resource.

use std::slice;

use serde_json::Value;
use squall_model::description::After;
use squall_model::kind::{Gone, Kind, KindState};

use super::instance::Instance;
use super::request::{Obtain, Purpose, prepare};
use crate::client::body::Body;
use crate::wait::ready::state::State;
use crate::wait::{Poll, ProbeError};
use crate::{Context, Failure, Result};

/// Waits until a resource can be used.
pub(super) async fn becomes_ready(ctx: &Context, pool: &dyn Obtain, instance: &Instance) -> Result {
    comes_after(ctx, pool, instance, After::Ready).await
}

/// Waits for what comes after a call.
///
/// A change may have the state of what it refers to, as a volume that is attached.
pub(crate) async fn comes_after(
    ctx: &Context,
    pool: &dyn Obtain,
    instance: &Instance,
    after: After,
) -> Result {
    let state = instance.resource().kind.state;
    match state.and_then(KindState::referred) {
        Some((kind, state)) if after != After::Gone => match instance.referred(kind) {
            Some(other) => awaited(ctx, pool, other, after, Some(state)).await,
            None => Ok(()),
        },
        _ => awaited(ctx, pool, instance, after, state).await,
    }
}

async fn awaited(
    ctx: &Context,
    pool: &dyn Obtain,
    instance: &Instance,
    after: After,
    state: Option<KindState>,
) -> Result {
    let resource = instance.resource();
    let kind = resource.kind;
    let show = resource.standard("show").or_else(|| resource.standard("check"));
    let Some(show) = show else { return Ok(()) };
    let what = match (after, &state) {
        (After::Nothing, _) | (After::Ready, None) => return Ok(()),
        (After::Ready, Some(state)) if state.ready.is_empty() => return Ok(()),
        (After::Gone, _) => "to be gone".to_owned(),
        (After::Ready, Some(state)) => format!("to be {}", state.ready.join(" or ")),
        (After::State(wanted), Some(_)) => format!("to be {wanted}"),
        (After::State(wanted), None) => {
            return Err(Failure::new(format!(
                "`{wanted}` cannot be awaited: the description of a {} has no states",
                kind.name
            )));
        }
    };
    let purpose = Purpose { ctx, pool, target: Some(instance), own: false, version: None };
    let call = prepare(show, purpose).await?.call("");
    let what = format!("{} {} {what}", kind.name, instance.id());
    let probe = || {
        let call = call.clone();
        async move {
            match call.send().await {
                Ok(response) if after == After::Gone && is_gone(kind, &response.body) => {
                    Ok(Poll::ready(()))
                }
                Ok(response) => {
                    let object = response.body.at(resource.object).cloned().unwrap_or_default();
                    let seen = state.map_or_else(
                        || Poll::not_yet("there"),
                        |state| judge(&object, after, &state),
                    );
                    instance.is_now(object);
                    Ok(seen.with_request_id(response.request_id))
                }
                Err(error) if after == After::Gone && error.is_not_found() => Ok(Poll::ready(())),
                Err(error) => Err(ProbeError::from(error)),
            }
        }
    };
    Ok(ctx.wait(what).until(probe).await?)
}

/// Whether a service that keeps the record of a deleted resource says that it is deleted.
fn is_gone(kind: &Kind, body: &Body) -> bool {
    match kind.gone {
        Gone::NotFoundOr(_, pointer, word) => {
            body.at(pointer).and_then(Value::as_str) == Some(word)
        }
        _ => false,
    }
}

/// Holds what a resource says against what comes after a call. Nothing is a dead end on the
/// way to being gone.
fn judge(object: &Value, after: After, states: &KindState) -> Poll<()> {
    let (wanted, dead_ends): (&[&str], _) = match &after {
        After::Ready => (states.ready, states.dead),
        After::State(wanted) => (slice::from_ref(wanted), states.dead),
        After::Gone | After::Nothing => (&[], &[][..]),
    };
    let state = State { thing: "", field: states.at, also: states.tell, dead_ends };
    state.judge(Some(object), wanted)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const STATE: KindState = KindState {
        passing: &["creating"],
        dead: &["error"],
        tell: &["/fail_reason"],
        ..KindState::new("/status", &["available", "in-use"])
    };

    fn seen(status: &str, after: After) -> String {
        let object = json!({"status": status, "fail_reason": "no space"});
        match judge(&object, after, &STATE) {
            Poll::Ready(()) => "ready".to_owned(),
            Poll::NotYet(seen) => format!("not yet: {}", seen.state),
            Poll::DeadEnd(seen) => format!("dead: {}", seen.state),
        }
    }

    #[test]
    fn a_state_is_ready_passing_or_dead() {
        assert_eq!(seen("in-use", After::Ready), "ready");
        assert_eq!(seen("creating", After::Ready), "not yet: creating (no space)");
        assert_eq!(seen("error", After::Ready), "dead: error (no space)");
    }

    #[test]
    fn a_wanted_state_is_ready_even_where_it_is_dead_otherwise() {
        assert_eq!(seen("error", After::State("error")), "ready");
        assert_eq!(seen("available", After::State("in-use")), "not yet: available (no space)");
        assert_eq!(seen("available", After::Gone), "not yet: available (no space)");
    }
}
