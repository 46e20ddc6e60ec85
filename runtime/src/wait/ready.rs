//! Probes for the usual resources, to be handed to [`Wait::until`](super::Wait::until).
//!
//! Each asks again what its call asks, and gives the call's value once it is
//! there. A state from which the wanted one cannot come ends the wait at once.

use std::pin::Pin;

use serde_json::Value;

use super::{Look, ProbeError};
use crate::client::{Call, Error, ErrorKind, Response};
use crate::context::Actor;
use crate::{compute, image, network};

/// A look that is under way.
pub type Looking<T> = Pin<Box<dyn Future<Output = Result<Look<T>, ProbeError>> + Send>>;

/// Waits until the field at a JSON pointer of the answer is `wanted`.
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// let call = ctx.volume().backups().show(id);
/// let backup = ctx
///     .wait("the backup to be available")
///     .until(ready::status_of(call, "/backup/status", "available", &["error"]))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn status_of<T: 'static>(
    call: Call<T>,
    pointer: &'static str,
    wanted: &str,
    dead_ends: &'static [&'static str],
) -> impl FnMut() -> Looking<T> + use<T> {
    state_of(call, wanted, State { pointer, also: &[], dead_ends })
}

/// Waits until a server has a status, as in `ACTIVE`.
///
/// What it is busy with is told beside its status. `ERROR` ends the wait.
pub fn server_status(
    actor: &Actor,
    id: &str,
    wanted: &str,
) -> impl FnMut() -> Looking<compute::types::Server> + use<> {
    let state = State {
        pointer: "/server/status",
        also: &["/server/OS-EXT-STS:task_state", "/server/fault/message"],
        dead_ends: &["ERROR", "DELETED"],
    };
    state_of(actor.compute().servers().show(id), wanted, state)
}

/// Waits until a volume has a status, as in `available`; any that tells of an
/// error ends the wait.
pub fn volume_status(
    actor: &Actor,
    id: &str,
    wanted: &str,
) -> impl FnMut() -> Looking<Value> + use<> {
    let state = State {
        pointer: "/volume/status",
        also: &["/volume/migration_status"],
        dead_ends: &["error", "error_deleting", "error_extending", "error_restoring"],
    };
    state_of(actor.volume().volumes().show(id), wanted, state)
}

/// Waits until an image has a status, as in `active`; one that was killed or
/// deleted ends the wait.
pub fn image_status(
    actor: &Actor,
    id: &str,
    wanted: &str,
) -> impl FnMut() -> Looking<image::types::Image> + use<> {
    let state =
        State { pointer: "/status", also: &["/message"], dead_ends: &["killed", "deleted"] };
    state_of(actor.image().images().show(id), wanted, state)
}

/// Waits until a port has a status, as in `ACTIVE`.
pub fn port_status(
    actor: &Actor,
    id: &str,
    wanted: &str,
) -> impl FnMut() -> Looking<network::types::Port> + use<> {
    let state = State { pointer: "/port/status", also: &[], dead_ends: &["ERROR"] };
    state_of(actor.network().ports().show(id), wanted, state)
}

/// Waits until the call finds nothing any more (404).
pub fn gone<T: 'static>(call: Call<T>) -> impl FnMut() -> Looking<()> + use<T> {
    move || {
        let call = call.clone();
        Box::pin(async move {
            match call.send().await {
                Ok(response) => {
                    Ok(Look::not_yet("still there").with_request_id(response.request_id))
                }
                Err(error) if error.is_not_found() => Ok(Look::ready(())),
                Err(error) => Err(error.into()),
            }
        })
    }
}

/// Waits until a server is gone: not found any more, or told as `DELETED` to an
/// admin, who sees it for a while yet.
pub fn server_gone(actor: &Actor, id: &str) -> impl FnMut() -> Looking<()> + use<> {
    let call = actor.compute().servers().show(id);
    move || {
        let call = call.clone();
        Box::pin(async move {
            match call.send().await {
                Ok(response) => Ok(match response.body.at("/server/status") {
                    Some(Value::String(status)) if status != "DELETED" => {
                        Look::not_yet(status).with_request_id(response.request_id)
                    }
                    _ => Look::ready(()),
                }),
                Err(error) if error.is_not_found() => Ok(Look::ready(())),
                Err(error) => Err(error.into()),
            }
        })
    }
}

/// Where the state of a thing stands in an answer.
#[derive(Debug, Clone, Copy)]
struct State {
    pointer: &'static str,
    /// What else says how it fares, for people.
    also: &'static [&'static str],
    /// The states that it cannot leave for the wanted one.
    dead_ends: &'static [&'static str],
}

fn state_of<T: 'static>(
    call: Call<T>,
    wanted: &str,
    state: State,
) -> impl FnMut() -> Looking<T> + use<T> {
    let wanted = wanted.to_owned();
    move || {
        let (call, wanted) = (call.clone(), wanted.clone());
        Box::pin(async move {
            let Response { value, body, request_id, .. } = call.send().await?;
            let text = |pointer: &&str| body.at(pointer).and_then(Value::as_str);
            let word = text(&state.pointer).unwrap_or("without a state").to_owned();
            if word == wanted {
                return Ok(Look::ready(value));
            }
            let also: Vec<&str> = state.also.iter().filter_map(text).collect();
            let is_dead = state.dead_ends.contains(&word.as_str());
            let seen = if also.is_empty() { word } else { format!("{word} ({})", also.join(", ")) };
            let look = if is_dead { Look::dead_end(seen) } else { Look::not_yet(seen) };
            Ok(look.with_request_id(request_id))
        })
    }
}

/// A service that cannot be reached, is overrun or broken may be better at the
/// next look; anything else will not.
impl From<Error> for ProbeError {
    fn from(error: Error) -> Self {
        let passing = match error.kind() {
            ErrorKind::Status(response) => matches!(response.status, 429 | 500..=599),
            _ => error.is_unreachable(),
        };
        Self {
            message: error.to_string(),
            request_id: error.request_id().map(str::to_owned),
            passing,
        }
    }
}
