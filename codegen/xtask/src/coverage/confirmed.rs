//! How many operations a real cloud has answered as their spec says.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::iter::Sum;

use serde::Serialize;
use squall_codegen::model::Service;

use super::{Coverage, percent};
use crate::observe::table::{Cell, Table, cells, is_of};

/// What real answers have confirmed of a service.
#[expect(clippy::struct_field_names, reason = "they are the keys of the report")]
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Confirmed {
    /// Operations.
    operations: usize,
    /// Those of which a response of success is confirmed.
    confirmed_operations: usize,
    /// Intervals of the operations' response schemas.
    cells: usize,
    /// Those in which a response of success is confirmed.
    confirmed_cells: usize,
    /// The operations that are not confirmed.
    unconfirmed: Vec<String>,
}

/// Counts the operations and cells of a service that its table confirms. A line about what the
/// spec no longer has counts for nothing.
pub(super) fn of(service: &Service, table: &Table) -> Confirmed {
    let real = table.confirmed().filter(|cell| cell.status < 400 && is_of(service, cell));
    let confirmed: BTreeSet<(&str, _)> =
        real.map(|Cell { operation, since, .. }| (operation.as_str(), *since)).collect();
    let mut found = Confirmed { operations: service.operations.len(), ..Confirmed::default() };
    for operation in &service.operations {
        let all = cells(operation);
        let in_table = all.iter().filter(|interval| {
            let since = interval.min.or(service.versions.min);
            confirmed.contains(&(operation.id.as_str(), since))
        });
        let here = in_table.count();
        found.cells += all.len();
        found.confirmed_cells += here;
        if here > 0 {
            found.confirmed_operations += 1;
        } else {
            found.unconfirmed.push(operation.id.clone());
        }
    }
    found
}

impl Confirmed {
    /// Its cell in a table.
    pub(super) fn cell(&self) -> String {
        format!(
            "{} of {}, {} of {} cells",
            percent(self.confirmed_operations, self.operations),
            self.operations,
            percent(self.confirmed_cells, self.cells),
            self.cells
        )
    }
}

impl<'a> Sum<&'a Confirmed> for Confirmed {
    fn sum<I: Iterator<Item = &'a Confirmed>>(all: I) -> Self {
        all.fold(Self::default(), |mut sum, one| {
            sum.operations += one.operations;
            sum.confirmed_operations += one.confirmed_operations;
            sum.cells += one.cells;
            sum.confirmed_cells += one.confirmed_cells;
            sum.unconfirmed.extend(one.unconfirmed.iter().cloned());
            sum
        })
    }
}

/// Lists the operations that no real answer has confirmed.
pub(super) fn list(all: &[Coverage]) -> String {
    let mut out = String::new();
    for Coverage { confirmed, .. } in all {
        for operation in &confirmed.unconfirmed {
            let _ = writeln!(out, "not confirmed by a real answer: {operation}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use squall_model::Microversion;

    use super::*;
    use crate::observe::proposal;

    #[test]
    fn operations_and_cells_are_confirmed_by_responses_of_success() {
        let service = proposal::tests::spec().service;
        let cell = |operation: &str, minor, status| Cell {
            operation: operation.to_owned(),
            since: Some(Microversion::new(1, minor)),
            status,
        };
        let mut table = Table::default();
        assert_eq!(of(&service, &table).cell(), "0 % of 2, 0 % of 3 cells");
        table.add(cell("a.things.show", 5, 200), None);
        // An error, a status that is not declared, no beginning of an interval, no operation.
        table.add(cell("a.things.delete", 1, 404), None);
        table.add(cell("a.things.delete", 1, 200), None);
        table.add(cell("a.things.delete", 2, 204), None);
        table.add(cell("a.things.move", 1, 204), None);
        let found = of(&service, &table);
        assert_eq!(found.cell(), "50 % of 2, 33 % of 3 cells");
        assert_eq!(found.unconfirmed, ["a.things.delete"]);
    }
}
