//! Compares two surface locks: what changed for users of a client.

mod people;
mod releases;
mod text;

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

pub use people::{LESS_EVIDENCE, ServiceChanges, Subject, changes, sentence};
pub use releases::{ReleaseError, Releases};
pub use text::{markdown, terminal};

/// How a fact differs between two locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Only the new lock has it.
    Added,
    /// Only the old lock has it.
    Removed,
    /// Both have it, with different values.
    Changed,
}

/// One difference between two locks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The kind of fact, as in `operation`, `field` or `version`.
    pub what: String,
    /// The fact's key, as in `compute.servers.show` or `Server.id`.
    pub key: String,
    /// How it differs.
    pub kind: Kind,
    /// The old value; empty if it was added.
    pub before: String,
    /// The new value; empty if it was removed.
    pub after: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, key) = (&self.what, &self.key);
        let sign = match self.kind {
            Kind::Added => '+',
            Kind::Removed => '-',
            Kind::Changed => '~',
        };
        if what == "schema" {
            let (operation, part) = key.split_once(':').unwrap_or((key, "schema"));
            return write!(f, "{sign} {}", self.schema(&format!("the {part} of {operation}")));
        }
        if ["errors", "form", "header"].contains(&what.as_str())
            && let Some((about, text)) = sentence(self)
        {
            return write!(f, "{sign} {about}: {text}");
        }
        match self.kind {
            Kind::Added => write!(f, "{sign} {what} {key} {}", self.after),
            Kind::Removed => write!(f, "{sign} {what} {key} {}", self.before),
            Kind::Changed => write!(f, "{sign} {what} {key}: {} → {}", self.before, self.after),
        }
    }
}

impl Change {
    /// Says in words how a schema differs: locks have only a digest of it, and the versions
    /// at which it changes.
    fn schema(&self, schema: &str) -> String {
        match self.kind {
            Kind::Added => format!("{schema} is described{}", at(&boundaries(&self.after))),
            Kind::Removed => format!("{schema} is no longer described"),
            Kind::Changed => {
                let (before, after) = (boundaries(&self.before), boundaries(&self.after));
                let only = |these: &[&str], those: &[&str]| -> String {
                    let rest = these.iter().filter(|version| !those.contains(*version));
                    rest.copied().collect::<Vec<_>>().join(", ")
                };
                let (more, fewer) = (only(&after, &before), only(&before, &after));
                match (more.is_empty(), fewer.is_empty()) {
                    (true, true) => format!("{schema} is described in another way"),
                    (false, true) => format!("{schema} also changes at {more}"),
                    (true, false) => format!("{schema} no longer changes at {fewer}"),
                    (false, false) => format!("{schema} changes at {more}, no longer at {fewer}"),
                }
            }
        }
    }
}

/// Returns the versions in the value of a schema's line.
fn boundaries(value: &str) -> Vec<&str> {
    value.split_once("changes at ").map(|(_, list)| list.split(' ').collect()).unwrap_or_default()
}

fn at(versions: &[&str]) -> String {
    if versions.is_empty() {
        String::new()
    } else {
        format!(", and changes at {}", versions.join(", "))
    }
}

/// Compares two locks, fact by fact.
///
/// If an operation or a type was added or removed as a whole, the facts about it are
/// not listed one by one.
pub fn compare(before: &str, after: &str) -> Vec<Change> {
    let (before, after) = (facts(before), facts(after));
    let mut changes = Vec::new();
    for (fact, said) in &before {
        let kind = match after.get(fact) {
            Some(now) if now == said => continue,
            Some(_) => Kind::Changed,
            None => Kind::Removed,
        };
        changes.push(change(fact, kind, said, after.get(fact).copied().unwrap_or_default()));
    }
    for (fact, said) in after.iter().filter(|(fact, _)| !before.contains_key(*fact)) {
        changes.push(change(fact, Kind::Added, "", said));
    }
    let whole: Vec<(Kind, String)> = changes
        .iter()
        .filter(|c| c.kind != Kind::Changed && (c.what == "operation" || c.what == "type"))
        .map(|c| (c.kind, c.key.clone()))
        .collect();
    let part = |c: &Change| {
        c.what != "operation" && c.what != "type" && {
            let owner = c.key.split(['?', ':']).next().unwrap_or_default();
            let owner =
                if c.what == "field" { c.key.split('.').next().unwrap_or_default() } else { owner };
            whole.iter().any(|(kind, key)| *kind == c.kind && key == owner)
        }
    };
    changes.retain(|change| !part(change));
    changes.sort();
    changes
}

fn change(fact: &(&str, &str), kind: Kind, before: &str, after: &str) -> Change {
    Change {
        what: fact.0.to_owned(),
        key: fact.1.to_owned(),
        kind,
        before: before.to_owned(),
        after: after.to_owned(),
    }
}

/// Parses a lock into the values of its facts, by kind and key.
fn facts(lock: &str) -> BTreeMap<(&str, &str), &str> {
    lock.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
            let (key, said) = rest.split_once(' ').unwrap_or((rest, ""));
            ((kind, key), said)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(before: &str, after: &str) -> Vec<String> {
        compare(before, after).iter().map(|c| c.to_string().trim_end().to_owned()).collect()
    }

    #[test]
    fn a_difference_is_added_removed_or_changed() {
        let before = "operation a.b.c GET /x\nfield T.a String \"a\"\n";
        let after = "field T.a Option<String> \"a\" 2.3..\nversion 2.3 schema\n";
        assert_eq!(
            lines(before, after),
            [
                "~ field T.a: String \"a\" → Option<String> \"a\" 2.3..",
                "- operation a.b.c GET /x",
                "+ version 2.3 schema",
            ]
        );
    }

    #[test]
    fn a_schema_that_differs_is_described_in_words() {
        let schema = |value: &str| format!("schema a.b.show:response {value}\n");
        let changed = |before: &str, after: &str| lines(&schema(before), &schema(after));
        assert_eq!(
            changed("d1 changes at 2.9", "d2 changes at 2.9 2.105"),
            ["~ the response of a.b.show also changes at 2.105"]
        );
        assert_eq!(
            changed("d1 changes at 2.9 2.10", "d2 changes at 2.10 2.11"),
            ["~ the response of a.b.show changes at 2.11, no longer at 2.9"]
        );
        assert_eq!(changed("d1", "d2"), ["~ the response of a.b.show is described in another way"]);
        assert_eq!(
            lines("", &schema("d1 changes at 2.9")),
            ["+ the response of a.b.show is described, and changes at 2.9"]
        );
    }

    #[test]
    fn errors_and_headers_are_described_in_words() {
        assert_eq!(
            lines("errors a.b.show 404 Error\n", "errors a.b.show 404 Error, 409 Error 2.9..\n"),
            ["~ a.b.show: errors: also 409 Error 2.9.."]
        );
        assert_eq!(
            lines("", "header a.b.create:201:location required string (uri) 2.9..\n"),
            ["+ a.b.create: has the header `location` in the response 201 (required string \
                 (uri) 2.9..)"]
        );
        assert_eq!(
            lines("header every:response:x-id string\n", ""),
            ["- every response: does not have the header `x-id` any more"]
        );
    }

    #[test]
    fn what_is_added_as_a_whole_is_listed_once() {
        let after =
            "operation a.b.c GET /x\nstatus a.b.c 200\nquery a.b.c?limit\ntype T\nfield T.a x\n";
        assert_eq!(lines("", after), ["+ operation a.b.c GET /x", "+ type T"]);
    }
}
