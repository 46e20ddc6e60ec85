//! Lists: what the caller sees, filtered by equal fields, a page at a time.

use serde_json::Value;
use squall_model::Paging;
use squall_model::kind::text_of;

use super::answer::{ServiceAnswer, ServiceFault};
use super::request::ServiceRequest;
use super::shape::{NextLink, at};
use super::store::{Item, ItemStore};
use crate::page::{Bounds, filtered};
use crate::query::truth;

/// Parameters that select no items.
const NO_FILTERS: [&str; 7] =
    ["limit", "marker", "offset", "sort", "sort_key", "sort_dir", "fields"];

impl ServiceRequest<'_> {
    /// Answers with the caller's resources of a kind, below those on the path.
    ///
    /// - Of a project's or user's resources an administrator sees all, if the query has what
    ///   the description says (`found.everywhere`), or if there is nothing to say.
    /// - A parameter with the name of a field selects the resources whose field equals it. Fields
    ///   are what the schema of the items declares, and what those have that the caller sees.
    /// - Pages are as the operation declares them; a list without is whole.
    pub(super) fn list(&self, store: &ItemStore) -> Result<ServiceAnswer, ServiceFault> {
        let resource = self.resource()?;
        self.check_parents(store)?;
        let everywhere = resource.kind.list().map_or(&[][..], |listed| listed.everywhere);
        let sees_all = self.is_admin()
            && !resource.kind.private
            && everywhere.iter().all(|(name, value)| self.query(name) == Some(*value));
        let kind = resource.kind.name;
        let seen: Vec<&Item> = store
            .items(kind)
            .filter(|item| self.is_on_path(item) && (sees_all || self.is_ours(item)))
            .collect();
        // What the caller does not see decides nothing.
        let declared = self.declared_fields(resource.collection)?;
        let is_field = |name: &str| {
            declared.contains(name) || seen.iter().any(|item| item.fields().contains_key(name))
        };
        let is_reserved = |name: &str| {
            NO_FILTERS.contains(&name) || everywhere.iter().any(|(other, _)| *other == name)
        };
        let filters: Vec<(&str, &str)> = self
            .context
            .query
            .iter()
            .filter(|(name, _)| !is_reserved(name) && is_field(name))
            .collect();
        let kept = seen
            .into_iter()
            .filter(|item| filters.iter().all(|(name, value)| equals(item, name, value)));
        let operation = self.context.operation;
        let (items, next) = match &operation.paging {
            None => (kept.map(fields).collect(), None),
            Some(paging) => self.page(paging, kept)?,
        };
        self.answered_with(at(resource.collection, Value::Array(items)), next)
    }

    /// Cuts a page out of the items. Returns it with the link to the next one, and the place of
    /// that in the body.
    fn page<'s>(
        &self,
        paging: &'static Paging,
        kept: impl Iterator<Item = &'s Item>,
    ) -> Result<(Vec<Value>, Option<NextLink>), ServiceFault> {
        let query = &self.context.query;
        let marked: Vec<(String, Value)> = kept
            .map(|item| {
                let shown = fields(item);
                (paging.marker_of(&shown).unwrap_or_else(|| item.id().to_owned()), shown)
            })
            .collect();
        let bounds = Bounds {
            limit: query.number("limit")?,
            marker: query.get("marker"),
            offset: query.number("offset")?.unwrap_or_default(),
        };
        let all: Vec<&(String, Value)> = marked.iter().collect();
        let found = filtered(&all, |_| true, &bounds, |(key, _)| key)?;
        let next = match (paging, &found.next) {
            (Paging::Link { next, .. }, Some(marker)) => {
                let path = format!("{}{}", self.context.base, self.context.path);
                Some(NextLink { at: next, url: format!("{path}?{}", query.after(marker)) })
            }
            _ => None,
        };
        Ok((found.items.into_iter().map(|(_, item)| item.clone()).collect(), next))
    }
}

fn fields(item: &Item) -> Value {
    Value::Object(item.fields().clone())
}

fn equals(item: &Item, name: &str, wanted: &str) -> bool {
    match item.fields().get(name) {
        Some(Value::Bool(flag)) => truth(wanted) == Some(*flag),
        Some(value) => text_of(value).is_some_and(|text| text == wanted),
        None => false,
    }
}
