//! What a described service keeps: resources by kind, in the order of their creation.
//!
//! A resource is kept as the object that it is shown as. Its id need not be unique: two users
//! may each have a key `default`, so that it is found by its id and by what the caller sees.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::dialect::IdForm;
use crate::ids::Ids;

/// The resources of a described service.
#[derive(Debug, Clone)]
pub struct ItemStore {
    collections: BTreeMap<String, Collection>,
    ids: Ids,
}

/// A resource of a described service.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    id: String,
    owner: Option<String>,
    parents: Vec<(String, String)>,
    fields: Map<String, Value>,
}

/// The number of a resource in its collection.
pub(super) type Serial = u64;

#[derive(Debug, Clone, PartialEq, Default)]
struct Collection {
    items: BTreeMap<Serial, Item>,
    by_id: HashMap<String, Vec<Serial>>,
    next: Serial,
}

impl Item {
    /// Creates a resource of everyone, with its fields.
    pub fn new(id: impl Into<String>, fields: Map<String, Value>) -> Self {
        Self { id: id.into(), owner: None, parents: Vec::new(), fields }
    }

    /// Sets the project or user that owns it; others do not see it.
    #[must_use]
    pub fn owned_by(self, owner: impl Into<String>) -> Self {
        Self { owner: Some(owner.into()), ..self }
    }

    /// Adds a resource that it belongs to: the path parameter that addresses that one, and its
    /// id.
    #[must_use]
    pub fn below(mut self, parameter: impl Into<String>, id: impl Into<String>) -> Self {
        self.parents.push((parameter.into(), id.into()));
        self
    }

    /// Returns what addresses it: its id, or its name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the project or user that owns it; `None` if it is everyone's.
    pub fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }

    /// Returns the id of the resource that a path parameter addresses and it belongs to.
    pub fn parent(&self, parameter: &str) -> Option<&str> {
        self.parents.iter().find(|(name, _)| name == parameter).map(|(_, id)| id.as_str())
    }

    /// Returns the resources that it belongs to: path parameters and ids.
    pub fn parents(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parents.iter().map(|(parameter, id)| (parameter.as_str(), id.as_str()))
    }

    /// Returns the object that it is shown as, before a schema selects from it.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// Returns the fields to change them.
    pub fn fields_mut(&mut self) -> &mut Map<String, Value> {
        &mut self.fields
    }
}

impl ItemStore {
    pub(super) fn new(seed: u64) -> Self {
        Self { collections: BTreeMap::new(), ids: Ids::new(seed) }
    }

    /// Whether the resources are those of another state of this store.
    pub(crate) fn is_as(&self, before: &Self) -> bool {
        self.collections == before.collections
    }

    /// Puts back the resources of an earlier state; ids stay used.
    pub(crate) fn put_back(&mut self, before: Self) {
        self.collections = before.collections;
    }

    /// Returns a new id: the same seed and order of requests yield the same ids.
    pub fn new_id(&mut self, form: IdForm) -> Value {
        match form {
            IdForm::Uuid => self.ids.uuid().into(),
            IdForm::Hex => self.ids.hex().into(),
            IdForm::Number => self.ids.serial().into(),
        }
    }

    /// Returns the resources of a kind, the oldest first.
    pub fn items(&self, kind: &str) -> impl DoubleEndedIterator<Item = &Item> {
        self.collections.get(kind).into_iter().flat_map(|found| found.items.values())
    }

    /// Finds a resource by its id. Where several have it, as of several owners, the oldest.
    pub fn item(&self, kind: &str, id: &str) -> Option<&Item> {
        self.serial(kind, id, |_| true).and_then(|serial| self.at(kind, serial))
    }

    /// Adds a resource. What of it is unique is for the caller to see.
    pub fn insert(&mut self, kind: &str, item: Item) {
        let found = self.collections.entry(kind.to_owned()).or_default();
        found.next += 1;
        found.by_id.entry(item.id.clone()).or_default().push(found.next);
        found.items.insert(found.next, item);
    }

    /// Keeps the resources of a kind that `keep` approves.
    pub fn retain(&mut self, kind: &str, keep: impl Fn(&Item) -> bool) {
        let Some(found) = self.collections.get(kind) else { return };
        let gone: Vec<Serial> =
            found.items.iter().filter(|(_, item)| !keep(item)).map(|(serial, _)| *serial).collect();
        for serial in gone {
            self.remove(kind, serial);
        }
    }

    /// Finds the number of a resource by its id, among those that `is_meant` approves.
    pub(super) fn serial(
        &self,
        kind: &str,
        id: &str,
        is_meant: impl Fn(&Item) -> bool,
    ) -> Option<Serial> {
        let found = self.collections.get(kind)?;
        let serials = found.by_id.get(id)?;
        serials.iter().copied().find(|serial| found.items.get(serial).is_some_and(&is_meant))
    }

    /// Finds the number of the first resource of a kind that `is_meant` approves.
    pub(super) fn first(&self, kind: &str, is_meant: impl Fn(&Item) -> bool) -> Option<Serial> {
        let mut found = self.collections.get(kind)?.items.iter();
        found.find(|(_, item)| is_meant(item)).map(|(serial, _)| *serial)
    }

    pub(super) fn at(&self, kind: &str, serial: Serial) -> Option<&Item> {
        self.collections.get(kind)?.items.get(&serial)
    }

    pub(super) fn at_mut(&mut self, kind: &str, serial: Serial) -> Option<&mut Item> {
        self.collections.get_mut(kind)?.items.get_mut(&serial)
    }

    pub(super) fn remove(&mut self, kind: &str, serial: Serial) -> Option<Item> {
        let found = self.collections.get_mut(kind)?;
        let item = found.items.remove(&serial)?;
        if let Some(serials) = found.by_id.get_mut(&item.id) {
            serials.retain(|other| *other != serial);
            if serials.is_empty() {
                found.by_id.remove(&item.id);
            }
        }
        Some(item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str, owner: &str) -> Item {
        Item::new(id, Map::new()).owned_by(owner)
    }

    #[test]
    fn one_id_may_be_several_owners_and_each_finds_its_own() {
        let mut store = ItemStore::new(1);
        store.insert("keys.key", item("default", "a"));
        store.insert("keys.key", item("default", "b"));
        let of = |store: &ItemStore, owner: &str| {
            store.serial("keys.key", "default", |item| item.owner() == Some(owner))
        };
        let (a, b) = (of(&store, "a").unwrap(), of(&store, "b").unwrap());
        assert_ne!(a, b);
        assert_eq!(store.remove("keys.key", a).unwrap().owner(), Some("a"));
        assert_eq!((of(&store, "a"), of(&store, "b")), (None, Some(b)));
        store.retain("keys.key", |_| false);
        assert!(store.item("keys.key", "default").is_none());
        assert_eq!(store.items("keys.key").count(), 0);
    }
}
