//! What a team has to do before a release, in order.

use squall_model::{Microversion, VersionKind};

use super::report::{
    CellState, NextStep, NextStepKind, OperationRow, Place, ServiceReport, VersionRow,
};

/// Finds the places of a service where something is missing.
type Find = fn(&ServiceReport) -> Vec<String>;

/// Returns the steps that have places. Without a run there is nothing to say about tests.
pub(super) fn of(services: &[ServiceReport], has_run: bool) -> Vec<NextStep> {
    if !has_run {
        return Vec::new();
    }
    let kinds: [(NextStepKind, Find); 3] = [
        (NextStepKind::NewUntested, new),
        (NextStepKind::ChangeUntested, changed),
        (NextStepKind::CalledUnchecked, unchecked),
    ];
    let step = |(kind, items): (NextStepKind, Find)| {
        let places: Vec<Place> = services
            .iter()
            .map(|service| Place { service: service.service.clone(), items: items(service) })
            .filter(|place| !place.items.is_empty())
            .collect();
        NextStep { kind, places }
    };
    kinds.into_iter().map(step).filter(|step| !step.places.is_empty()).collect()
}

fn new(service: &ServiceReport) -> Vec<String> {
    let versions = spans(service, |row| row.implemented && row.is_new && row.tested_by.is_none());
    let operations = named(service, |row| row.is_new && !is_called(row));
    versions.into_iter().chain(operations).collect()
}

fn changed(service: &ServiceReport) -> Vec<String> {
    spans(service, |row| {
        row.implemented
            && row.kind == VersionKind::Schema
            && !row.answers.is_empty()
            && row.tested_by.is_none()
    })
}

fn unchecked(service: &ServiceReport) -> Vec<String> {
    named(service, |row| is_called(row) && !row.schema)
}

fn is_called(row: &OperationRow) -> bool {
    row.cells.iter().any(|cell| matches!(cell.state, CellState::Exercised | CellState::Called))
}

/// Returns the ids of operations without the service.
fn named(service: &ServiceReport, test: impl Fn(&OperationRow) -> bool) -> Vec<String> {
    let rows = service.operations.iter().filter(|row| row.implemented && test(row));
    rows.map(|row| row.id.split_once('.').map_or(&*row.id, |(_, rest)| rest).to_owned()).collect()
}

/// Returns the versions of rows that a test accepts, as ranges.
pub(super) fn spans(service: &ServiceReport, test: impl Fn(&VersionRow) -> bool) -> Vec<String> {
    let rows = service.versions.iter().filter(|row| test(row));
    in_ranges(&rows.map(|row| row.version).collect::<Vec<_>>())
}

/// Writes versions, with three or more that follow each other as a range.
fn in_ranges(versions: &[Microversion]) -> Vec<String> {
    let follows = |a: &Microversion, b: &Microversion| a.next() == *b;
    let run = |run: &[Microversion]| match run {
        [first, _, .., last] => vec![format!("{first} to {last}")],
        few => few.iter().map(ToString::to_string).collect(),
    };
    versions.chunk_by(follows).flat_map(run).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_follow_each_other_are_a_range() {
        let versions = [1, 2, 4, 5, 6, 9, 10, 11, 12, 14].map(|minor| Microversion::new(2, minor));
        let expected = ["2.1", "2.2", "2.4 to 2.6", "2.9 to 2.12", "2.14"];
        assert_eq!(in_ranges(&versions), expected);
    }
}
