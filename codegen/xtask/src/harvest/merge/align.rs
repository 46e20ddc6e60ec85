//! Aligns lists of subschemas (`oneOf`, `items`, …) across versions, so that corresponding
//! entries are merged.

use serde_json::Value;

use super::forms::{Forms, shape};

/// Returns one column for each entry of the merged list, in an order that is consistent with
/// each list.
pub(super) fn align<'a>(lists: &Forms<'a>) -> Vec<Forms<'a>> {
    let mut columns: Vec<Forms<'a>> = Vec::new();
    for (cell, list) in lists {
        let entries: Vec<&'a Value> = list.as_array().into_iter().flatten().collect();
        if columns.len() == entries.len() {
            for (column, entry) in columns.iter_mut().zip(entries) {
                column.push((*cell, entry));
            }
        } else {
            columns = added(columns, &entries, *cell);
        }
    }
    columns
}

/// Adds a list to the columns along the pairs that correspond best.
fn added<'a>(columns: Vec<Forms<'a>>, entries: &[&'a Value], cell: usize) -> Vec<Forms<'a>> {
    let pairs = pairs(&columns, entries);
    let mut out = Vec::with_capacity(columns.len() + entries.len());
    let mut next = 0;
    for (at, mut column) in columns.into_iter().enumerate() {
        if let Some((_, entry)) = pairs.iter().find(|(column, _)| *column == at) {
            out.extend(entries[next..*entry].iter().map(|entry| vec![(cell, *entry)]));
            column.push((cell, entries[*entry]));
            next = entry + 1;
        }
        out.push(column);
    }
    out.extend(entries[next..].iter().map(|entry| vec![(cell, *entry)]));
    out
}

/// Returns the common subsequence of greatest weight, as pairs of positions.
fn pairs(columns: &[Forms], entries: &[&Value]) -> Vec<(usize, usize)> {
    let weight = |column: usize, entry: usize| match columns[column].last() {
        Some((_, before)) if *before == entries[entry] => 3,
        Some((_, before)) if shape(before) == shape(entries[entry]) => 2,
        _ => 0,
    };
    let (height, width) = (columns.len(), entries.len());
    let mut best = vec![vec![0_u32; width + 1]; height + 1];
    for column in (0..height).rev() {
        for entry in (0..width).rev() {
            let skip = best[column + 1][entry].max(best[column][entry + 1]);
            let paired = weight(column, entry) + best[column + 1][entry + 1];
            best[column][entry] = skip.max(if weight(column, entry) > 0 { paired } else { 0 });
        }
    }
    let (mut column, mut entry, mut found) = (0, 0, Vec::new());
    while column < height && entry < width {
        let weight = weight(column, entry);
        if weight > 0 && best[column][entry] == weight + best[column + 1][entry + 1] {
            found.push((column, entry));
            (column, entry) = (column + 1, entry + 1);
        } else if best[column + 1][entry] >= best[column][entry + 1] {
            column += 1;
        } else {
            entry += 1;
        }
    }
    found
}
