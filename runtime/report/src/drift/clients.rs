//! Who else knows an operation: the clients that people use, and the services' API references.
//!
//! `clients.tsv` is a fact harvested from packages. The clients' methods and commands are called
//! against a transport that only notes the request, and the request names the operation. The
//! references stand in the services' source packages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static TABLE: LazyLock<Table<'static>> =
    LazyLock::new(|| Table::parse(include_str!("clients.tsv")));

/// The clients and the reference, and which operations each has.
#[derive(Debug, Default)]
pub(super) struct Table<'a> {
    /// The packages with their versions, in the order of the columns.
    pub(super) packages: Vec<&'a str>,
    operations: BTreeMap<&'a str, Vec<bool>>,
    services: Vec<&'a str>,
}

impl<'a> Table<'a> {
    pub(super) fn shipped() -> &'static Table<'static> {
        &TABLE
    }

    fn parse(text: &'a str) -> Self {
        let mut table = Self::default();
        for line in text.lines() {
            if let Some(package) = line.strip_prefix("# package ") {
                table.packages.push(package);
            } else if let Some((id, marks)) = line.split_once('\t') {
                table.operations.insert(id, marks.chars().map(|mark| mark == 'x').collect());
            }
        }
        table.services = table.operations.keys().filter_map(|id| id.split('.').next()).collect();
        table.services.dedup();
        table
    }

    /// Returns for each client whether it has the operation; `None` for a service of which
    /// nothing was harvested, such as a plugin's.
    pub(super) fn of(&self, id: &str) -> Option<Vec<bool>> {
        let service = id.split('.').next().unwrap_or_default();
        if !self.services.contains(&service) {
            return None;
        }
        let none = || vec![false; self.packages.len()];
        Some(self.operations.get(id).cloned().unwrap_or_else(none))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_that_no_client_has_is_known_and_a_plugins_service_is_not() {
        let table = Table::parse("# package a 1\n# package b 2\ncompute.servers.show\tx-\n");
        assert_eq!(table.of("compute.servers.show"), Some(vec![true, false]));
        assert_eq!(table.of("compute.servers.list"), Some(vec![false, false]));
        assert_eq!(table.of("acme.rockets.list"), None);
    }

    #[test]
    fn the_shipped_table_is_read() {
        let table = Table::shipped();
        assert!(table.packages[0].starts_with("tempest "), "{:?}", table.packages);
        assert_eq!(table.of("compute.servers.show"), Some(vec![true; 4]));
        assert!(table.packages[3].starts_with("api-ref "), "{:?}", table.packages);
    }
}
