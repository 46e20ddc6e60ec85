//! Waiting for networks, ports, routers and addresses.

use serde_json::Value;

use super::ProbeFuture;
use super::state::{State, judged, own_state, shared_state};
use crate::actor::Actor;
use crate::network::types::{Agent, FloatingIp, Network, Port, Router};
use crate::wait::Poll;
use crate::wait::listing::PORTS;

/// Waits until a port has a status, as in `ACTIVE` (`GET /ports/{id}`).
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.wait("the port to be up")
///     .until(ready::port_status(ctx.actor(), id, "ACTIVE"))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn port_status(
    actor: &Actor,
    id: &str,
    wanted: &str,
) -> impl FnMut() -> ProbeFuture<Port> + use<> {
    let state = State::of("/port").dead_ends(&["ERROR"]);
    shared_state(actor, (&PORTS, id), actor.network().ports().show(id), wanted, state)
}

/// Waits until a network has a status, as in `ACTIVE` (`GET /networks/{id}`).
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.wait("the network to be up")
///     .until(ready::network_status(ctx.actor(), id, "ACTIVE"))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn network_status(
    actor: &Actor,
    id: &str,
    wanted: &str,
) -> impl FnMut() -> ProbeFuture<Network> + use<> {
    let state = State::of("/network").dead_ends(&["ERROR"]);
    own_state(actor.network().networks().show(id), wanted, state)
}

/// Waits until a router has a status, as in `ACTIVE` (`GET /routers/{id}`).
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.wait("the router to be up")
///     .until(ready::router_status(ctx.actor(), id, "ACTIVE"))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn router_status(
    actor: &Actor,
    id: &str,
    wanted: &str,
) -> impl FnMut() -> ProbeFuture<Router> + use<> {
    let state = State::of("/router").dead_ends(&["ERROR"]);
    own_state(actor.network().routers().show(id), wanted, state)
}

/// Waits until a floating IP has a status, `ACTIVE` or `DOWN`
/// (`GET /floatingips/{id}`).
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.wait("the floating IP to be free")
///     .until(ready::floating_ip_status(ctx.actor(), id, "DOWN"))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn floating_ip_status(
    actor: &Actor,
    id: &str,
    wanted: &str,
) -> impl FnMut() -> ProbeFuture<FloatingIp> + use<> {
    let state = State::of("/floatingip").dead_ends(&["ERROR"]);
    own_state(actor.network().floating_ips().show(id), wanted, state)
}

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
