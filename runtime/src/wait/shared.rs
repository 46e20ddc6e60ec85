//! Looks that many waits share: one list in membership of a look each.
//!
//! - Where so many wait for things of one sort that a list costs less than their
//!   looks, they see what the list says, which one of them asks for in the name of all.
//! - A list only ever says *not yet*. What ends a wait, well or badly, a test sees with
//!   its own eyes, so that its answer is its own, and validated.
//! - A list that the service refuses, that lacks most of what is waited for, or holds far
//!   more, as in a large cloud that cannot narrow it, is not asked for again.

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

/// How many must wait for a list to be worth it: it costs the service somewhat more
/// than a look at one thing.
const WORTH_IT: usize = 4;

/// How many things a list may hold for each that is waited for.
const TOO_MANY: usize = 8;

/// How old a list may be for a look: as short as the first pause of a wait.
const FRESH: Duration = Duration::from_millis(50);

/// The lists that the waits of a run share.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Inner>);

struct Inner {
    /// Who asks, in the name of all.
    api: Box<dyn Api>,
    /// What the names of the run's things begin with.
    prefix: String,
    lists: Mutex<HashMap<&'static str, Arc<SharedList>>>,
}

/// One list, and who looks at it.
#[derive(Debug, Default)]
struct SharedList {
    /// The ids that are waited for, each with how many do.
    waiting: Mutex<BTreeMap<String, usize>>,
    latest: tokio::sync::Mutex<Option<Page>>,
    given_up: AtomicBool,
}

/// What the list said.
#[derive(Debug)]
struct Page {
    asked: Instant,
    request_id: Option<String>,
    items: HashMap<String, Value>,
}

impl Shared {
    /// Starts with nobody waiting; `api` asks, as someone who sees every project's things.
    pub(crate) fn new(api: impl Api + 'static, run: &str) -> Self {
        let prefix = kinds::run_prefix(run);
        Self(Arc::new(Inner { api: Box::new(api), prefix, lists: Mutex::default() }))
    }

    /// Joins those who wait for things in a list.
    pub(super) fn join(&self, listing: &'static Listing, id: &str) -> Member {
        let mut lists = self.0.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let list = Arc::clone(lists.entry(listing.operation).or_default());
        *list.waiting().entry(id.to_owned()).or_default() += 1;
        let membership = Membership { shared: self.clone(), list, listing, id: id.to_owned() };
        Member(Arc::new(membership))
    }
}

/// A wait's membership among those who look at a list; given up when it is dropped.
#[derive(Debug, Clone)]
pub(super) struct Member(Arc<Membership>);

#[derive(Debug)]
struct Membership {
    shared: Shared,
    list: Arc<SharedList>,
    listing: &'static Listing,
    id: String,
}

/// A thing as a list shows it.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) item: Value,
    pub(super) request_id: Option<String>,
}

impl Member {
    /// Gives the thing as the list shows it; none where one should look oneself.
    pub(super) async fn look(&self) -> Option<Seen> {
        let Membership { list, id, .. } = &*self.0;
        if list.given_up.load(Ordering::Relaxed) || list.waiting().len() < WORTH_IT {
            return None;
        }
        let now = Instant::now();
        // Whoever comes while a list is under way waits for it, and looks at the next.
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
        // Unanswered, it may be answered the next time.
        let answer = shared.0.api.send(request).await.ok()?;
        let items = answer.body.pointer(listing.collection).and_then(Value::as_array);
        let id = |item: &Value| item.pointer("/id").and_then(Value::as_str).map(str::to_owned);
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
        write!(f, "Shared(things of {})", self.0.prefix)
    }
}

#[cfg(test)]
mod tests;
