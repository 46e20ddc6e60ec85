//! Compares the service of a source tree with the one that the specs describe.
//!
//! An operation is the same if its request is: method, path and action. Its messages are compared
//! at each version at which one of the two changes. A version that is new is compared with the
//! version before it; one that is released is compared with itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use squall_codegen::model::{Operation, Service};
use squall_codegen::surface;
use squall_model::{BodySchema, Microversion, StatusRange, VersionRange};

use super::schemas::{self, Difference, Direction};

/// What a tree changes of a service.
#[derive(Debug)]
pub(super) struct Review {
    /// What was compared, as in `nova 34.0.0, 2.1 to 2.104`.
    pub(super) before: String,
    pub(super) after: String,
    /// What changed of the service as a whole.
    pub(super) service: Vec<Change>,
    pub(super) operations: Vec<Changed>,
}

/// An operation that changed.
#[derive(Debug)]
pub(super) struct Changed {
    /// The id that the specs have for it, or would have.
    pub(super) id: String,
    pub(super) request: String,
    pub(super) whole: Whole,
    pub(super) changes: Vec<Change>,
}

/// Whether it is about an operation as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whole {
    Added,
    Removed,
    Kept,
}

/// One change, and what it means for clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) text: String,
    pub(super) effect: Effect,
}

/// What a change means for clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    /// Requests that were right are refused, or answers have what no client had to expect.
    Breaks,
    /// The same, for clients that ask for a new version.
    BreaksAtNew,
    /// It breaks nothing, but versions that are released change.
    Unversioned,
    Fine,
}

/// Compares two services.
pub(super) fn compare(before: &Service, after: &Service) -> Review {
    let mut operations = Vec::new();
    let (old, new) = (by_request(before), by_request(after));
    for (key, op) in &old {
        if let Some(now) = new.get(key) {
            let changes = Pair { before, after, old: op, new: now }.changes();
            operations.extend((!changes.is_empty()).then(|| changed(op, Whole::Kept, changes)));
        } else {
            let gone = Change { text: "is gone".to_owned(), effect: Effect::Breaks };
            operations.push(changed(op, Whole::Removed, vec![gone]));
        }
    }
    for (_, op) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
        operations.push(changed(op, Whole::Added, vec![added(op, before, after)]));
    }
    let lines = surface::compare(
        &squall_codegen::emit::lock::emit(before),
        &squall_codegen::emit::lock::emit(after),
    );
    let kinds = ["policies", "paging", "errors", "header"];
    for line in lines.iter().filter(|line| kinds.contains(&line.what.as_str())) {
        let Some((id, text)) = surface::sentence(line) else { continue };
        let owner = operations.iter_mut().find(|op| op.id == id && op.whole == Whole::Kept);
        let change = Change { text, effect: Effect::Fine };
        match (owner, before.operations.iter().find(|op| op.id == id)) {
            (Some(owner), _) => owner.changes.push(change),
            (None, Some(op)) if after.operations.iter().any(|op| op.id == id) => {
                operations.push(changed(op, Whole::Kept, vec![change]));
            }
            _ => {}
        }
    }
    operations.sort_by(|a, b| (a.whole, &a.id).cmp(&(b.whole, &b.id)));
    Review {
        before: title(before),
        after: title(after),
        service: of_service(before, after),
        operations,
    }
}

fn changed(op: &Operation, whole: Whole, changes: Vec<Change>) -> Changed {
    let action = op.action.as_ref().map(|action| format!(" {action}")).unwrap_or_default();
    let request = format!("{} {}{action}", op.method, op.path);
    Changed { id: op.id.clone(), request, whole, changes }
}

fn title(service: &Service) -> String {
    match service.versions {
        VersionRange::ALL => service.source.clone(),
        range => format!("{}, {range}", service.source),
    }
}

type ByRequest<'a> = BTreeMap<(&'static str, String, Option<&'a str>), &'a Operation>;

fn by_request(service: &Service) -> ByRequest<'_> {
    let key = |op: &Operation| {
        let parts = op.path.split('/');
        let parts = parts.map(|part| if part.starts_with('{') { "{}" } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    let operations = service.operations.iter();
    operations.map(|op| ((op.method.as_str(), key(op), op.action.as_deref()), op)).collect()
}

fn added(op: &Operation, before: &Service, after: &Service) -> Change {
    let range = after.notable(op.versions);
    let text = match range {
        VersionRange::ALL => "is new".to_owned(),
        range => format!("is new in {range}"),
    };
    let in_released = before.versions.min.is_some()
        && range.min.is_none_or(|min| before.versions.contains(Some(min)));
    Change { text, effect: if in_released { Effect::Unversioned } else { Effect::Fine } }
}

/// Compares the ranges of versions.
fn of_service(before: &Service, after: &Service) -> Vec<Change> {
    let versions = |service: &Service| -> BTreeSet<Microversion> {
        service.history.iter().map(|note| note.version).collect()
    };
    let (old, new) = (versions(before), versions(after));
    let list = |these: &BTreeSet<Microversion>, those: &BTreeSet<Microversion>| {
        these.difference(those).map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    let (more, gone) = (list(&new, &old), list(&old, &new));
    let mut changes = Vec::new();
    if !more.is_empty() {
        let text = format!("new microversions: {more}");
        changes.push(Change { text, effect: Effect::Fine });
    }
    if !gone.is_empty() {
        let text = format!("microversions that are gone: {gone}");
        changes.push(Change { text, effect: Effect::Breaks });
    }
    changes
}

/// An operation in both services.
struct Pair<'a> {
    before: &'a Service,
    after: &'a Service,
    old: &'a Operation,
    new: &'a Operation,
}

impl Pair<'_> {
    fn changes(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        self.range(&mut changes);
        let mut found: BTreeMap<(String, bool), Vec<VersionRange>> = BTreeMap::new();
        let intervals = self.intervals();
        for (at, interval) in intervals.iter().enumerate() {
            let is_new = self.is_new(*interval);
            let (old, old_at) = match at.checked_sub(1).filter(|_| is_new) {
                Some(earlier) => (self.new, intervals[earlier].min),
                None => (self.old, interval.min),
            };
            // What begins or ends there was said of the range.
            if !old.versions.contains(old_at) || !self.new.versions.contains(interval.min) {
                continue;
            }
            for (text, breaks) in messages((old, old_at), (self.new, interval.min)) {
                found.entry((text, breaks)).or_default().push(*interval);
            }
        }
        for ((text, breaks), intervals) in found {
            for range in joined(&intervals) {
                changes.push(self.change(&text, breaks, range));
            }
        }
        changes
    }

    fn change(&self, text: &str, breaks: bool, range: VersionRange) -> Change {
        let has_versions = self.after.versions.min.is_some();
        let effect = match (breaks, self.is_new(range)) {
            (true, false) => Effect::Breaks,
            (true, true) => Effect::BreaksAtNew,
            (false, false) if has_versions => Effect::Unversioned,
            (false, _) => Effect::Fine,
        };
        // The last version is not the end of a change, only of what is known.
        let range = self.after.notable(range);
        let at = match range {
            VersionRange::ALL if has_versions => " at every version".to_owned(),
            VersionRange::ALL => String::new(),
            VersionRange { min: Some(min), max: None } => format!(" since {min}"),
            range => format!(" at {range}"),
        };
        Change { text: format!("{text}{at}"), effect }
    }

    /// Whether all of a range is newer than the versions that the specs describe.
    fn is_new(&self, range: VersionRange) -> bool {
        matches!((range.min, self.before.versions.max), (Some(min), Some(last)) if min > last)
    }

    fn range(&self, changes: &mut Vec<Change>) {
        let (old, new) =
            (self.before.notable(self.old.versions), self.after.notable(self.new.versions));
        if old == new {
            return;
        }
        let breaks = !self.new.versions.covers(&old);
        let effect = match (breaks, old.min != new.min) {
            (true, _) => Effect::Breaks,
            (false, true) => Effect::Unversioned,
            (false, false) => Effect::Fine,
        };
        changes.push(Change { text: format!("is in {new}, was in {old}"), effect });
    }

    /// Returns the intervals of versions within which neither service changes the operation.
    fn intervals(&self) -> Vec<VersionRange> {
        let (Some(first), Some(last)) = (
            self.before.versions.min.max(self.after.versions.min),
            self.before.versions.max.max(self.after.versions.max),
        ) else {
            return vec![VersionRange::ALL];
        };
        let mut points = BTreeSet::from([first]);
        for op in [self.old, self.new] {
            points.extend(op.response_boundaries());
            points.extend(op.request_boundaries());
            points.extend(op.versions.min);
            points.extend(op.versions.max.map(Microversion::next));
            for status in op.errors.iter().chain(&op.success) {
                points.extend(status.versions.min);
                points.extend(status.versions.max.map(Microversion::next));
            }
        }
        points.extend(self.before.versions.max.map(Microversion::next));
        let points: Vec<Microversion> =
            points.into_iter().filter(|point| (first..=last).contains(point)).collect();
        let ends = points.iter().skip(1).map(|next| next.previous()).chain([Some(last)]);
        points.iter().zip(ends).map(|(start, end)| VersionRange::new(Some(*start), end)).collect()
    }
}

/// Joins neighbouring ranges.
fn joined(ranges: &[VersionRange]) -> Vec<VersionRange> {
    let mut joined: Vec<VersionRange> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if last.max.is_some() && last.max.map(Microversion::next) == range.min => {
                last.max = range.max;
            }
            _ => joined.push(*range),
        }
    }
    joined
}

type At<'a> = (&'a Operation, Option<Microversion>);

/// Compares the messages of an operation at a version with those at another. Returns sentences,
/// and whether they break clients.
fn messages(before: At<'_>, after: At<'_>) -> Vec<(String, bool)> {
    let ((old, old_at), (new, new_at)) = (before, after);
    let mut said = Vec::new();
    body(
        &old.schemas.request,
        old_at,
        &new.schemas.request,
        new_at,
        Direction::Sent,
        "request",
        &mut said,
    );
    let query = |op: &Operation, at| op.schemas.query.as_ref().and_then(|query| query.at(at));
    match (query(old, old_at), query(new, new_at)) {
        (Some(old), Some(new)) => {
            let found = schemas::compare(&old, &new, Direction::Sent);
            said.extend(found.into_iter().map(|one| sentence("query", one)));
        }
        (None, Some(_)) => said.push(("its query is described".to_owned(), false)),
        (Some(_), None) => said.push(("its query is no longer described".to_owned(), false)),
        (None, None) => {}
    }
    responses(before, after, &mut said);
    let errors = |op: &Operation, at| codes(&op.errors, at);
    let (old, new) = (errors(old, old_at), errors(new, new_at));
    for code in new.difference(&old) {
        said.push((format!("may answer the error {code}"), false));
    }
    for code in old.difference(&new) {
        said.push((format!("no longer answers the error {code}"), false));
    }
    said
}

fn responses((old, old_at): At<'_>, (new, new_at): At<'_>, said: &mut Vec<(String, bool)>) {
    let (before, after) = (codes(&old.success, old_at), codes(&new.success, new_at));
    let gone: Vec<u16> = before.difference(&after).copied().collect();
    let more: Vec<u16> = after.difference(&before).copied().collect();
    for code in &gone {
        said.push((format!("no longer answers {code}"), true));
    }
    for code in &more {
        said.push((format!("may answer {code}"), false));
    }
    // Where one status took the place of another, their bodies are compared.
    let replaced = match (gone.as_slice(), more.as_slice()) {
        ([gone], [more]) => Some((*gone, *more)),
        _ => None,
    };
    let same = before.intersection(&after).map(|code| (*code, *code));
    for (was, is) in same.chain(replaced) {
        let (was, is) = (old.schemas.response(was, old_at), new.schemas.response(is, new_at));
        if let (Some(was), Some(is)) = (was, is) {
            body(&was.body, old_at, &is.body, new_at, Direction::Answered, "response", said);
        }
    }
}

fn body(
    old: &BodySchema,
    old_at: Option<Microversion>,
    new: &BodySchema,
    new_at: Option<Microversion>,
    direction: Direction,
    name: &str,
    said: &mut Vec<(String, bool)>,
) {
    let at = |body: &BodySchema, at| body.schema().and_then(|schema| schema.at(at));
    let (before, after): (Option<Value>, Option<Value>) = (at(old, old_at), at(new, new_at));
    match (before, after) {
        (Some(before), Some(after)) => {
            let found = schemas::compare(&before, &after, direction);
            said.extend(found.into_iter().map(|one| sentence(name, one)));
        }
        (None, Some(_)) if *old == BodySchema::None => {
            said.push((format!("the {name} has a body now"), true));
        }
        (Some(_), None) if *new == BodySchema::None => {
            said.push((format!("the {name} no longer has a body"), true));
        }
        (None, Some(_)) => said.push((format!("the {name} is described"), false)),
        (Some(_), None) => said.push((format!("the {name} is no longer described"), false)),
        (None, None) => {}
    }
}

fn sentence(part: &str, found: Difference) -> (String, bool) {
    let Difference { place, what, breaks } = found;
    let text = match place.as_str() {
        "/" => format!("the {part} {what}"),
        place => format!("{part} {place} {what}"),
    };
    (text, breaks)
}

fn codes(statuses: &[StatusRange], at: Option<Microversion>) -> BTreeSet<u16> {
    statuses
        .iter()
        .filter(|status| status.versions.contains(at))
        .map(|status| status.status)
        .collect()
}
