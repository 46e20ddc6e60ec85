//! Polls shared by many waits: one list request instead of one request each.
//!
//! - When enough waits poll resources of one type, one of them requests a list on
//!   behalf of all.
//! - A list only ever means *not yet*. What ends a wait is always the test's own
//!   request, so that its response is its own, and validated.
//! - A list is not requested again if the service refuses it, if it lacks most of
//!   the awaited resources, or if it contains far more, as on a large cloud without
//!   a filter.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::listing::{Listing, Narrow};
use crate::client::by_id::{Api, Request};
use crate::kinds;

/// How many waits make a list worthwhile: it costs the service somewhat more than showing
/// one resource.
const WORTH_IT: usize = 4;

/// How many resources a list may contain for each awaited one.
const TOO_MANY: usize = 8;

/// How old a list may be to be used: the first delay of a backoff.
const FRESH: Duration = Duration::from_millis(50);

/// The lists shared by the waits of a run.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Inner>);

struct Inner {
    /// Sends the list requests.
    api: Box<dyn Api>,
    /// The prefix of the run's names.
    prefix: String,
    lists: Mutex<HashMap<&'static str, Arc<SharedList>>>,
}

/// One list, and the waits that use it.
#[derive(Debug, Default)]
struct SharedList {
    /// The awaited ids, each with its number of waits.
    waiting: Mutex<BTreeMap<String, usize>>,
    latest: tokio::sync::Mutex<Option<Page>>,
    given_up: AtomicBool,
}

/// The items of a list response.
#[derive(Debug)]
struct Page {
    asked: Instant,
    request_id: Option<String>,
    items: HashMap<String, Value>,
}

impl Shared {
    /// Creates the shared lists; `api` must see the resources of every project.
    pub(crate) fn new(api: impl Api + 'static, run: &str) -> Self {
        let prefix = kinds::run_prefix(run);
        Self(Arc::new(Inner { api: Box::new(api), prefix, lists: Mutex::default() }))
    }

    /// Joins the waits that use a list.
    pub(super) fn join(&self, listing: Listing, id: &str) -> Member {
        let mut lists = self.0.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let list = Arc::clone(lists.entry(listing.operation).or_default());
        *list.waiting().entry(id.to_owned()).or_default() += 1;
        let membership = Membership { shared: self.clone(), list, listing, id: id.to_owned() };
        Member(Arc::new(membership))
    }
}

/// A wait's use of a list; ends when dropped.
#[derive(Debug, Clone)]
pub(super) struct Member(Arc<Membership>);

#[derive(Debug)]
struct Membership {
    shared: Shared,
    list: Arc<SharedList>,
    listing: Listing,
    id: String,
}

/// A resource as listed.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) item: Value,
    pub(super) request_id: Option<String>,
}

impl Member {
    /// Returns the resource as listed; `None` if the caller should request it itself.
    pub(super) async fn poll(&self) -> Option<Seen> {
        let Membership { list, id, .. } = &*self.0;
        if list.given_up.load(Ordering::Relaxed) || list.waiting().len() < WORTH_IT {
            return None;
        }
        let now = Instant::now();
        // Callers that arrive while a list is being requested wait for it and use the
        // next one.
        let mut latest = list.latest.lock().await;
        if latest.as_ref().is_none_or(|page| page.asked + FRESH < now) {
            *latest = self.0.ask().await;
        }
        let page = latest.as_ref()?;
        let item = page.items.get(id)?.clone();
        Some(Seen { item, request_id: page.request_id.clone() })
    }
}

impl Membership {
    async fn ask(&self) -> Option<Page> {
        let Self { shared, list, listing, .. } = self;
        let ids: Vec<String> = list.waiting().keys().cloned().collect();
        let mut query: Vec<(&'static str, String)> =
            listing.everywhere.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        match listing.narrow {
            Narrow::Name(name) => query.push((name, shared.0.prefix.clone())),
            Narrow::Each(name) => query.extend(ids.iter().map(|id| (name, id.clone()))),
            Narrow::In(name) => query.push((name, format!("in:{}", ids.join(",")))),
            Narrow::Not => {}
        }
        let asked = Instant::now();
        let (spec, operation) = (listing.spec, listing.operation);
        let request = Request { spec, operation, params: &BTreeMap::new(), query, body: None };
        // Without an answer, try again the next time.
        let answer = shared.0.api.send(request).await.ok()?;
        let items = answer.body.pointer(listing.collection).and_then(Value::as_array);
        let id = |item: &Value| kinds::text_of(item.pointer(listing.id)?);
        let items: HashMap<String, Value> = items
            .filter(|_| answer.status < 300)
            .into_iter()
            .flatten()
            .filter_map(|item| Some((id(item)?, item.clone())))
            .collect();
        let found = ids.iter().filter(|id| items.contains_key(*id)).count();
        if answer.status < 500 && (found * 2 < ids.len() || items.len() > ids.len() * TOO_MANY) {
            list.given_up.store(true, Ordering::Relaxed);
        }
        Some(Page { asked, request_id: answer.request_id, items })
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        let mut waiting = self.list.waiting();
        if let Some(count) = waiting.get_mut(&self.id) {
            *count -= 1;
            if *count == 0 {
                waiting.remove(&self.id);
            }
        }
    }
}

impl SharedList {
    fn waiting(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, usize>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shared(resources of {})", self.0.prefix)
    }
}

#[cfg(test)]
mod tests;
