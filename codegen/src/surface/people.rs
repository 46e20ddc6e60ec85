//! Arranges the changes between two locks for a person: by service, and by what they are about.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::{Change, Kind, compare, facts};

/// What changed of a service between two releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ServiceChanges {
    /// The service, by our name.
    pub service: String,
    /// The packages and microversions of the earlier release.
    pub before: String,
    /// Those of the later one.
    pub after: String,
    /// Why not everything was compared, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncompared: Option<String>,
    /// The changes, by what they are about.
    pub subjects: Vec<Subject>,
}

/// The comment of a lock whose answers are described with less evidence than those of others.
pub const LESS_EVIDENCE: &str = "# Answers were harvested with less evidence: ";

/// Something that changed: the service, an operation, or a type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Subject {
    /// Whether it was added, removed or changed.
    pub kind: Kind,
    /// An operation's id, a type's name, or the service.
    pub name: String,
    /// For a type, the operations that send or return it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<String>,
    /// What changed, a sentence each.
    pub changes: Vec<String>,
}

/// Compares two locks of a service. Returns `None` if nothing differs but the packages.
pub fn changes(before: &str, after: &str) -> Option<ServiceChanges> {
    let mut found = compare(before, after);
    if ![before, after].iter().all(|lock| knows_messages(lock)) {
        found.retain(|change| !OF_MESSAGES.contains(&change.what.as_str()));
    }
    let uncompared = before.lines().find_map(|line| line.strip_prefix(LESS_EVIDENCE));
    if uncompared.is_some() {
        let asked: BTreeSet<String> = [before, after].into_iter().flat_map(requested).collect();
        found.retain(|change| is_certain(change, &asked));
    }
    let renamed = renamed(&mut found);
    let users = [users(before), users(after)];
    let mut subjects: BTreeMap<(Kind, String), Subject> = BTreeMap::new();
    let sentences = renamed.into_iter().map(|(name, was)| {
        let sentence = format!("was called {was}");
        (Kind::Changed, name, sentence)
    });
    let others = found.iter().filter_map(|change| {
        let (name, sentence) = sentence(change)?;
        let whole = change.what == "operation" && change.kind != Kind::Changed;
        Some((if whole { change.kind } else { Kind::Changed }, name, sentence))
    });
    for (kind, name, sentence) in sentences.chain(others) {
        let subject = subjects.entry((kind, name.clone())).or_insert_with(|| Subject {
            kind,
            operations: operations(&users, &name),
            name,
            changes: Vec::new(),
        });
        subject.changes.push(sentence);
    }
    // A type that nothing sends or returns any more says nothing about the service.
    let subjects: Vec<Subject> = subjects
        .into_values()
        .filter(|subject| !is_type(&subject.name) || !subject.operations.is_empty())
        .collect();
    let (service, before) = head(before);
    let (_, after) = head(after);
    let uncompared = uncompared.map(str::to_owned);
    (!subjects.is_empty()).then_some(ServiceChanges {
        service,
        before,
        after,
        uncompared,
        subjects,
    })
}

/// The facts about errors and headers.
const OF_MESSAGES: [&str; 3] = ["errors", "form", "header"];

/// Whether a lock has the forms of errors; older ones have nothing of errors and headers.
fn knows_messages(lock: &str) -> bool {
    lock.lines().any(|line| line.starts_with("form "))
}

/// Whether a change is one although the earlier answers are described with less evidence: what
/// they lack is new, and what they have besides may only not have been looked at.
fn is_certain(change: &Change, asked: &BTreeSet<String>) -> bool {
    match change.what.as_str() {
        "schema" => !change.key.ends_with(":response"),
        "response" => false,
        "field" => {
            let record = change.key.split('.').next().unwrap_or_default();
            change.kind == Kind::Added || asked.contains(record)
        }
        _ => true,
    }
}

/// Takes out operations that have another id and the same request. Returns the new and the old
/// id of each.
fn renamed(found: &mut Vec<Change>) -> Vec<(String, String)> {
    let is = |change: &Change, kind| change.what == "operation" && change.kind == kind;
    let pairs: Vec<(String, String)> = found
        .iter()
        .filter(|change| is(change, Kind::Added))
        .filter_map(|added| {
            let same = |c: &&Change| is(c, Kind::Removed) && c.before.trim() == added.after.trim();
            Some((added.key.clone(), found.iter().find(same)?.key.clone()))
        })
        .collect();
    let taken = |key: &str| pairs.iter().any(|(new, old)| new == key || old == key);
    found.retain(|change| change.what != "operation" || !taken(&change.key));
    pairs
}

/// Returns a service's name, and its packages with the microversions.
fn head(lock: &str) -> (String, String) {
    let line = lock.lines().find_map(|line| line.strip_prefix("service ")).unwrap_or_default();
    let mut words = line.split(' ');
    let name = words.next().unwrap_or_default().to_owned();
    let versions = words.nth(1).filter(|word| word.contains("..")).map(|word| format!(", {word}"));
    let source = line.split_once(" from ").map_or("", |(_, source)| source);
    (name, format!("{source}{}", versions.unwrap_or_default()))
}

fn is_type(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
}

/// Returns what a change is about and says what changed; `None` if it says nothing new.
pub fn sentence(change: &Change) -> Option<(String, String)> {
    let Change { what, key, kind, before, after } = change;
    let owner = key.split(['?', ':']).next().unwrap_or_default();
    let about = |text: String| Some((owner.to_owned(), text));
    match (what.as_str(), kind) {
        ("version", Kind::Added) => Some(("microversions".to_owned(), format!("{key} is new"))),
        ("version", Kind::Removed) => Some(("microversions".to_owned(), format!("{key} is gone"))),
        ("version", Kind::Changed) => {
            Some(("microversions".to_owned(), format!("{key} counts as {after}, not {before}")))
        }
        ("operation", Kind::Added) => about(after.trim().to_owned()),
        ("operation", Kind::Removed) => about(before.trim().to_owned()),
        ("operation", Kind::Changed) => {
            about(format!("is {}, was {}", after.trim(), before.trim()))
        }
        ("query", _) if key.ends_with('?') => match kind {
            Kind::Removed => None,
            _ => about("takes no parameter in the query".to_owned()),
        },
        ("query", Kind::Added) => about(format!("takes the parameter {}", parameter(key))),
        ("query", Kind::Removed) => about(format!("no longer takes {}", parameter(key))),
        ("schema", _) => {
            let part = key.split_once(':').map_or("schema", |(_, part)| part);
            about(change.schema(&format!("the {part}")))
        }
        ("policies", _) => about(words("policies", " ", before, after)),
        ("errors", _) => about(words("errors", ", ", before, after)),
        ("form", _) => Some((format!("form {key}"), change.schema("the body"))),
        ("header", _) => Some(header(change)),
        ("status" | "request" | "response" | "paging", Kind::Changed) => {
            about(format!("{what}: {after}, was {before}"))
        }
        ("paging", _) => {
            about(format!("is {} paged", if after.is_empty() { "no longer" } else { "now" }))
        }
        ("field", _) => {
            let (record, _) = key.split_once('.')?;
            let text = match kind {
                Kind::Added => format!("has {}", field(after)),
                Kind::Removed => format!("no longer has {}", field(before)),
                Kind::Changed => format!("{}, was {}", field(after), field(before)),
            };
            Some((record.to_owned(), text))
        }
        // Types come and go with the fields and bodies that name them.
        _ => None,
    }
}

fn parameter(key: &str) -> &str {
    key.split_once('?').map_or(key, |(_, parameter)| parameter)
}

/// Says what changed about a header of an operation, or of every message.
fn header(change: &Change) -> (String, String) {
    let mut parts = change.key.splitn(3, ':');
    let mut part = || parts.next().unwrap_or_default();
    let (owner, of, name) = (part(), part(), part());
    let (verb, place) = match of {
        "request" => ("takes", String::new()),
        "response" => ("has", String::new()),
        status => ("has", format!(" in the response {status}")),
    };
    let subject = match (owner, of) {
        ("every", of) => format!("every {of}"),
        (id, _) => id.to_owned(),
    };
    let text = match change.kind {
        Kind::Added => format!("{verb} the header `{name}`{place} ({})", change.after),
        Kind::Removed => {
            let verb = if verb == "takes" { "take" } else { "have" };
            format!("does not {verb} the header `{name}`{place} any more")
        }
        Kind::Changed => {
            format!("the header `{name}`{place} is {}, was {}", change.after, change.before)
        }
    };
    (subject, text)
}

/// Says which words of a list were added and removed.
fn words(what: &str, separator: &str, before: &str, after: &str) -> String {
    let split = |text: &str| -> BTreeSet<String> {
        text.split(separator).filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    let (before, after) = (split(before), split(after));
    let list = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
        these.difference(those).cloned().collect::<Vec<_>>().join(", ")
    };
    let (more, fewer) = (list(&after, &before), list(&before, &after));
    match (more.is_empty(), fewer.is_empty()) {
        (false, true) => format!("{what}: also {more}"),
        (true, false) => format!("{what}: no longer {fewer}"),
        _ => format!("{what}: {more}, no longer {fewer}"),
    }
}

/// Writes a field's line of a lock for a person: key, type, versions.
fn field(line: &str) -> String {
    let Some((ty, rest)) = line.split_once(" \"") else { return line.to_owned() };
    let (key, versions) = rest.split_once('"').unwrap_or((rest, ""));
    let mut out = format!("`{key}` ({ty})");
    match versions.trim() {
        "" => {}
        versions if versions.starts_with("with ") => {
            let _ = write!(out, " {versions}");
        }
        versions => {
            let _ = write!(out, " in {versions}");
        }
    }
    out
}

/// The operations that use each type, directly or inside another one.
type Users = BTreeMap<String, BTreeSet<String>>;

/// Returns the types that requests have.
fn requested(lock: &str) -> BTreeSet<String> {
    users_of(lock, &["request"]).into_keys().collect()
}

fn users(lock: &str) -> Users {
    users_of(lock, &["request", "response"])
}

fn users_of(lock: &str, parts: &[&str]) -> Users {
    let facts = facts(lock);
    let names = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| is_type(word))
            .map(str::to_owned)
            .collect()
    };
    let mut inside: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for ((what, key), value) in &facts {
        if let ("field", Some((record, _))) = (*what, key.split_once('.')) {
            let ty = value.split(" \"").next().unwrap_or_default();
            inside.entry(record).or_default().extend(names(ty));
        }
    }
    let mut found = Users::new();
    for ((what, operation), value) in &facts {
        if !parts.contains(what) {
            continue;
        }
        let mut waiting = names(value);
        let mut seen = BTreeSet::new();
        while let Some(name) = waiting.pop() {
            if seen.insert(name.clone()) {
                waiting.extend(inside.get(name.as_str()).into_iter().flatten().cloned());
                found.entry(name).or_default().insert((*operation).to_owned());
            }
        }
    }
    found
}

fn operations(users: &[Users], name: &str) -> Vec<String> {
    let all = users.iter().filter_map(|users| users.get(name)).flatten();
    all.cloned().collect::<BTreeSet<_>>().into_iter().collect()
}

/// How many operations of a type are named.
const NAMED: usize = 3;

impl Subject {
    /// Returns its name, and for a type the operations.
    pub fn title(&self) -> String {
        let (name, rest) = self.title_parts();
        format!("{name}{rest}")
    }

    pub(super) fn title_parts(&self) -> (&str, String) {
        let all = &self.operations;
        if all.is_empty() {
            return (&self.name, String::new());
        }
        let named = all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let more = all.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (&self.name, format!(" of {named}{more}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "service compute compute/v2.1 2.1..2.103 from nova 33.0.2\n\
        operation compute.servers.show GET /servers/{server_id}\n\
        response compute.servers.show Server under \"server\"\n\
        policies compute.servers.show a b\n\
        schema compute.servers.show:response d1 changes at 2.3\n\
        field Server.address Address \"address\"\n\
        operation compute.old.list GET /old\n\
        operation compute.same.get GET /same\n";
    const AFTER: &str = "service compute compute/v2.1 2.1..2.104 from nova 34.0.0\n\
        version 2.104 schema\n\
        operation compute.servers.show GET /servers/{server_id}\n\
        response compute.servers.show Server under \"server\"\n\
        policies compute.servers.show b c\n\
        schema compute.servers.show:response d2 changes at 2.3 2.104\n\
        field Server.address Address \"address\"\n\
        field Address.zone Option<String> \"zone\" 2.104..\n\
        operation compute.new.list GET /new 2.104..\n\
        operation compute.same.show GET /same\n";

    #[test]
    fn changes_are_arranged_by_what_they_are_about() {
        let found = changes(BEFORE, AFTER).unwrap();
        assert_eq!(found.before, "nova 33.0.2, 2.1..2.103");
        let lines: Vec<String> = found
            .subjects
            .iter()
            .map(|s| format!("{:?} {}: {}", s.kind, s.title(), s.changes.join("; ")))
            .collect();
        assert_eq!(
            lines,
            [
                "Added compute.new.list: GET /new 2.104..",
                "Removed compute.old.list: GET /old",
                "Changed Address of compute.servers.show: has `zone` (Option<String>) in 2.104..",
                "Changed compute.same.show: was called compute.same.get",
                "Changed compute.servers.show: policies: c, no longer a; \
                 the response also changes at 2.104",
                "Changed microversions: 2.104 is new",
            ]
        );
    }

    #[test]
    fn what_answers_with_less_evidence_have_besides_is_not_lost() {
        let before =
            format!("{LESS_EVIDENCE}not asked\n{BEFORE}field Address.old String \"old\"\n");
        let found = changes(&before, AFTER).unwrap();
        assert_eq!(found.uncompared.as_deref(), Some("not asked"));
        let lines: Vec<String> = found
            .subjects
            .iter()
            .filter(|s| s.name == "Address" || s.name == "compute.servers.show")
            .map(|s| s.changes.join("; "))
            .collect();
        assert_eq!(lines, ["has `zone` (Option<String>) in 2.104..", "policies: c, no longer a"]);
    }

    #[test]
    fn errors_and_headers_are_compared_where_both_locks_have_them() {
        let lock = |lines: &str| format!("service a a 2.1..2.2 from nova 1\n{lines}");
        let before = lock(
            "form Error d1\nerrors a.b.show 400 Error, 404 Error\n\
             header a.b.show:200:etag string\nheader every:response:x-id required string\n",
        );
        let after = lock(
            "form Error d2 changes at 2.2\nerrors a.b.show 404 Error, 409 Error 2.2..\n\
             header a.b.show:200:etag required string\nheader a.b.show:request:if-match string\n",
        );
        let found = changes(&before, &after).unwrap();
        let lines: Vec<String> = found
            .subjects
            .iter()
            .map(|s| format!("{}: {}", s.name, s.changes.join("; ")))
            .collect();
        assert_eq!(
            lines,
            [
                "a.b.show: errors: 409 Error 2.2.., no longer 400 Error; the header `etag` in the \
                 response 200 is required string, was string; takes the header `if-match` (string)",
                "every response: does not have the header `x-id` any more",
                "form Error: the body also changes at 2.2",
            ]
        );
        assert_eq!(
            changes(
                &lock("operation a.b.show GET /b\n"),
                &lock("operation a.b.show GET /b\nform Error d1\nerrors a.b.show 404 Error\n")
            ),
            None
        );
    }

    #[test]
    fn other_packages_alone_are_no_change() {
        let other = BEFORE.replace("33.0.2", "33.0.3");
        assert_eq!(changes(BEFORE, &other), None);
    }
}
