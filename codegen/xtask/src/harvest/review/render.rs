//! Writes a review for a terminal.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::compare::{Change, Changed, Effect, Review, Whole};
use super::users::Users;

/// How many tests are named for an operation.
const NAMED: usize = 3;

/// Writes the review. `unfit` is what the harvest knows by hand and the tree contradicts.
pub(super) fn text(service: &str, review: &Review, users: &Users, unfit: &[String]) -> String {
    let mut out = format!("{service}: {} → {}\n", review.before, review.after);
    for change in &review.service {
        let _ = writeln!(out, "  {}{}", change.text, mark(change.effect));
    }
    for (whole, title) in
        [(Whole::Removed, "Removed"), (Whole::Kept, "Changed"), (Whole::Added, "Added")]
    {
        let found: Vec<&Changed> =
            review.operations.iter().filter(|op| op.whole == whole).collect();
        if !found.is_empty() {
            let _ = writeln!(out, "\n{title}");
        }
        for op in found {
            operation(&mut out, op, users);
        }
    }
    if !unfit.is_empty() {
        let _ = writeln!(
            out,
            "\nKnown by hand, and no longer so: correct the harvest after the release"
        );
        for line in unfit {
            let _ = writeln!(out, "  {line}");
        }
    }
    let _ = writeln!(out, "\n{}", summary(review, users));
    out
}

fn operation(out: &mut String, op: &Changed, users: &Users) {
    let _ = writeln!(out, "  {}  {}", op.id, op.request);
    for change in &op.changes {
        let _ = writeln!(out, "    {}{}", change.text, mark(change.effect));
    }
    if op.whole == Whole::Added {
        return;
    }
    let tests = users.tests(&op.id);
    if !tests.is_empty() {
        let named = tests.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        let more = tests.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = writeln!(out, "    called by {}: {named}{more}", count(tests.len(), "test"));
    } else if users.run.is_some() {
        let _ = writeln!(out, "    called by no test");
    }
    let clients = users.clients(&op.id);
    if !clients.is_empty() {
        let _ = writeln!(out, "    clients with a method for it: {}", clients.join(", "));
    }
    if !users.is_documented(&op.id) {
        let _ = writeln!(out, "    not in the API reference of the release");
    }
}

fn mark(effect: Effect) -> &'static str {
    match effect {
        Effect::Breaks => "  ← BREAKS CLIENTS",
        Effect::BreaksAtNew => "  ← clients that move to the new version must follow",
        Effect::Unversioned => "  ← changes versions that are released",
        Effect::Fine => "",
    }
}

fn summary(review: &Review, users: &Users) -> String {
    let changes: Vec<&Change> =
        review.service.iter().chain(review.operations.iter().flat_map(|op| &op.changes)).collect();
    if changes.is_empty() {
        return "the API is the same".to_owned();
    }
    let of = |effect| changes.iter().filter(|change| change.effect == effect).count();
    let mut parts = vec![
        format!(
            "{} of {}",
            count(changes.len(), "change"),
            count(review.operations.len(), "operation")
        ),
        match of(Effect::Breaks) {
            0 => "none breaks clients".to_owned(),
            1 => "1 breaks clients".to_owned(),
            several => format!("{several} break clients"),
        },
    ];
    match of(Effect::Unversioned) {
        0 => {}
        1 => parts.push("1 changes released versions and needs a microversion".to_owned()),
        several => {
            parts.push(format!("{several} change released versions and need a microversion"));
        }
    }
    parts.push(match &users.run {
        Some(run) => {
            let tests: BTreeSet<&str> =
                review.operations.iter().flat_map(|op| users.tests(&op.id)).collect();
            let number =
                if tests.is_empty() { "no test".to_owned() } else { count(tests.len(), "test") };
            format!("{number} called what changed in run {run}")
        }
        None => "which tests call them is known after `cargo squall run`".to_owned(),
    });
    parts.join("; ")
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
