//! Waiting for the state of a described resource.

use serde_json::Value;
use squall_model::description::After;
use squall_model::kind::{Gone, Kind, KindState};

use super::instance::Instance;
use super::request::{Obtain, Purpose, prepare};
use crate::client::body::Body;
use crate::wait::{Poll, ProbeError};
use crate::{Context, Failure, Result};

/// Waits until a resource can be used.
pub(super) async fn becomes_ready(ctx: &Context, pool: &dyn Obtain, instance: &Instance) -> Result {
    comes_after(ctx, pool, instance, After::Ready).await
}

/// Waits for what comes after a call.
///
/// A change may have the state of what it refers to, as a volume that is attached: its
/// pointer begins with the kind, `volume.volume/status`.
pub(super) async fn comes_after(
    ctx: &Context,
    pool: &dyn Obtain,
    instance: &Instance,
    after: After,
) -> Result {
    let state = instance.resource().kind.state;
    let elsewhere = state.and_then(|state| Some((state, referred(state.at)?)));
    match elsewhere {
        Some((state, (kind, at))) if after != After::Gone => match instance.referred(kind) {
            Some(other) => awaited(ctx, pool, other, after, Some(KindState { at, ..state })).await,
            None => Ok(()),
        },
        _ => awaited(ctx, pool, instance, after, state).await,
    }
}

/// Splits a pointer that begins with a kind.
fn referred(at: &'static str) -> Option<(&'static str, &'static str)> {
    let rest = at.strip_prefix('/')?;
    let end = rest.find('/')?;
    let (kind, pointer) = rest.split_at(end);
    kind.contains('.').then_some((kind, pointer))
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
    let (what, state) = match (after, &state) {
        (After::Nothing, _) | (After::Ready, None) => return Ok(()),
        (After::Ready, Some(state)) if state.ready.is_empty() => return Ok(()),
        (After::Gone, state) => ("to be gone".to_owned(), state.as_ref()),
        (After::Ready, Some(state)) => (format!("to be {}", state.ready.join(" or ")), Some(state)),
        (After::State(wanted), Some(state)) => (format!("to be {wanted}"), Some(state)),
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
                    let seen = judge(&object, after, state);
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

fn judge(object: &Value, after: After, state: Option<&KindState>) -> Poll<()> {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
    let Some(state) = state else { return Poll::not_yet("there") };
    let now = text(state.at).unwrap_or("no state");
    let told: Vec<&str> =
        std::iter::once(now).chain(state.tell.iter().filter_map(|p| text(p))).collect();
    let wanted = match after {
        After::Ready => state.ready.contains(&now),
        After::State(wanted) => wanted == now,
        After::Gone | After::Nothing => false,
    };
    if wanted {
        Poll::ready(())
    } else if after != After::Gone && state.dead.contains(&now) {
        Poll::dead_end(told.join(", "))
    } else {
        Poll::not_yet(told.join(", "))
    }
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

    #[test]
    fn a_pointer_that_begins_with_a_kind_is_into_another_resource() {
        assert_eq!(referred("/volume.volume/status"), Some(("volume.volume", "/status")));
        assert_eq!(referred("/status"), None);
        assert_eq!(referred("/OS-EXT-STS:task_state"), None);
    }

    fn seen(status: &str, after: After) -> String {
        let object = json!({"status": status, "fail_reason": "no space"});
        match judge(&object, after, Some(&STATE)) {
            Poll::Ready(()) => "ready".to_owned(),
            Poll::NotYet(seen) => format!("not yet: {}", seen.state),
            Poll::DeadEnd(seen) => format!("dead: {}", seen.state),
        }
    }

    #[test]
    fn a_state_is_ready_passing_or_dead() {
        assert_eq!(seen("in-use", After::Ready), "ready");
        assert_eq!(seen("creating", After::Ready), "not yet: creating, no space");
        assert_eq!(seen("error", After::Ready), "dead: error, no space");
    }

    #[test]
    fn a_wanted_state_is_ready_even_where_it_is_dead_otherwise() {
        assert_eq!(seen("error", After::State("error")), "ready");
        assert_eq!(seen("available", After::State("in-use")), "not yet: available, no space");
        assert_eq!(seen("available", After::Gone), "not yet: available, no space");
    }
}
