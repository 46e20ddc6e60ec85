//! Lists: what the caller sees, filtered by equal fields, a page at a time.

use serde_json::{Map, Value};
use squall_model::Paging;
use squall_model::description::Resource;
use squall_model::kind::{Find, text_of};

use super::answer::{ServiceAnswer, ServiceFault};
use super::request::ServiceRequest;
use super::shape::{at, set};
use super::store::{Item, ItemStore};
use crate::page::page;
use crate::query::truth;

/// Parameters that select no items.
const NO_FILTERS: [&str; 7] =
    ["limit", "marker", "offset", "sort", "sort_key", "sort_dir", "fields"];

impl ServiceRequest<'_> {
    /// Answers with the caller's resources of a kind, below those on the path.
    ///
    /// - Of a project's or user's resources an administrator sees all, if the query has what
    ///   the description says (`found.everywhere`), or if there is nothing to say.
    /// - A parameter with the name of a field selects the resources whose field equals it.
    /// - Pages are as the operation declares them; a list without is whole.
    pub(super) fn list(&self, store: &ItemStore) -> Result<ServiceAnswer, ServiceFault> {
        let resource = self.resource()?;
        self.check_parents(store)?;
        let everywhere = everywhere(resource);
        let sees_all = self.is_admin()
            && !resource.kind.private
            && everywhere.iter().all(|(name, value)| self.query(name) == Some(*value));
        let kind = resource.kind.name;
        let is_field = |name: &str| store.items(kind).any(|item| item.fields().contains_key(name));
        let filters: Vec<(&str, &str)> = self
            .context
            .query
            .iter()
            .filter(|(name, _)| {
                !NO_FILTERS.contains(name) && !everywhere.iter().any(|(other, _)| other == name)
            })
            .filter(|(name, _)| is_field(name))
            .collect();
        let kept = store
            .items(kind)
            .filter(|item| self.is_on_path(item) && (sees_all || self.is_ours(item)))
            .filter(|item| filters.iter().all(|(name, value)| equals(item, name, value)));
        let mut body = Map::new();
        let items = match &self.context.operation.paging {
            None => kept.map(fields).collect(),
            Some(paging) => self.page(paging, kept, &mut body)?,
        };
        let list = at(resource.collection, Value::Array(items));
        match list {
            Value::Object(list) => {
                body.extend(list);
                self.answered(Value::Object(body))
            }
            list => self.answered(list),
        }
    }

    /// Cuts a page out of the items, and adds the link to the next one to the body.
    fn page<'s>(
        &self,
        paging: &Paging,
        kept: impl Iterator<Item = &'s Item>,
        body: &mut Map<String, Value>,
    ) -> Result<Vec<Value>, ServiceFault> {
        let query = &self.context.query;
        let marked: Vec<(String, Value)> = kept
            .map(|item| {
                let shown = fields(item);
                (paging.marker_of(&shown).unwrap_or_else(|| item.id().to_owned()), shown)
            })
            .collect();
        let found = page(marked, query.number("limit")?, query.get("marker"), |(key, _)| key)?;
        if let (Paging::Link { next, .. }, Some(marker)) = (paging, &found.next) {
            let path = format!("{}{}", self.context.base, self.context.path);
            set(body, next, format!("{path}?{}", query.with("marker", marker)).into());
        }
        Ok(found.items.into_iter().map(|(_, item)| item).collect())
    }
}

/// Returns what an administrator adds to a query to see every owner's resources.
fn everywhere(resource: &Resource) -> &'static [(&'static str, &'static str)] {
    let listed = match resource.kind.find {
        Find::Listed(listed) => Some(listed),
        Find::Name | Find::Coordinates => resource.kind.census,
    };
    listed.map_or(&[], |listed| listed.everywhere)
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
