//! Looking at a thing's state: in its own answer, or in a list that many share.

use serde_json::Value;
use squall_model::description::Resource;

use super::ProbeFuture;
use crate::actor::Actor;
use crate::client::{Call, Response};
use crate::wait::listing::Listing;
use crate::wait::{Poll, ProbeError, shared};
use crate::{kinds, services};

/// Where the state of a thing stands, and what it means.
#[derive(Debug, Clone, Copy)]
pub(crate) struct State {
    /// The JSON pointer to the thing in the answer that shows it alone.
    pub(crate) thing: &'static str,
    /// The JSON pointer to its state, from the thing.
    pub(crate) field: &'static str,
    /// What else says how it fares, for people.
    pub(crate) also: &'static [&'static str],
    /// The states that it cannot leave for the wanted one.
    pub(crate) dead_ends: &'static [&'static str],
}

impl State {
    /// Holds what a thing says against what is wanted of it.
    pub(crate) fn judge(&self, thing: Option<&Value>, wanted: &[impl AsRef<str>]) -> Poll<()> {
        let text = |pointer: &&str| thing?.pointer(pointer)?.as_str();
        let word = text(&self.field).unwrap_or("without a state").to_owned();
        if wanted.iter().any(|wanted| wanted.as_ref() == word) {
            return Poll::ready(());
        }
        let also: Vec<&str> = self.also.iter().filter_map(text).filter(|t| !t.is_empty()).collect();
        let is_dead = self.dead_ends.contains(&word.as_str());
        let seen = if also.is_empty() { word } else { format!("{word} ({})", also.join(", ")) };
        if is_dead { Poll::dead_end(seen) } else { Poll::not_yet(seen) }
    }
}

/// Returns a probe for the states of the resource that a call shows, as its description has
/// them. Many waits look at its list, where it has one.
pub(super) fn described_state<T: 'static>(
    actor: &Actor,
    call: Call<T>,
    wanted: Option<&str>,
) -> impl FnMut() -> ProbeFuture<T> + use<T> {
    let found = shown_by(&call.operation().id).ok_or_else(|| {
        ProbeError::lasting(format!(
            "`{}` shows no resource with described states; name the field with \
             `ready::status_of`",
            call.operation().id
        ))
    });
    let mut probe = found.map(|(resource, states)| {
        let id = call.path_parameters().iter().find(|(name, _)| *name == resource.kind.id_param);
        let member = actor
            .shared()
            .zip(id)
            .and_then(|(shared, (_, id))| Some(shared.join(Listing::of(resource)?, id)));
        let wanted = match wanted {
            Some(wanted) => vec![wanted.to_owned()],
            None => states.ready.iter().map(|&ready| ready.to_owned()).collect(),
        };
        let (also, dead_ends) = (states.tell, states.dead);
        let state = State { thing: resource.object, field: states.at, also, dead_ends };
        state_of(member, call, wanted, state)
    });
    move || match &mut probe {
        Ok(probe) => probe(),
        Err(error) => {
            let error = error.clone();
            Box::pin(async move { Err(error) })
        }
    }
}

/// Finds the resource with states of its own that an operation shows.
fn shown_by(operation: &str) -> Option<(&'static Resource, kinds::KindState)> {
    services::description(services::service_of(operation)).resources.iter().find_map(|resource| {
        resource.standard("show").filter(|show| show.operation == operation)?;
        // What the answer does not have would be waited for without an end.
        let own = |state: &kinds::KindState| state.referred().is_none();
        Some((resource, resource.kind.state.filter(own)?))
    })
}

/// Returns a probe for the state of a thing.
pub(super) fn own_state<T: 'static>(
    call: Call<T>,
    wanted: &str,
    state: State,
) -> impl FnMut() -> ProbeFuture<T> + use<T> {
    state_of(None, call, vec![wanted.to_owned()], state)
}

fn state_of<T: 'static>(
    member: Option<shared::Member>,
    call: Call<T>,
    wanted: Vec<String>,
    state: State,
) -> impl FnMut() -> ProbeFuture<T> + use<T> {
    move || {
        let (member, call, wanted) = (member.clone(), call.clone(), wanted.clone());
        Box::pin(async move {
            if let Some(member) = member
                && let Some(seen) = member.poll().await
                && let Poll::NotYet(state) = state.judge(Some(&seen.item), &wanted)
            {
                return Ok(Poll::NotYet(state).with_request_id(seen.request_id));
            }
            let Response { value, body, request_id, .. } = call.send().await?;
            let look = state.judge(body.at(state.thing), &wanted);
            Ok(look.map(|()| value).with_request_id(request_id))
        })
    }
}

/// Returns a probe that judges each answer to a call.
pub(super) fn judged<T: 'static>(
    call: Call<T>,
    judge: impl Fn(&Response<T>) -> Poll<()> + Clone + Send + 'static,
) -> impl FnMut() -> ProbeFuture<T> {
    move || {
        let (call, judge) = (call.clone(), judge.clone());
        Box::pin(async move {
            let response = call.send().await?;
            let look = judge(&response);
            let Response { value, request_id, .. } = response;
            Ok(look.map(|()| value).with_request_id(request_id))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_call_shows_says_what_its_states_mean() {
        let (resource, states) = shown_by("volume.volumes.show").unwrap();
        assert_eq!((resource.kind.name, resource.object), ("volume.volume", "/volume"));
        let (also, dead_ends) = (states.tell, states.dead);
        let state = State { thing: resource.object, field: states.at, also, dead_ends };
        let judged = |word: &str, wanted: &str| {
            state.judge(Some(&json!({ "status": word })), &[wanted.to_owned()])
        };
        assert!(matches!(judged("available", "available"), Poll::Ready(())));
        assert!(matches!(judged("creating", "available"), Poll::NotYet(_)));
        assert!(matches!(judged("error_extending", "available"), Poll::DeadEnd(_)));
        assert!(matches!(judged("error", "error"), Poll::Ready(())), "it is wanted");
        assert!(shown_by("compute.limits.show").is_none(), "it has no states");
        let attachment = "compute.server_volume_attachments.show";
        assert!(shown_by(attachment).is_none(), "its state is the volume's");
    }

    #[test]
    fn what_failed_is_a_dead_end_for_every_kind_that_is_waited_for() {
        for (operation, dead) in [
            ("compute.servers.show", "ERROR"),
            ("compute.server_interfaces.show", "ERROR"),
            ("image.images.show", "killed"),
            ("network.floating_ips.show", "ERROR"),
            ("network.networks.show", "ERROR"),
            ("network.ports.show", "ERROR"),
            ("network.routers.show", "ERROR"),
            ("volume.backups.show", "error"),
            ("volume.groups.show", "error_deleting"),
            ("volume.snapshots.show", "error_deleting"),
            ("volume.volumes.show", "error_managing"),
        ] {
            let (_, states) = shown_by(operation).unwrap();
            assert!(states.dead.contains(&dead), "{operation}");
        }
    }
}
