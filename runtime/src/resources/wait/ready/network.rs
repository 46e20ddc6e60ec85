//! Waiting for networks, ports, routers and addresses.

use serde_json::Value;

use super::ProbeFuture;
use super::state::judged;
use crate::actor::Actor;
use crate::network::types::Agent;
use crate::wait::Poll;

/// Waits until an agent reports, or does not any more (`GET /agents/{id}`); an admin
/// alone sees agents.
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.wait("the agent to report")
///     .until(ready::agent_alive(ctx.admin(), id, true))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn agent_alive(
    actor: &Actor,
    id: &str,
    wanted: bool,
) -> impl FnMut() -> ProbeFuture<Agent> + use<> {
    judged(actor.network().agents().show(id), move |response| {
        match response.body.at("/agent/alive").and_then(Value::as_bool) {
            Some(alive) if alive == wanted => Poll::ready(()),
            Some(true) => Poll::not_yet("alive"),
            Some(false) => Poll::not_yet("dead"),
            None => Poll::dead_end("neither alive nor dead"),
        }
    })
}
