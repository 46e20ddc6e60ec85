//! A table of resources by id, in the order in which they were made.

use std::collections::{BTreeMap, HashMap};

/// Resources of one kind.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table<T> {
    order: BTreeMap<u64, (String, T)>,
    places: HashMap<String, u64>,
    next: u64,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { order: BTreeMap::new(), places: HashMap::new(), next: 0 }
    }
}

impl<T> Table<T> {
    /// Adds a resource, or replaces the one with this id in its place.
    pub(crate) fn insert(&mut self, id: impl Into<String>, resource: T) {
        let id = id.into();
        let place = *self.places.entry(id.clone()).or_insert_with(|| {
            self.next += 1;
            self.next
        });
        self.order.insert(place, (id, resource));
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.order.get(self.places.get(id)?).map(|(_, resource)| resource)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.order.get_mut(self.places.get(id)?).map(|(_, resource)| resource)
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.places.contains_key(id)
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        self.order.remove(&self.places.remove(id)?).map(|(_, resource)| resource)
    }

    /// Removes what `gone` tells of.
    pub(crate) fn remove_where(&mut self, mut gone: impl FnMut(&T) -> bool) {
        let places = &mut self.places;
        self.order.retain(|_, (id, resource)| {
            let keep = !gone(resource);
            if !keep {
                places.remove(id);
            }
            keep
        });
    }

    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// Walks the resources, the oldest first.
    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.order.values().map(|(_, resource)| resource)
    }

    /// Walks the resources to change them, the oldest first.
    pub(crate) fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut T> {
        self.order.values_mut().map(|(_, resource)| resource)
    }

    /// Walks ids and resources, the oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &T)> {
        self.order.values().map(|(id, resource)| (id.as_str(), resource))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_that_of_making_and_survives_replacement() {
        let mut table = Table::default();
        for (id, value) in [("b", 1), ("a", 2), ("b", 3)] {
            table.insert(id, value);
        }
        table.remove_where(|value| *value == 2);
        assert_eq!(table.iter().collect::<Vec<_>>(), [("b", &3)]);
        assert!(!table.contains("a") && table.len() == 1);
    }
}
