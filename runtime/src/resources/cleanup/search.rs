//! Finding a resource by its name when its id is not known.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::evidence::Evidence;
use super::fill::{self, Params};
use super::listing::{ListError, every_listed};
use crate::client::by_id::{Api, Request};
use crate::kinds::{Listed, text_of};
use crate::ledger::SentName;
use crate::services;
use crate::wait::Backoff;

/// A search in a list.
#[derive(Clone, Copy)]
pub(super) struct Search<'a> {
    pub(super) api: &'a dyn Api,
    pub(super) evidence: &'a Evidence,
    /// Whether `api` acts as the owner, so that the owner's project is enough.
    pub(super) as_owner: bool,
    pub(super) listed: &'a Listed,
    pub(super) params: &'a Params,
}

impl Search<'_> {
    /// Returns the ids of the resources with this name, in the whole list.
    ///
    /// # Errors
    /// The list could not be read, or not to its end: then nothing is known.
    pub(super) async fn ids(&self, name: &str, several: bool) -> Result<Vec<String>, String> {
        let Listed { operation, by, id, .. } = *self.listed;
        let mut ids = Vec::new();
        for item in self.items().await? {
            // An item of which a part is left out, as of a database that is down, may be it.
            let text = item.pointer(by).ok_or_else(|| lacks(operation, by))?;
            if text.as_str().is_some_and(|text| self.listed.has_name(text, name, several)) {
                ids.push(self.listed.id_of(&item).ok_or_else(|| lacks(operation, id))?);
            }
        }
        Ok(ids)
    }

    /// Returns the ids of the resources that have another name than the unique one, or none, and
    /// that were not there before. Only what is seen without asking for every project counts;
    /// what shows a project has to lie in this one.
    ///
    /// # Errors
    /// As of [`ids`](Self::ids).
    pub(super) async fn new_ones(
        &self,
        sent: &SentName,
        project: Option<&str>,
    ) -> Result<Vec<String>, String> {
        let items = by_another_name(self.api, self.listed, self.params, sent.name.as_deref());
        let is_elsewhere = |item: &Value| {
            let projects = PROJECT_OF.iter().filter_map(|key| item.get(key)?.as_str());
            project.is_some_and(|own| projects.into_iter().any(|shown| shown != own))
        };
        let items = items.await?.into_iter().filter(|item| !is_elsewhere(item));
        let ids = items.filter_map(|item| self.listed.id_of(&item));
        Ok(ids.filter(|id| !sent.before.contains(id)).collect())
    }

    /// Returns all items.
    pub(super) async fn items(&self) -> Result<Vec<Value>, String> {
        let Self { listed, params, .. } = *self;
        let service = services::service_of(listed.operation);
        let mut query = fill::query(listed.query, params);
        let everywhere = fill::query(listed.everywhere, params);
        query.extend(everywhere.iter().cloned());
        let mut read = self.read(query.clone()).await;
        if let Err(ListError::Answered(answer)) = &read
            && matches!(answer.status, 400 | 403)
            && !everywhere.is_empty()
            && self.as_owner
        {
            // Without the right to see every project, the owner's own is enough.
            query.truncate(listed.query.len());
            read = self.read(query).await;
        }
        match read {
            Ok(items) => {
                self.evidence.listed(service);
                Ok(items)
            }
            // What the list is of is gone, and everything in it.
            Err(ListError::Answered(answer)) if self.evidence.proves_absence(service, &answer) => {
                Ok(Vec::new())
            }
            Err(error) => Err(error.describe(listed.operation)),
        }
    }

    /// Repeats a search for a while: the request that creates it may still be under way.
    pub(super) async fn settled(
        &self,
        name: &str,
        several: bool,
        settle: Duration,
    ) -> Result<Vec<String>, String> {
        let until = Instant::now() + settle;
        let mut backoff = Backoff::default();
        loop {
            let found = self.ids(name, several).await;
            match found {
                Ok(ids) if ids.is_empty() && Instant::now() < until => {}
                Err(_) if Instant::now() < until => {}
                other => return other,
            }
            sleep(backoff.next_delay()).await;
        }
    }

    async fn read(&self, query: Vec<(&'static str, String)>) -> Result<Vec<Value>, ListError> {
        let Self { api, listed, params, .. } = *self;
        let spec = services::spec_of(listed.operation);
        let request = Request { spec, operation: listed.operation, params, query, body: None };
        every_listed(api, listed, request).await
    }
}

/// Where a resource says in which project it lies.
pub(super) const PROJECT_OF: [&str; 4] = ["project_id", "tenant_id", "owner", "owner_id"];

/// Returns the items of a kind's list that have this name, whichever it is, or none; without
/// asking for those of every project.
///
/// # Errors
/// The list could not be read, or not to its end.
pub(crate) async fn by_another_name(
    api: &dyn Api,
    listed: &Listed,
    params: &Params,
    name: Option<&str>,
) -> Result<Vec<Value>, String> {
    let operation = listed.operation;
    let spec = services::spec_of(operation);
    let query = listed.query.iter().filter(|(_, value)| !value.contains("{name}"));
    let query = query.map(|(key, value)| (*key, fill::text(value, params))).collect();
    let request = Request { spec, operation, params, query, body: None };
    let items = every_listed(api, listed, request).await.map_err(|e| e.describe(operation))?;
    let has_name = |item: &Value| {
        let shown = item.pointer(listed.by).and_then(text_of).unwrap_or_default();
        shown == name.unwrap_or_default()
    };
    Ok(items.into_iter().filter(has_name).collect())
}

fn lacks(operation: &str, pointer: &str) -> String {
    format!("{operation} lists something without `{pointer}`")
}
