//! Making things: the ledger first, then the request, then the way back.

use std::collections::BTreeMap;
use std::panic::Location;
use std::sync::Arc;

use serde_json::Value;

use super::error::MakeError;
use super::made::Made;
use super::marks::{self, Held, Mark, Marks};
use super::stack::{Deferred, Stack, Step, Thing};
use crate::client::by_id::SessionApi;
use crate::client::{Call, Error, ErrorKind, ErrorResponse, Response};
use crate::kinds::{self, Id, Kind};
use crate::ledger::{Change, Entry, Intent, Ledger, Outstanding, Owner};
use crate::wait::WaitHistory;

/// Makes things for one test, or for the runner.
#[derive(Debug)]
pub(crate) struct Maker {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) marks: Marks,
    pub(crate) test: Option<String>,
    pub(crate) wait_history: WaitHistory,
    pub(crate) stack: Stack,
}

impl Maker {
    /// Starts with nothing made.
    pub(crate) fn new(
        ledger: Arc<Ledger>,
        marks: Marks,
        wait_history: WaitHistory,
        test: Option<String>,
    ) -> Self {
        Self { ledger, marks, test, wait_history, stack: Stack::default() }
    }

    /// Makes a thing.
    pub(crate) async fn create<T>(
        &self,
        kind: &'static Kind,
        call: impl FnOnce(&str) -> Call<T>,
    ) -> Result<Made<T>, MakeError> {
        let name = kinds::unique_name(kind, self.ledger.run());
        let (intent, call) = self.intend(kind, name.clone(), call(&name), None).await?;
        match call.send().await {
            Ok(response) => {
                let id = intent.made(id(kind, &response, &name))?;
                Ok(Made { value: response.value, id, name })
            }
            Err(error) => Err(intent.failed(error).into()),
        }
    }

    /// Does a change; `old` is the value that it replaces, where there was one.
    pub(crate) async fn change<T>(
        &self,
        kind: &'static Kind,
        old: Option<Value>,
        call: Call<T>,
    ) -> Result<Response<T>, MakeError> {
        let name = kinds::unique_name(kind, self.ledger.run());
        let change = old.map_or(Change::Added, Change::Replaced);
        let (intent, call) = self.intend(kind, name.clone(), call, Some(change)).await?;
        match call.send().await {
            Ok(response) => {
                intent.made(Ok(name))?;
                Ok(response)
            }
            Err(error) => Err(intent.failed(error).into()),
        }
    }

    /// Sends what the service should refuse; should it not, the thing goes like
    /// any other.
    pub(crate) async fn expect_refusal<T>(
        &self,
        kind: &'static Kind,
        status: u16,
        call: impl FnOnce(&str) -> Call<T>,
    ) -> Result<ErrorResponse, MakeError> {
        let name = kinds::unique_name(kind, self.ledger.run());
        let (intent, call) = self.intend(kind, name.clone(), call(&name), None).await?;
        match call.expect_error(status).await {
            Ok(response) => {
                intent.refused(&format!("status {}", response.status));
                Ok(response)
            }
            Err(error) => Err(intent.failed(error).into()),
        }
    }

    /// Has something done at the end; at once never, and not at all once it is over.
    pub(crate) fn defer(&self, place: &'static Location<'static>, action: Deferred) {
        if self.stack.push(Step::Deferred { place, action }).is_err() {
            tracing::warn!(%place, "deferred after the end of the test, and not done");
        }
    }

    /// Writes the intent down, and gives the call that may go out for it.
    async fn intend<T>(
        &self,
        kind: &'static Kind,
        name: String,
        call: Call<T>,
        change: Option<Change>,
    ) -> Result<(Underway<'_>, Call<T>), MakeError> {
        let session = call.client().session().clone();
        let token = session.token().await?;
        let owner = Owner::new(&token.user.id, token.project.as_ref().map(|p| p.id.as_str()));
        let body = call.json_body();
        let params = params(kind, &call, body.as_ref());
        let intent = Intent {
            test: self.test.clone(),
            kind: kind.name.to_owned(),
            name: name.clone(),
            owner,
            params,
            several: body.is_some_and(|body| kind.makes_several(&body)),
            change,
        };
        let seq = self.ledger.append(Entry::Intent(intent.clone()))?;
        let thing = Thing {
            kind,
            outstanding: Outstanding { seq, intent, id: None },
            actor: Arc::new(SessionApi::new(session)),
            answered: false,
        };
        let held = self.marks.hold(seq, Mark { kind, name });
        let underway = Underway { maker: self, kind, seq, _held: held };
        if self.stack.push(Step::Thing(Box::new(thing))).is_err() {
            underway.refused("not sent: the test is over");
            return Err(MakeError::Over);
        }
        Ok((underway, call.note(marks::NOTE, seq.to_string())))
    }
}

/// An intent whose request is under way.
struct Underway<'a> {
    maker: &'a Maker,
    kind: &'static Kind,
    seq: u64,
    _held: Held,
}

impl Underway<'_> {
    /// Notes that the thing is there.
    fn made(self, id: Result<String, MakeError>) -> Result<String, MakeError> {
        // By its name it would be found as well; so the answer counts, whatever
        // becomes of writing it down.
        if let Ok(id) = &id {
            let made = Entry::Made { of: self.seq, id: id.clone() };
            let written = self.maker.ledger.append(made);
            self.maker.stack.answered(self.seq, Some(id.clone()));
            written?;
        } else {
            self.maker.stack.answered(self.seq, None);
        }
        id
    }

    /// Notes that nothing was made.
    fn refused(self, why: &str) {
        // Not written, the thing is looked for once more.
        let _ = self.maker.ledger.append(Entry::Refused { of: self.seq, why: why.to_owned() });
        self.maker.stack.forget(self.seq);
    }

    /// Notes what a failure means for the thing.
    fn failed(self, error: Error) -> Error {
        match consequence(&error) {
            Consequence::NotMade(why) => self.refused(&why),
            Consequence::Answered => self.maker.stack.answered(self.seq, None),
            Consequence::Unknown => {
                tracing::debug!(kind = self.kind.name, seq = self.seq, "made or not, nobody knows");
            }
        }
        error
    }
}

/// What the failure of a request says of the thing it was to make.
#[derive(Debug, PartialEq, Eq)]
enum Consequence {
    /// It was not made.
    NotMade(String),
    /// The service is done with the request; it may have been made.
    Answered,
    /// The service may still be at it.
    Unknown,
}

/// Judges a failure.
///
/// - What was never sent makes nothing.
/// - A refusal of the client's making (4xx) makes nothing, if it was the first
///   attempt: of several, an earlier one may have come through and be the very
///   reason (a name that is taken).
/// - 408 is the service's way to say that it gave up half-way.
/// - Everything else leaves the thing to be looked for.
fn consequence(error: &Error) -> Consequence {
    let attempts = error.request().map_or(0, |request| request.attempts);
    match error.kind() {
        ErrorKind::Status(response) => match response.status {
            400..=407 | 409..=499 if attempts <= 1 => {
                Consequence::NotMade(format!("status {}", response.status))
            }
            _ => Consequence::Answered,
        },
        ErrorKind::Transport(transport) if attempts <= 1 && transport.kind.before_sending() => {
            Consequence::NotMade(format!("not sent: {transport}"))
        }
        ErrorKind::Transport(_) => Consequence::Unknown,
        _ if error.status().is_some() => Consequence::Answered,
        ErrorKind::UnexpectedSuccess { .. }
        | ErrorKind::Violations(_)
        | ErrorKind::Decode(_)
        | ErrorKind::Schema(_) => Consequence::Answered,
        kind => Consequence::NotMade(format!("not sent: {kind}")),
    }
}

fn id<T>(kind: &'static Kind, response: &Response<T>, name: &str) -> Result<String, MakeError> {
    let Id::Answer(pointers) = kind.id else { return Ok(name.to_owned()) };
    let id = pointers.iter().find_map(|pointer| kinds::text_of(response.body.at(pointer)?));
    id.ok_or_else(|| MakeError::no_id(kind, pointers))
}

fn params<T>(kind: &Kind, call: &Call<T>, body: Option<&Value>) -> BTreeMap<String, String> {
    let path = call.path_parameters().iter();
    let mut params: BTreeMap<String, String> =
        path.map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    if let Some(body) = body {
        for (name, pointer) in kind.body_params {
            if let Some(value) = body.pointer(pointer).and_then(Value::as_str) {
                params.insert((*name).to_owned(), value.to_owned());
            }
        }
    }
    params
}
