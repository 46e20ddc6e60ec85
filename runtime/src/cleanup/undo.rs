//! Undoing one thing: find it, take it away, see that it is gone.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;

use super::fill::{self, Params};
use super::search::{self, describe, refusal};
use crate::client::by_id::{Answer, Api, Request, Unanswered};
use crate::kinds::{Find, Gone, Kind, Step, Sweep};
use crate::ledger::{Change, Outstanding};
use crate::wait::{Backoff, Poll, ProbeError, Wait, WaitError, WaitHistory, WaitKey, Why};

/// What a service answers that has yet to do what it was asked for.
const ACCEPTED: u16 = 202;

/// How long undoing may take, and has taken.
#[derive(Debug, Clone)]
pub struct UndoTimeouts {
    /// For a service to take a thing away and for it to be gone, each.
    pub undo: Duration,
    /// For the request that makes a thing and has no answer yet to come through.
    pub settle: Duration,
    /// How long things of each kind took to be gone.
    pub(crate) wait_history: WaitHistory,
}

impl Default for UndoTimeouts {
    fn default() -> Self {
        Self {
            undo: Duration::from_secs(90),
            settle: Duration::from_secs(2),
            wait_history: WaitHistory::default(),
        }
    }
}

/// Why a thing may still be there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UndoError {
    /// The service does not let us.
    #[error("{0}")]
    Refused(String),
    /// It did not come about in time.
    #[error("{0}")]
    TimeUp(String),
}

impl From<WaitError> for UndoError {
    fn from(error: WaitError) -> Self {
        match error.why {
            Why::TimeUp => Self::TimeUp(error.to_string()),
            Why::DeadEnd(_) | Why::Probe(_) => Self::Refused(error.to_string()),
        }
    }
}

/// Undoes one thing and gives the ids it was found under.
///
/// - A thing that is already gone is undone.
/// - A refusal that time may change (400, 409, 423, 429, 5xx: something is still
///   busy with it) is tried again until patience ends; another one is final.
/// - It is undone when it is *seen* to be gone, not when the service says yes; unless that
///   is a service that deletes before it says so ([`Gone::Deleted`]).
pub async fn undo(
    api: &dyn Api,
    kind: &Kind,
    thing: &Outstanding,
    patience: &UndoTimeouts,
) -> Result<Vec<String>, UndoError> {
    let mut params = thing.intent.params.clone();
    params.insert("name".to_owned(), thing.intent.name.clone());
    if let Some(Change::Replaced(old)) = &thing.intent.change {
        restore(api, kind, &params, old, patience).await?;
        return Ok(vec![thing.intent.name.clone()]);
    }
    let ids = ids(api, kind, thing, &params, patience.settle).await?;
    for id in &ids {
        if !kind.id_param.is_empty() {
            params.insert(kind.id_param.to_owned(), id.clone());
        }
        for sweep in kind.sweep {
            swept(api, sweep, &params, patience).await?;
        }
        let mut last = 0;
        for step in kind.undo {
            let body = step.body.and_then(|body| fill::body(body, &params));
            let request = ask(kind.spec, step.operation, &params, body);
            let freeing = Freeing { steps: kind.freed_by, spec: kind.spec, params: &params };
            last = taken(api, request, freeing, patience).await?;
        }
        seen_gone(api, kind, thing, &params, last, patience).await?;
    }
    Ok(ids)
}

async fn ids(
    api: &dyn Api,
    kind: &Kind,
    thing: &Outstanding,
    params: &Params,
    settle: Duration,
) -> Result<Vec<String>, UndoError> {
    let known = thing.id.clone();
    match (&kind.find, known) {
        (Find::Name | Find::Coordinates, known) => {
            Ok(vec![known.unwrap_or_else(|| thing.intent.name.clone())])
        }
        (Find::Listed(_), Some(id)) if !thing.intent.several => Ok(vec![id]),
        (Find::Listed(listed), Some(id)) => {
            let name = Some(thing.intent.name.as_str());
            // Its own id is enough to go on with when the list does not answer.
            let found = search::listed(api, (kind.spec)(), listed, name, params).await;
            let others = found.unwrap_or_default().into_iter().filter(|other| *other != id);
            Ok(std::iter::once(id.clone()).chain(others.collect::<Vec<_>>()).collect())
        }
        (Find::Listed(listed), None) => {
            search::settled(api, (kind.spec)(), listed, &thing.intent.name, params, settle)
                .await
                .map_err(UndoError::Refused)
        }
    }
}

fn ask<'a>(
    spec: fn() -> &'static squall_model::ServiceSpec,
    operation: &'static str,
    params: &'a Params,
    body: Option<Value>,
) -> Request<'a> {
    Request { spec: spec(), operation, params, query: Vec::new(), body }
}

/// What lets go of a thing that cannot be taken away.
#[derive(Debug, Clone, Copy)]
struct Freeing<'a> {
    steps: &'static [Step],
    spec: fn() -> &'static squall_model::ServiceSpec,
    params: &'a Params,
}

impl Freeing<'_> {
    /// Whether it helped shows in what comes of the next try.
    async fn free(&self, api: &dyn Api) {
        for step in self.steps {
            let body = step.body.and_then(|body| fill::body(body, self.params));
            let freed = api.send(ask(self.spec, step.operation, self.params, body)).await;
            tracing::debug!(operation = step.operation, ?freed, "to let go of what was refused");
        }
    }
}

/// Sends a request until it is accepted or there is nothing left to take, and returns the
/// status that said so; once it is refused as in conflict, what would let go of the thing
/// is tried before the next.
async fn taken(
    api: &dyn Api,
    request: Request<'_>,
    freeing: Freeing<'_>,
    patience: &UndoTimeouts,
) -> Result<u16, UndoError> {
    let operation = request.operation;
    let freed = AtomicBool::new(false);
    Wait::new(format!("{operation} to be accepted"))
        .within(patience.undo)
        .with_backoff(undoing())
        .until(|| async {
            let answer = api.send(request.clone()).await.map_err(unanswered)?;
            match answer.status {
                200..=299 | 404 | 410 => Ok(Poll::ready(answer.status)),
                400 | 409 | 423 | 429 | 500..=599 => {
                    if answer.status == 409 && !freed.swap(true, Ordering::Relaxed) {
                        freeing.free(api).await;
                    }
                    Ok(Poll::not_yet(refusal(operation, &answer))
                        .with_request_id(answer.request_id))
                }
                _ => Err(ProbeError::lasting(describe(operation, &answer))),
            }
        })
        .await
        .map_err(UndoError::from)
}

/// Waits until a thing is seen to be gone, whose deletion had this answer.
async fn seen_gone(
    api: &dyn Api,
    kind: &Kind,
    thing: &Outstanding,
    params: &Params,
    answered: u16,
    patience: &UndoTimeouts,
) -> Result<(), UndoError> {
    let (operation, word) = match kind.gone {
        Gone::Accepted => return Ok(()),
        Gone::Deleted(_) if answered != ACCEPTED => return Ok(()),
        Gone::Deleted(operation) | Gone::NotFound(operation) => (operation, None),
        Gone::NotFoundOr(operation, pointer, word) => (operation, Some((pointer, word))),
    };
    let request = Request { spec: (kind.spec)(), operation, params, query: Vec::new(), body: None };
    Wait::new(format!("{} {} to be gone", kind.name, thing.intent.name))
        .within(patience.undo)
        .with_backoff(undoing())
        .with_history(patience.wait_history.of(WaitKey::Gone(kind.name)))
        .until(|| async {
            let answer = api.send(request.clone()).await.map_err(unanswered)?;
            match answer.status {
                404 | 410 => Ok(Poll::ready(())),
                200..=299 => {
                    let is = |(pointer, word)| {
                        answer.body.pointer(pointer).and_then(Value::as_str) == Some(word)
                    };
                    if word.is_some_and(is) {
                        return Ok(Poll::ready(()));
                    }
                    Ok(Poll::not_yet(state(&answer)).with_request_id(answer.request_id))
                }
                429 | 500..=599 => Err(ProbeError::passing(describe(operation, &answer))),
                _ => Err(ProbeError::lasting(describe(operation, &answer))),
            }
        })
        .await
        .map_err(UndoError::from)
}

/// Sends the old value back.
async fn restore(
    api: &dyn Api,
    kind: &Kind,
    params: &Params,
    old: &Value,
    patience: &UndoTimeouts,
) -> Result<(), UndoError> {
    let Some(Step { operation, .. }) = kind.undo.last() else { return Ok(()) };
    let request = ask(kind.spec, operation, params, Some(old.clone()));
    taken(api, request, Freeing { steps: &[], spec: kind.spec, params }, patience).await?;
    Ok(())
}

async fn swept(
    api: &dyn Api,
    sweep: &Sweep,
    params: &Params,
    patience: &UndoTimeouts,
) -> Result<(), UndoError> {
    let mut before = Vec::new();
    loop {
        // A service that does not answer has nothing that could be swept: the thing
        // itself matters more than what is in it.
        let found = search::items(api, (sweep.spec)(), &sweep.listed, None, params).await;
        let items = found.unwrap_or_default();
        // One that stays the same is the end, too: nothing goes that is still listed.
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
            let request = ask(sweep.spec, sweep.delete, &params, None);
            let request = Request { query: query.collect(), ..request };
            let freeing = Freeing { steps: &[], spec: sweep.spec, params: &params };
            taken(api, request, freeing, patience).await?;
        }
        if !sweep.until_empty {
            return Ok(());
        }
        before = items;
    }
}

fn undoing() -> Backoff {
    Backoff::default().with_bounds(Duration::from_millis(25), Duration::from_secs(2))
}

/// The first `status` in an answer that still has the thing.
fn state(answer: &Answer) -> String {
    let status = |value: &Value| value.get("status").and_then(Value::as_str).map(str::to_owned);
    let body = &answer.body;
    status(body)
        .or_else(|| body.as_object()?.values().find_map(status))
        .unwrap_or_else(|| "still there".to_owned())
}

fn unanswered(error: Unanswered) -> ProbeError {
    ProbeError { message: error.message, request_id: None, passing: error.passing }
}
