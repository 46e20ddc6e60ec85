//! Undoing one resource: find it, remove it, verify that it is gone.

use serde_json::Value;

use super::bounds::{Unchanged, UndoError, UndoTimeouts, undoing};
use super::evidence::Evidence;
use super::fill::{self, Params};
use super::listing::{describe, refusal};
use super::remove::{Freeing, Removal, Remover, ask};
use super::search::Search;
use crate::client::by_id::{Answer, Api, Request};
use crate::kinds::{Find, Gone, Kind, OwnedBy, Sweep};
use crate::ledger::{Outstanding, RecordedChange, Restoration};
use crate::services;
use crate::wait::{Poll, ProbeError, Wait, WaitKey};

/// The status of a service that has accepted a request but not completed it.
const ACCEPTED: u16 = 202;

/// Undoes resources, as one identity.
#[derive(Clone, Copy)]
pub struct Undo<'a> {
    /// Sends the requests.
    pub api: &'a dyn Api,
    /// Whether `api` acts as the owner: then what the owner's project does not show is
    /// not there.
    pub as_owner: bool,
    /// The cloud's admin, who frees a resource where its owner may not.
    pub admin: Option<&'a dyn Api>,
    /// Whether the run created the project of the owner, so that all in it is the run's.
    pub owns_project: bool,
    /// What this pass has learned about the services.
    pub evidence: &'a Evidence,
    /// How long it may take.
    pub timeouts: &'a UndoTimeouts,
}

/// Whether a resource is hidden from the identity that made it: what belongs to projects is, from a
/// token without one. Its 404 would pass for a proof that nothing is there.
pub(crate) fn is_hidden_from_its_maker(kind: &Kind, thing: &Outstanding) -> bool {
    thing.intent.owner.project_id.is_none() && kind.owner == OwnedBy::Project && !kind.private
}

impl Undo<'_> {
    /// Undoes one resource and returns the ids it had.
    ///
    /// - A resource that is already gone is undone, if the service itself says so
    ///   ([`Evidence`]).
    /// - A refusal that may pass (400, 409, 423, 429, 5xx: something still uses it) is
    ///   tried again, unless it stays the same while nothing else changes. Other refusals
    ///   are final.
    /// - It counts as undone when it is verified to be gone, not when the service accepts
    ///   the request; unless the service deletes before it answers ([`Gone::Deleted`]).
    pub async fn undo(self, kind: &Kind, thing: &Outstanding) -> Result<Vec<String>, UndoError> {
        let mut params = thing.intent.params.clone();
        params.insert("name".to_owned(), thing.intent.found_as().to_owned());
        match &thing.intent.change {
            Some(RecordedChange::Replaced(old)) => {
                let Some(operation) = kind.made_by.first() else {
                    let why = format!("nothing restores it: no operation makes a {}", kind.name);
                    return Err(UndoError::Refused(why));
                };
                self.restore(operation, &params, Some(old.clone())).await?;
                return Ok(vec![thing.intent.name.clone()]);
            }
            Some(RecordedChange::Restored(restoration)) => {
                let Restoration { operation, body, .. } = &**restoration;
                let Some((_, known)) = services::operation(operation) else {
                    let why = format!("nothing restores it: `{operation}` is not known");
                    return Err(UndoError::Refused(why));
                };
                self.restore(&known.id, &params, body.clone()).await?;
                return Ok(vec![thing.intent.name.clone()]);
            }
            Some(RecordedChange::Added) | None => {}
        }
        let ids = self.ids(kind, thing, &params).await?;
        for id in &ids {
            if !kind.id_param.is_empty() {
                params.insert(kind.id_param.to_owned(), id.clone());
            }
            for sweep in kind.sweep {
                self.sweep(sweep, &params).await?;
            }
            let mut last = Removal::Done { status: 0 };
            for step in kind.undo {
                let body = step.body.and_then(|body| fill::body(body, &params));
                let request = ask(step.operation, &params, body);
                let freeing = Freeing { steps: kind.freed_by, params: &params };
                last = self.remover().remove(request, freeing).await?;
            }
            self.verify_gone(kind, thing, &params, last).await?;
        }
        self.evidence.changed();
        Ok(ids)
    }

    async fn ids(
        self,
        kind: &Kind,
        thing: &Outstanding,
        params: &Params,
    ) -> Result<Vec<String>, UndoError> {
        let name = thing.intent.found_as();
        let Find::Listed(listed) = &kind.find else {
            return Ok(vec![thing.id.clone().unwrap_or_else(|| name.to_owned())]);
        };
        let several = thing.intent.several;
        let search = self.search(listed, params);
        if let (None, Some(sent)) = (&thing.id, thing.intent.other_name()) {
            let owner = thing.intent.owner.project_id.as_deref();
            let found = search.new_ones(sent, owner).await.map_err(UndoError::Unknown)?;
            let is_ours = self.owns_project && kind.owner == OwnedBy::Project;
            if !found.is_empty() && !is_ours {
                return Err(UndoError::Unknown(format!(
                    "it was sent under another name, and nothing shows whether it is one of \
                     these, which are new: {}",
                    found.join(", ")
                )));
            }
            return Ok(found);
        }
        match thing.id.clone() {
            Some(id) if !several => Ok(vec![id]),
            Some(id) => {
                let found = search.ids(name, several).await.map_err(UndoError::Unknown)?;
                let others = found.into_iter().filter(|other| *other != id);
                Ok(std::iter::once(id.clone()).chain(others).collect())
            }
            None => {
                let found = search.settled(name, several, self.timeouts.settle).await;
                let found = found.map_err(UndoError::Unknown)?;
                if found.is_empty() && !self.evidence.absence_counts() {
                    return Err(UndoError::Unknown(UNKNOWN_CLOUD.to_owned()));
                }
                Ok(found)
            }
        }
    }

    /// Waits until a resource is verified to be gone.
    async fn verify_gone(
        self,
        kind: &Kind,
        thing: &Outstanding,
        params: &Params,
        last: Removal,
    ) -> Result<(), UndoError> {
        let (show, word) = match (kind.gone, &last) {
            (_, Removal::Absent) | (Gone::Accepted, Removal::Done { .. }) => return Ok(()),
            (Gone::Deleted(_), Removal::Done { status }) if *status != ACCEPTED => return Ok(()),
            (Gone::Accepted, Removal::Unproven(why)) => {
                return Err(UndoError::Unknown(why.clone()));
            }
            (Gone::Deleted(show) | Gone::NotFound(show), _) => (show, None),
            (Gone::NotFoundOr(show, pointer, word), _) => (show, Some((pointer, word))),
        };
        let service = kind.service();
        let request = ask(show, params, None);
        let unproven = Unchanged::default();
        // What was removed here was there.
        let was_there = matches!(last, Removal::Done { .. });
        let is_gone = |answer: &Answer| {
            self.evidence.proves_absence(service, answer)
                || was_there && self.evidence.reports_absence(service, answer)
        };
        let gone = Wait::new(format!("{} {} to be gone", kind.name, thing.intent.name))
            .within(self.timeouts.undo)
            .with_backoff(undoing())
            .with_history(self.timeouts.wait_history.of(WaitKey::Gone(kind.name)))
            .until(|| async {
                let answer = self.remover().send(request.clone()).await?;
                match answer.status {
                    404 | 410 if is_gone(&answer) => Ok(Poll::ready(Ok(()))),
                    404 | 410 => {
                        let why = refusal(show, &answer);
                        if self.is_unlisted(kind, thing, params).await {
                            return Ok(Poll::ready(Ok(())));
                        }
                        if unproven.for_at_least(self.timeouts.unproven, &why, 0) {
                            let why = if self.evidence.absence_counts() {
                                format!("{why}, which a proxy or load balancer may have sent")
                            } else {
                                UNKNOWN_CLOUD.to_owned()
                            };
                            return Ok(Poll::ready(Err(UndoError::Unknown(why))));
                        }
                        Ok(Poll::not_yet(why))
                    }
                    200..=299 => {
                        let is = |(pointer, word)| {
                            answer.body.pointer(pointer).and_then(Value::as_str) == Some(word)
                        };
                        if word.is_some_and(is) {
                            return Ok(Poll::ready(Ok(())));
                        }
                        Ok(Poll::not_yet(state(&answer)).with_request_id(answer.request_id))
                    }
                    429 | 500..=599 => Err(ProbeError::passing(describe(show, &answer))),
                    _ => Err(ProbeError::lasting(describe(show, &answer))),
                }
            })
            .await;
        gone.map_err(UndoError::from)?
    }

    /// Whether the service's complete list does not contain the resource.
    async fn is_unlisted(self, kind: &Kind, thing: &Outstanding, params: &Params) -> bool {
        let Find::Listed(listed) = &kind.find else { return false };
        if !self.evidence.absence_counts() {
            return false;
        }
        let search = self.search(listed, params);
        let found = search.ids(thing.intent.found_as(), thing.intent.several).await;
        let id = params.get(kind.id_param);
        found.is_ok_and(|ids| id.is_none_or(|id| !ids.contains(id)))
    }

    /// Sends the request that restores the value before a change.
    async fn restore(
        self,
        operation: &'static str,
        params: &Params,
        old: Option<Value>,
    ) -> Result<(), UndoError> {
        let request = ask(operation, params, old);
        let freeing = Freeing { steps: &[], params };
        match self.remover().remove(request, freeing).await? {
            Removal::Unproven(why) => Err(UndoError::Unknown(why)),
            Removal::Done { .. } | Removal::Absent => Ok(()),
        }
    }

    async fn sweep(self, sweep: &Sweep, params: &Params) -> Result<(), UndoError> {
        let mut before = Vec::new();
        loop {
            // If it cannot be listed, the resource itself is still tried: it is refused
            // while something is in it.
            let found = self.search(&sweep.listed, params).items().await;
            let is_of = |item: &Value| {
                sweep.of.is_none_or(|(pointer, param)| {
                    item.pointer(pointer).and_then(Value::as_str)
                        == params.get(param).map(String::as_str)
                })
            };
            let items: Vec<Value> = found.unwrap_or_default().into_iter().filter(is_of).collect();
            // An unchanged list is the end, too: what is still listed cannot be removed.
            if items.is_empty() || items == before {
                return Ok(());
            }
            for item in &items {
                let Some(id) = sweep.listed.id_of(item) else { continue };
                let mut params = params.clone();
                params.insert(sweep.id_param.to_owned(), id);
                let value = |pointer| item.pointer(pointer).and_then(Value::as_str);
                let query = sweep.delete_query.iter();
                let query = query.filter_map(|(name, at)| Some((*name, value(at)?.to_owned())));
                let request = ask(sweep.delete, &params, None);
                let request = Request { query: query.collect(), ..request };
                let freeing = Freeing { steps: &[], params: &params };
                self.remover().remove(request, freeing).await?;
            }
            if !sweep.until_empty {
                return Ok(());
            }
            before = items;
        }
    }

    /// Returns what sends this identity's requests.
    pub(super) fn remover(&self) -> Remover<'_> {
        let Self { api, admin, evidence, timeouts, .. } = *self;
        Remover { api, admin, evidence, timeouts }
    }

    pub(super) fn search<'s>(
        &'s self,
        listed: &'s crate::kinds::Listed,
        params: &'s Params,
    ) -> Search<'s> {
        let Self { api, as_owner, evidence, .. } = *self;
        Search { api, evidence, as_owner, listed, params }
    }
}

/// Why nothing counts as gone from a cloud that may not be the run's.
const UNKNOWN_CLOUD: &str =
    "it is not on this cloud, but the journal does not say whether the run used this cloud";

/// The first `status` in an answer that still shows the resource.
fn state(answer: &Answer) -> String {
    let status = |value: &Value| value.get("status").and_then(Value::as_str).map(str::to_owned);
    let body = &answer.body;
    status(body)
        .or_else(|| body.as_object()?.values().find_map(status))
        .unwrap_or_else(|| "still there".to_owned())
}
