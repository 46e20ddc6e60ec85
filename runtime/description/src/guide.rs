//! The guide "You describe a resource" has every key and every placeholder, and no others.

use std::collections::BTreeSet;

use crate::placeholder::WORDS;
use crate::{call, condition, gone, kind, request, resource};

const GUIDE: &str = include_str!("../../../docs/src/guides/resources.md");

/// The parts of the guide that have a heading, with their text.
fn part(heading: &str) -> &'static str {
    let found = GUIDE.split("\n## ").find_map(|part| part.strip_prefix(heading));
    found.expect("the guide has this heading")
}

/// Returns what is in backticks in the first column of a part's tables.
fn first_column(part: &'static str) -> BTreeSet<&'static str> {
    let rows = part.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|line| line.split('|').nth(1));
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

fn set(keys: &[&'static str]) -> BTreeSet<&'static str> {
    keys.iter().copied().collect()
}

#[test]
fn the_guide_has_every_key_and_no_other() {
    assert_eq!(first_column(part("The keys of a resource")), set(&resource::KEYS));
    assert_eq!(first_column(part("The keys of a request")), set(&request::KEYS));
    assert_eq!(first_column(part("The keys of a call")), set(&call::KEYS));
    assert_eq!(first_column(part("The keys of a condition")), set(&condition::KEYS));
    for (heading, keys) in [
        ("The keys of a resource", &kind::FOUND_KEYS[..]),
        ("The keys of a resource", &gone::SWEEP_KEYS[..]),
        ("The keys of a request", &request::VARIANT_KEYS[..]),
    ] {
        for key in keys {
            assert!(part(heading).contains(&format!("`{key}`")), "{heading}: {key}");
        }
    }
}

#[test]
fn the_guide_has_every_placeholder_and_no_other() {
    let found = first_column(part("Placeholders"));
    let words = found.iter().filter_map(|text| text.strip_prefix("${")?.strip_suffix('}'));
    let words: BTreeSet<&str> = words.filter(|word| !word.contains('/')).collect();
    assert_eq!(words, WORDS.iter().map(|(word, _)| *word).collect());
}
