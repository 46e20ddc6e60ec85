//! Creates resources: first the ledger entry, then the request, then the undo step.

use std::collections::BTreeMap;
use std::panic::Location;
use std::sync::Arc;

use serde_json::Value;

use super::consequence::{Consequence, consequence};
use super::error::MakeError;
use super::made::Made;
use super::marks::{Held, Mark};
use super::naming::named;
use super::stack::{Deferred, Stack, Step, Thing};
use crate::client::by_id::SessionApi;
use crate::client::{Call, Error, ErrorResponse, Response, Session, redact};
use crate::kinds::{self, Id, Kind};
use crate::ledger::{Intent, Ledger, LedgerEntry, Outstanding, Owner, RecordedChange, SentName};
use crate::wait::WaitHistory;

/// Creates resources for one test, or for the runner.
#[derive(Debug)]
pub(crate) struct Maker {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) test: Option<String>,
    pub(crate) wait_history: WaitHistory,
    pub(crate) stack: Stack,
    /// The cloud's admin, who frees what its owner may not.
    pub(crate) admin: Option<SessionApi>,
}

impl Maker {
    /// Creates a maker that has created nothing.
    pub(crate) fn new(
        ledger: Arc<Ledger>,
        wait_history: WaitHistory,
        test: Option<String>,
    ) -> Self {
        Self { ledger, test, wait_history, stack: Stack::default(), admin: None }
    }

    /// Has this identity free what the owner of a resource may not.
    pub(crate) fn with_admin(self, admin: Session) -> Self {
        Self { admin: Some(SessionApi::new(admin)), ..self }
    }

    /// Creates a resource of the kind that the call's operation makes, and puts the unique
    /// name into its body.
    pub(crate) async fn create<T>(&self, call: Call<T>) -> Result<Made<T>, MakeError> {
        let (kind, name, call) = named(call, self.ledger.run())?;
        self.create_as(kind, name, call).await
    }

    /// Creates a resource whose name the closure puts into its request.
    pub(crate) async fn create_named<T>(
        &self,
        kind: &'static Kind,
        call: impl FnOnce(&str) -> Call<T>,
    ) -> Result<Made<T>, MakeError> {
        let name = kinds::unique_name(kind, self.ledger.run());
        let call = call(&name);
        self.create_as(kind, name, call).await
    }

    async fn create_as<T>(
        &self,
        kind: &'static Kind,
        name: String,
        call: Call<T>,
    ) -> Result<Made<T>, MakeError> {
        let (intent, call) = self.intend(kind, name.clone(), call, Recorded::default()).await?;
        match call.send().await {
            Ok(response) => {
                let id = intent.made(id(kind, &response, &name))?;
                Ok(Made { value: response.value, id, name })
            }
            Err(error) => Err(intent.failed(error).into()),
        }
    }

    /// Makes a change; `old` is the request body that restores the previous value.
    pub(crate) async fn change<T>(
        &self,
        kind: &'static Kind,
        old: Option<Value>,
        call: Call<T>,
    ) -> Result<Response<T>, MakeError> {
        let name = kinds::unique_name(kind, self.ledger.run());
        let change = old.map_or(RecordedChange::Added, RecordedChange::Replaced);
        let (intent, call) = self.intend(kind, name.clone(), call, change.into()).await?;
        match call.send().await {
            Ok(response) => {
                intent.made(Ok(name))?;
                Ok(response)
            }
            Err(error) => Err(intent.failed(error).into()),
        }
    }

    /// Sends a creating request that may be refused or not. If it is not, the
    /// resource is deleted like any other; `addressed_by` reads the response for the name by
    /// which it is addressed, which need not be the one that is given.
    pub(crate) async fn attempt<T>(
        &self,
        kind: &'static Kind,
        attempt: Attempt<T>,
        addressed_by: impl FnOnce(&Response<T>) -> Option<String>,
    ) -> Result<Response<T>, MakeError> {
        let Attempt { name, sent, call } = attempt;
        let change = matches!(kind.id, Id::Coordinates).then_some(RecordedChange::Added);
        let named = sent.as_ref().and_then(|sent| sent.name.clone()).unwrap_or(name.clone());
        let recorded = Recorded { change, sent };
        let (intent, call) = self.intend(kind, name, call, recorded).await?;
        match call.send().await {
            Ok(response) => {
                let id = match kind.id {
                    Id::Name => Ok(addressed_by(&response).unwrap_or(named)),
                    _ => id(kind, &response, &named),
                };
                // Without an id it is searched for.
                let _ = intent.made(id);
                Ok(response)
            }
            Err(error) => Err(intent.failed(error).into()),
        }
    }

    /// Sends a request that the service should refuse. If it does not, the resource is
    /// deleted like any other.
    pub(crate) async fn expect_refusal<T>(
        &self,
        status: u16,
        call: Call<T>,
    ) -> Result<ErrorResponse, MakeError> {
        let (kind, name, call) = named(call, self.ledger.run())?;
        self.expect_refusal_as(kind, name, status, call).await
    }

    /// Sends a request with the name that the service should refuse, as
    /// [`expect_refusal`](Self::expect_refusal) does.
    pub(crate) async fn expect_refusal_named<T>(
        &self,
        kind: &'static Kind,
        status: u16,
        call: impl FnOnce(&str) -> Call<T>,
    ) -> Result<ErrorResponse, MakeError> {
        let name = kinds::unique_name(kind, self.ledger.run());
        let call = call(&name);
        self.expect_refusal_as(kind, name, status, call).await
    }

    async fn expect_refusal_as<T>(
        &self,
        kind: &'static Kind,
        name: String,
        status: u16,
        call: Call<T>,
    ) -> Result<ErrorResponse, MakeError> {
        let (intent, call) = self.intend(kind, name.clone(), call, Recorded::default()).await?;
        match call.expect_error(status).await {
            Ok(response) => {
                intent.refused(&format!("status {}", response.status));
                Ok(response)
            }
            Err(error) => Err(intent.failed(error).into()),
        }
    }

    /// Records a resource that a request of another kind brings about, under the identity that
    /// it belongs to.
    pub(crate) async fn record(
        &self,
        kind: &'static Kind,
        session: &Session,
        name: &str,
        id: Option<&str>,
    ) -> Result<(), MakeError> {
        let token = session.token().await?;
        let owner = Owner::new(&token.user.id, token.project.as_ref().map(|p| p.id.as_str()));
        let intent = Intent { test: self.test.clone(), ..Intent::create(kind.name, name, owner) };
        let seq = self.ledger.append(LedgerEntry::Intent(intent.clone()))?;
        if let Some(id) = id {
            self.ledger.append(LedgerEntry::Made { of: seq, id: id.to_owned() })?;
        }
        let thing = Thing {
            kind,
            outstanding: Outstanding { seq, intent, id: id.map(str::to_owned) },
            actor: Arc::new(SessionApi::new(session.clone())),
            answered: true,
        };
        self.stack.push(Step::Thing(Box::new(thing))).map_err(|_| MakeError::Over)
    }

    /// Registers a cleanup action. It runs when the test ends; registering after that does
    /// nothing.
    pub(crate) fn defer(&self, place: &'static Location<'static>, action: Deferred) {
        if self.stack.push(Step::Deferred { place, action }).is_err() {
            tracing::warn!(%place, "a cleanup action was registered after the end of the test, and does not run");
        }
    }

    /// Writes the intent to the ledger, and returns the call that may be sent for it.
    async fn intend<T>(
        &self,
        kind: &'static Kind,
        name: String,
        call: Call<T>,
        recorded: Recorded,
    ) -> Result<(Underway<'_>, Call<T>), MakeError> {
        let Recorded { change, sent } = recorded;
        let session = call.client().session().clone();
        let token = session.token().await?;
        let owner = Owner::new(&token.user.id, token.project.as_ref().map(|p| p.id.as_str()));
        let body = call.json_body();
        let params = params(kind, &call);
        // Undoing a change does what its parameters say, and nothing else says whose they are.
        if kind.id == Id::Coordinates
            && kind.shown_by.is_none()
            && !params.values().any(|value| self.ledger.has_made(value))
        {
            return Err(MakeError::NotOurs { kind: kind.name });
        }
        let intent = Intent {
            test: self.test.clone(),
            kind: kind.name.to_owned(),
            name: name.clone(),
            owner,
            params,
            several: body.is_some_and(|body| kind.makes_several(body)),
            change,
            sent: sent.map(Box::new),
        };
        let seq = self.ledger.append(LedgerEntry::Intent(intent.clone()))?;
        let thing = Thing {
            kind,
            outstanding: Outstanding { seq, intent, id: None },
            actor: Arc::new(SessionApi::new(session)),
            answered: false,
        };
        let held = Held::new(Mark { kind, name });
        let carried = held.carried();
        let underway = Underway { maker: self, kind, seq, _held: held };
        if self.stack.push(Step::Thing(Box::new(thing))).is_err() {
            underway.refused("not sent: the test is over");
            return Err(MakeError::Over);
        }
        Ok((underway, call.extension(carried)))
    }
}

/// A creating request that may be refused.
pub(crate) struct Attempt<T> {
    /// The unique name.
    pub(crate) name: String,
    /// The name that the request has instead.
    pub(crate) sent: Option<SentName>,
    pub(crate) call: Call<T>,
}

impl<T> Attempt<T> {
    /// Creates a request that has the unique name.
    pub(crate) fn named(name: String, call: Call<T>) -> Self {
        Self { name, sent: None, call }
    }
}

/// What the ledger gets to know beside the name.
#[derive(Default)]
struct Recorded {
    change: Option<RecordedChange>,
    sent: Option<SentName>,
}

impl From<RecordedChange> for Recorded {
    fn from(change: RecordedChange) -> Self {
        Self { change: Some(change), sent: None }
    }
}

/// An intent whose request is in flight.
struct Underway<'a> {
    maker: &'a Maker,
    kind: &'static Kind,
    seq: u64,
    _held: Held,
}

impl Underway<'_> {
    /// Records that the resource was created.
    fn made(self, id: Result<String, MakeError>) -> Result<String, MakeError> {
        // The resource exists whether or not this can be written; without the id, cleanup
        // finds it by its name.
        if let Ok(id) = &id {
            let made = LedgerEntry::Made { of: self.seq, id: id.clone() };
            let written = self.maker.ledger.append(made);
            self.maker.stack.answered(self.seq, Some(id.clone()));
            written?;
        } else {
            self.maker.stack.answered(self.seq, None);
        }
        id
    }

    /// Records that nothing was created.
    fn refused(self, why: &str) {
        // If this cannot be written, cleanup searches for the resource and finds none.
        let _ =
            self.maker.ledger.append(LedgerEntry::Refused { of: self.seq, why: why.to_owned() });
        self.maker.stack.forget(self.seq);
    }

    /// Records what a failure means for the resource.
    fn failed(self, error: Error) -> Error {
        match consequence(&error) {
            Consequence::NotMade(why) => self.refused(&redact::text(&why)),
            Consequence::Answered => self.maker.stack.answered(self.seq, None),
            Consequence::Unknown => {
                tracing::debug!(
                    kind = self.kind.name,
                    seq = self.seq,
                    "it is unknown whether the resource was created"
                );
            }
        }
        error
    }
}

fn id<T>(kind: &'static Kind, response: &Response<T>, name: &str) -> Result<String, MakeError> {
    let Id::Answer(pointers) = kind.id else { return Ok(name.to_owned()) };
    let id = pointers.iter().find_map(|pointer| kinds::text_of(response.body.at(pointer)?));
    // Compute says in this way where the image of a server is, before 2.45.
    id.or_else(|| last_segment(response.header("location")?))
        .ok_or_else(|| MakeError::no_id(kind, pointers))
}

/// Returns the last segment of a URL's path.
fn last_segment(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next()?;
    let (_, segment) = path.rsplit_once('/')?;
    (!segment.is_empty()).then(|| segment.to_owned())
}

/// Returns the parameters by which what a call creates is addressed: those of its path, and
/// those that the kind takes from its body.
pub(crate) fn params<T>(kind: &Kind, call: &Call<T>) -> BTreeMap<String, String> {
    let path = call.path_parameters().iter();
    let of_path = path.map(|(name, value)| ((*name).to_owned(), value.clone()));
    let of_body = kind.body_params.iter().filter_map(|(name, pointer)| {
        Some(((*name).to_owned(), kinds::text_of(call.json_body()?.pointer(pointer)?)?))
    });
    of_path.chain(of_body).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::client::decode;
    use crate::client::script::Script;
    use crate::client::validate::Validation;
    use crate::kinds::network::{NETWORK, RBAC_POLICY};
    use crate::ledger;
    use crate::network::Network;

    const RUN: &str = "0198f3a2-6d1e-7c40-9d2b-5a1f3c9e8b77";

    #[tokio::test]
    async fn a_change_of_what_the_run_did_not_create_is_not_sent() {
        let dir = tempfile::tempdir().unwrap();
        let ledger = Arc::new(Ledger::open(dir.path(), RUN).unwrap());
        let script = Script::new()
            .signed_in(&[("network", "http://cloud.test/network")])
            .answer("GET", "/network/", 200, json!({"versions": [{"id": "v2.0"}]}))
            .answer("POST", "/network/v2.0/networks", 201, json!({"network": {"id": "ours"}}))
            .answer("POST", "/network/v2.0/rbac-policies", 201, json!({}));
        let session = script.builder().validation(Validation::Off).build().unwrap();
        let call = |kind: &Kind, key, body| {
            let operation = Network::SPEC.operation(kind.made_by[0]).unwrap();
            session
                .service(Network::SPEC)
                .call(operation, decode::json::<Value>)
                .body(Some(key), body)
        };
        let share = |id: &str| call(&RBAC_POLICY, "rbac_policy", json!({ "object_id": id }));
        let maker = Maker::new(ledger, WaitHistory::default(), None);
        let refused = maker.change(&RBAC_POLICY, None, share("theirs")).await.unwrap_err();
        assert!(matches!(refused, MakeError::NotOurs { kind: "network.rbac_policy" }), "{refused}");
        assert!(maker.stack.is_empty());
        assert_eq!(ledger::read(dir.path()).unwrap().records.len(), 0);
        let create = |name: &str| call(&NETWORK, "network", json!({ "name": name }));
        maker.create_named(&NETWORK, create).await.unwrap();
        maker.change(&RBAC_POLICY, None, share("ours")).await.unwrap();
        let sent = script.asked();
        let shares = sent.iter().filter(|request| request.ends_with("/rbac-policies"));
        assert_eq!(shares.count(), 1, "{sent:?}");
    }

    #[test]
    fn the_id_in_a_location_ends_with_the_path() {
        for (url, id) in [
            ("http://c/images/abc", Some("abc")),
            ("http://c/images/abc?from=/servers/1", Some("abc")),
            ("http://c/images/", None),
            ("abc", None),
        ] {
            assert_eq!(last_segment(url).as_deref(), id, "{url}");
        }
    }
}
