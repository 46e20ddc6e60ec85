//! Writes what changed between releases: for a terminal, and as a page.

use std::fmt::Write as _;

use super::{Kind, ServiceChanges, Subject};
use crate::emit::docs::escape;

/// The kinds in the order in which a person wants to know them.
const ORDER: [(Kind, &str); 3] =
    [(Kind::Added, "New"), (Kind::Removed, "Gone"), (Kind::Changed, "Changed")];

/// Writes the changes for a terminal.
pub fn terminal(all: &[ServiceChanges]) -> String {
    let mut out = String::new();
    for (index, changes) in all.iter().enumerate() {
        let gap = if index == 0 { "" } else { "\n" };
        let ServiceChanges { service, before, after, .. } = changes;
        let _ = writeln!(out, "{gap}{service}: {before} → {after}");
        if let Some(why) = &changes.uncompared {
            let _ = writeln!(out, "  what answers lost was not compared: {why}");
        }
        for (kind, title) in ORDER {
            for (nth, subject) in of_kind(changes, kind).enumerate() {
                if nth == 0 {
                    let _ = writeln!(out, "\n  {title}");
                }
                let _ = writeln!(out, "    {}", subject.title());
                for change in &subject.changes {
                    let _ = writeln!(out, "      {change}");
                }
            }
        }
    }
    out
}

/// Writes the changes as Markdown, with a heading of the second level for each service.
pub fn markdown(all: &[ServiceChanges]) -> String {
    let mut out = String::new();
    for changes in all {
        let ServiceChanges { service, before, after, .. } = changes;
        let _ = writeln!(out, "\n## {service}\n\nFrom {before} to {after}.");
        if let Some(why) = &changes.uncompared {
            let _ = writeln!(out, "What answers lost was not compared: {why}.");
        }
        for (kind, title) in ORDER {
            for (nth, subject) in of_kind(changes, kind).enumerate() {
                if nth == 0 {
                    let _ = writeln!(out, "\n### {title} in {service}\n");
                }
                let (name, rest) = subject.title_parts();
                let _ = writeln!(out, "- `{name}`{rest}: {}", escape(&subject.changes.join("; ")));
            }
        }
    }
    out
}

fn of_kind(changes: &ServiceChanges, kind: Kind) -> impl Iterator<Item = &Subject> {
    changes.subjects.iter().filter(move |subject| subject.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::super::changes;
    use super::*;

    #[test]
    fn both_forms_say_what_is_new_first() {
        let lock = |line: &str| format!("service compute c 2.1..2.2 from nova 1\n{line}\n");
        let before = lock("operation compute.b.list GET /b");
        let after = lock("operation compute.a.list GET /a");
        let all = [changes(&before, &after).unwrap()];
        assert_eq!(
            terminal(&all),
            "compute: nova 1, 2.1..2.2 → nova 1, 2.1..2.2\n\n  New\n    compute.a.list\n      \
             GET /a\n\n  Gone\n    compute.b.list\n      GET /b\n"
        );
        assert!(markdown(&all).contains("### New in compute\n\n- `compute.a.list`: GET /a\n"));
    }
}
