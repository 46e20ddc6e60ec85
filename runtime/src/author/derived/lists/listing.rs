//! A list that is being checked: its request, made ready, and the run's own items in it.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use squall_model::kind::text_of;
use squall_model::{Microversion, pointer};

use super::operations::ListOperation;
use super::plan::ListCase;
use super::schema::{self, ListSchema};
use crate::client::{Call, Error};
use crate::derived::outcome::without;
use crate::described::by_service;
use crate::described::{Instance, Pool};
use crate::described::{Purpose, Ready, prepare};
use crate::{Context, Failure, Result, UnexpectedAnswer};

/// The labels of the resources that all checks of a list share. Three of them have an order,
/// and pages of one item have a middle.
const LABELS: [&str; 3] = ["list-1", "list-2", "list-3"];

/// A list that is being checked.
pub(super) struct Listing {
    pub(super) list: ListOperation,
    pub(super) version: Option<Microversion>,
    pub(super) schema: ListSchema,
    ready: Ready,
    own: Vec<String>,
    /// The last request, for a failure to show.
    last: Mutex<Option<Call<Value>>>,
}

/// A page of a list, or a whole one.
pub(super) struct Page {
    pub(super) items: Vec<Value>,
    pub(super) body: Value,
}

impl Listing {
    /// Creates the resources that should be listed, and makes the request ready.
    ///
    /// # Errors
    /// There is no such resource and none can be created; that skips the test.
    pub(super) async fn of(ctx: &Context, pool: &Pool, case: &ListCase) -> Result<Self> {
        ctx.undo_by_kind();
        let list = case.list;
        let kind = list.resource.kind.name;
        let version = case.version;
        let first = pool.labelled(kind, LABELS[0], version).await.map_err(without)?;
        let mut own = vec![id_of(&first)];
        for label in &LABELS[1..] {
            // Some can be there only once; most checks need one.
            if let Ok(another) = pool.labelled(kind, label, version).await {
                own.push(id_of(&another));
            }
        }
        own.dedup();
        // A change, as the assignment of a role, has no id by which it would be listed.
        own.retain(|id| !id.is_empty());
        let purpose =
            Purpose { ctx, pool, target: Some(&first), own: false, version: case.version };
        let version = case.version.or_else(|| purpose.version_of(list.spec, list.operation));
        let ready = prepare(list.request, purpose).await.map_err(without)?;
        let schema = schema::read(&list, version).unwrap_or_default();
        Ok(Self { list, version, schema, ready, own, last: Mutex::default() })
    }

    /// Returns the call with these parameters beside those of its description.
    pub(super) fn call(&self, query: &[(&'static str, String)]) -> Call<Value> {
        query.iter().fold(self.ready.call(""), |call, (name, text)| call.query_instead(name, text))
    }

    /// Reads the list with these parameters.
    ///
    /// # Errors
    /// It is not answered with success, or has no items where they should be.
    pub(super) async fn read(&self, query: &[(&'static str, String)]) -> Result<Page> {
        self.page(query).await.map_err(by_service)?
    }

    /// The same with the client's error, for a check that looks at a refusal.
    pub(super) async fn page(
        &self,
        query: &[(&'static str, String)],
    ) -> Result<Result<Page>, Error> {
        let call = self.call(query);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(call.clone());
        let response = call.send().await?;
        let body = response.body.json().cloned().unwrap_or_default();
        let items = body.pointer(self.list.collection()).and_then(Value::as_array).cloned();
        Ok(match items {
            Some(items) => Ok(Page { items, body }),
            None => Err(Failure::new(format!(
                "the answer to `{}` has no list at `{}`",
                self.list.operation.id,
                self.list.collection()
            ))
            .with_request_id(response.request_id)),
        })
    }

    /// Reads the list as its description has it, which is what everything else is compared with.
    ///
    /// # Errors
    /// It is not answered with success, which skips the test: the contract suites report that.
    /// Or an own item is not in it.
    pub(super) async fn plain(&self) -> Result<Page> {
        let page = self.read(&[]).await.map_err(|failure| {
            Failure::skip(format!(
                "its plain request is not answered with success: {}",
                failure.message()
            ))
        })?;
        let listed = self.own_in(&page).next().is_some();
        crate::ensure!(
            listed || self.own.is_empty(),
            "the {} `{}` of this run is not in the list",
            self.list.resource.kind.name,
            self.own[0]
        );
        Ok(page)
    }

    /// Adds the last request to a failure, as a `curl` line.
    pub(super) async fn with_request(&self, failure: Failure) -> Failure {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(call) = last.filter(|_| !failure.is_skip()) else { return failure };
        let curl = call.curl().await.unwrap_or_else(|error| error.to_string());
        let message = format!("{}\nagain:    {curl}", failure.message());
        let request_id = failure.request_id().map(str::to_owned);
        let location = failure.location().cloned();
        // A failure of a check is about an answer of success.
        let answer = UnexpectedAnswer {
            operation: self.list.operation.id.to_string(),
            curl,
            ..failure.answer().cloned().unwrap_or_default()
        };
        Failure::new(message)
            .with_request_id(request_id)
            .with_location(location)
            .with_answer(answer)
    }

    /// Returns the own items of a page.
    pub(super) fn own_in<'a>(&'a self, page: &'a Page) -> impl Iterator<Item = &'a Value> {
        page.items.iter().filter(|item| self.is_own(item))
    }

    /// Whether an item is the run's own.
    pub(super) fn is_own(&self, item: &Value) -> bool {
        self.ids(item).iter().any(|id| self.own.contains(id))
    }

    /// Returns the id of an item.
    pub(super) fn id(&self, item: &Value) -> Option<String> {
        self.ids(item).into_iter().next()
    }

    /// Returns what may be the id of an item: an answer that creates one may have it elsewhere
    /// than a list.
    fn ids(&self, item: &Value) -> Vec<String> {
        let inner = unwrapped(item);
        let described = inner.pointer(self.list.resource.id).and_then(text_of);
        let marker = self.list.operation.paging.as_ref().and_then(|paging| paging.marker_of(item));
        let last = pointer::keys(self.list.resource.id).next_back();
        let named = last.and_then(|key| inner.get(&key).and_then(text_of));
        let usual = inner.get("id").and_then(text_of);
        // Some lists are of ids alone.
        [described, marker, named, usual, text_of(item)].into_iter().flatten().collect()
    }
}

/// Returns a field of an item, unless it is null or absent.
pub(super) fn field<'a>(item: &'a Value, key: &str) -> Option<&'a Value> {
    unwrapped(item).get(key).filter(|value| !value.is_null())
}

/// Returns the object in a wrapper, as in `{"keypair": {…}}`.
fn unwrapped(item: &Value) -> &Value {
    let only = item.as_object().filter(|map| map.len() == 1).and_then(|map| map.values().next());
    only.filter(|value| value.is_object()).unwrap_or(item)
}

fn id_of(instance: &Instance) -> String {
    let object = instance.object();
    let shown = object.pointer(instance.resource().id).and_then(text_of);
    shown.unwrap_or_else(|| instance.id().to_owned())
}
