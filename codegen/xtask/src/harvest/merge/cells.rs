//! Divides an operation's versions into cells with one schema or none, and converts sets of
//! cells to inclusive ranges.

use std::collections::BTreeMap;

use miette::miette;
use serde_json::{Map, Value, json};
use squall_model::{Microversion, VersionRange, canonical};

use super::facts::{Entry, Operation, Range};

/// A range of versions with the same schema.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) versions: VersionRange,
    /// The schema in canonical form; `None` in a hole.
    pub(super) schema: Option<Value>,
}

/// Restricts a range to `whole`. An end that coincides with the end of `whole` is left open.
///
/// Upstream has ranges below the oldest version of a service (nova's schemas for v2.0); the
/// result for a range outside of `whole` is `None`.
pub(super) fn within(range: VersionRange, whole: VersionRange) -> Option<VersionRange> {
    let cut = range.intersect(&whole)?;
    Some(VersionRange::new(
        cut.min.filter(|_| cut.min != whole.min),
        cut.max.filter(|_| cut.max != whole.max),
    ))
}

/// Returns the versions of an operation, with the ends left open that are the service's own.
pub(super) fn of_operation(op: &Operation, service: VersionRange) -> miette::Result<VersionRange> {
    let mut ranges: Vec<VersionRange> =
        op.versions.iter().filter_map(|r| within((*r).into(), service)).collect();
    if op.versions.is_empty() {
        ranges.push(VersionRange::ALL);
    }
    joined(ranges).map_err(|hole| match hole {
        Some(hole) => {
            miette!("{}: the operation is missing at {hole} and exists again later", op.described())
        }
        None => miette!("{}: no version of the service has the operation", op.described()),
    })
}

/// Joins consecutive ranges. The error is the first gap, or `None` if there are no ranges.
pub(super) fn joined(mut ranges: Vec<VersionRange>) -> Result<VersionRange, Option<Microversion>> {
    ranges.sort_by_key(|range| range.min);
    let mut ranges = ranges.into_iter();
    let mut whole = ranges.next().ok_or(None)?;
    for next in ranges {
        let Some(end) = whole.max else { continue };
        if next.min.is_some_and(|start| start > end.next()) {
            return Err(Some(end.next()));
        }
        whole.max = next.max.map(|max| max.max(end));
    }
    Ok(whole)
}

/// Divides `whole` into cells by the entries of a body.
///
/// Overlapping entries are an error. Versions without an entry become cells without a schema.
pub(super) fn cut(
    entries: &[Entry],
    service: VersionRange,
    whole: VersionRange,
    schemas: &BTreeMap<String, Value>,
) -> miette::Result<Vec<Cell>> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut found: Vec<(VersionRange, &Entry)> = entries
        .iter()
        .filter_map(|entry| {
            let versions = within(entry.versions.into(), service)?;
            Some((within(versions, whole)?, entry))
        })
        .collect();
    found.sort_by_key(|(range, _)| range.min);
    let mut next = Some(None);
    for (versions, entry) in found {
        let Some(from) = next else { return Err(overlap(versions)) };
        match (from, versions.min) {
            (Some(from), Some(start)) if start < from => return Err(overlap(versions)),
            (Some(_), None) => return Err(overlap(versions)),
            (from, Some(start)) if from.is_none_or(|from| from < start) => {
                cells.push(Cell {
                    versions: VersionRange::new(from, start.previous()),
                    schema: None,
                });
            }
            _ => {}
        }
        let schema = schemas
            .get(&entry.schema)
            .ok_or_else(|| miette!("the facts have no schema {}", entry.schema))?;
        cells.push(Cell { versions, schema: Some(super::fixups::apply(schema, &entry.fixups)?) });
        next = versions.max.map(|max| Some(max.next()));
    }
    if let Some(from) = next {
        cells.push(Cell { versions: VersionRange::new(from, None), schema: None });
    }
    for cell in &mut cells {
        cell.schema =
            cell.schema.as_ref().map(|schema| canonical::sorted(&super::fixups::carried(schema)));
    }
    Ok(cells)
}

/// Restricts cells to `range`.
pub(super) fn restricted(cells: &[Cell], range: VersionRange) -> Vec<Cell> {
    cells
        .iter()
        .filter_map(|cell| {
            Some(Cell { versions: within(cell.versions, range)?, schema: cell.schema.clone() })
        })
        .collect()
}

fn overlap(versions: VersionRange) -> miette::Report {
    miette!("two schemas are for the same versions, one of them for {versions}")
}

/// Returns the cells of `domain` from position `first` to `last` as version marks. An end is
/// left open if the domain ends there.
pub(super) fn bounds(
    axis: &[Cell],
    domain: &[usize],
    first: usize,
    last: usize,
) -> Map<String, Value> {
    let mut marks = Map::new();
    let min = axis[domain[first]].versions.min.filter(|_| first > 0);
    let max = axis[domain[last]].versions.max.filter(|_| last + 1 < domain.len());
    for (key, end) in [("min-ver", min), ("max-ver", max)] {
        if let Some(end) = end {
            marks.insert(key.to_owned(), json!(end));
        }
    }
    marks
}

/// Groups adjacent positions of a domain that have equal values. A position without a value
/// ends a group.
pub(super) fn runs<T: PartialEq>(
    length: usize,
    mut value: impl FnMut(usize) -> Option<T>,
) -> Vec<(usize, usize, T)> {
    let mut found: Vec<(usize, usize, T)> = Vec::new();
    let mut open = false;
    for at in 0..length {
        let Some(here) = value(at) else {
            open = false;
            continue;
        };
        match found.last_mut() {
            Some((_, end, before)) if open && *before == here => *end = at,
            _ => found.push((at, at, here)),
        }
        open = true;
    }
    found
}

/// Returns the statuses of an operation with their versions, sorted by code.
pub(super) fn by_status(
    statuses: impl Iterator<Item = (u16, Range)>,
    service: VersionRange,
    whole: VersionRange,
) -> miette::Result<Vec<(u16, VersionRange)>> {
    let mut found: BTreeMap<u16, Vec<VersionRange>> = BTreeMap::new();
    for (code, versions) in statuses {
        let versions = within(versions.into(), service).and_then(|r| within(r, whole));
        found.entry(code).or_default().extend(versions);
    }
    let mut out = Vec::new();
    for (code, ranges) in found.into_iter().filter(|(_, ranges)| !ranges.is_empty()) {
        let versions = joined(ranges).map_err(|_| {
            miette!("status {code} has a gap between its versions, which the spec cannot express")
        })?;
        out.push((code, versions));
    }
    Ok(out)
}

/// Returns the marks of a range of versions.
pub(super) fn range_marks(range: VersionRange) -> Map<String, Value> {
    let ends = [("min-ver", range.min), ("max-ver", range.max)];
    ends.into_iter().filter_map(|(key, end)| Some((key.to_owned(), json!(end?)))).collect()
}
