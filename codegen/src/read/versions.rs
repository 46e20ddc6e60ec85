//! Checks the version marks of a document: `min-ver` and `max-ver` under `x-openstack`,
//! wherever they are, and the lists whose entries have them.
//!
//! A wrong mark changes the client without any other sign, so every one is an error. The
//! check walks the raw document, because a mark that is not a version is lost in the typed
//! one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use squall_model::materialise::VERSIONS_KEY;
use squall_model::{Microversion, VersionRange};

use crate::diagnostic::{Diagnostics, pointer};

/// What marks are compared with.
#[derive(Debug, Clone, Copy)]
pub struct Versions<'a> {
    /// The service's own range; [`VersionRange::ALL`] without microversions.
    pub service: VersionRange,
    /// The versions in `history.yaml`, if there is one.
    pub history: Option<&'a BTreeSet<Microversion>>,
}

/// Returns the service's range, as the document declares it.
pub fn of_service(raw: &Value, sink: &mut Diagnostics) -> VersionRange {
    let Some(marks) = raw.get(VERSIONS_KEY).and_then(Value::as_object) else {
        return VersionRange::ALL;
    };
    let mut walk = Walk { versions: None, trail: vec![VERSIONS_KEY.to_owned()], sink };
    let range = walk.range(marks);
    if range.min.is_some() != range.max.is_some() {
        let (there, missing) =
            if range.min.is_some() { ("min-ver", "max-ver") } else { ("max-ver", "min-ver") };
        walk.error(&[there], format!("`{there}` without `{missing}`"), format!("add `{missing}`"));
    }
    range
}

/// Checks all marks in a value below the pointer `at`.
pub fn check(raw: &Value, at: &[&str], versions: &Versions<'_>, sink: &mut Diagnostics) {
    let trail = at.iter().map(|token| (*token).to_owned()).collect();
    let mut walk = Walk { versions: Some(versions), trail, sink };
    walk.node(raw, VersionRange::ALL);
}

/// Lists of entries with versions, and the key that every entry must have.
const LISTS: [(&str, &str); 3] =
    [("variants", "schema"), ("additional-properties", "value"), ("required", "name")];

struct Walk<'a> {
    versions: Option<&'a Versions<'a>>,
    trail: Vec<String>,
    sink: &'a mut Diagnostics,
}

impl Walk<'_> {
    /// Walks a value that is only there at the versions `around`.
    fn node(&mut self, node: &Value, around: VersionRange) {
        match node {
            Value::Object(map) => {
                let around = match map.get(VERSIONS_KEY) {
                    Some(Value::Object(marks)) => {
                        self.trail.push(VERSIONS_KEY.to_owned());
                        let own = self.range(marks);
                        let inner = self.within(own, around);
                        for (list, key) in LISTS {
                            if let Some(entries) = marks.get(list).and_then(Value::as_array) {
                                self.entries(list, key, entries, inner);
                            }
                        }
                        self.trail.pop();
                        inner
                    }
                    _ => around,
                };
                for (key, value) in map {
                    self.trail.push(key.clone());
                    match value {
                        Value::Object(marks) if key == VERSIONS_KEY => self.marks(marks, around),
                        value => self.node(value, around),
                    }
                    self.trail.pop();
                }
            }
            Value::Array(list) => {
                for (index, value) in list.iter().enumerate() {
                    self.trail.push(index.to_string());
                    self.node(value, around);
                    self.trail.pop();
                }
            }
            _ => {}
        }
    }

    /// Walks the marks except for the lists, which have been walked before.
    fn marks(&mut self, marks: &Map<String, Value>, around: VersionRange) {
        for (key, value) in marks {
            if LISTS.iter().any(|(list, _)| list == key) {
                continue;
            }
            self.trail.push(key.clone());
            if let ("holes", Value::Array(holes)) = (key.as_str(), value) {
                for (index, hole) in holes.iter().enumerate() {
                    self.trail.push(index.to_string());
                    let own = hole.as_object().map_or(VersionRange::ALL, |hole| self.range(hole));
                    self.within(own, around);
                    self.trail.pop();
                }
            } else {
                self.node(value, around);
            }
            self.trail.pop();
        }
    }

    fn entries(&mut self, list: &str, key: &str, entries: &[Value], around: VersionRange) {
        self.trail.push(list.to_owned());
        let mut before: BTreeMap<&str, Vec<VersionRange>> = BTreeMap::new();
        for (index, entry) in entries.iter().enumerate() {
            self.trail.push(index.to_string());
            if let Value::Object(map) = entry {
                let known = ["min-ver", "max-ver", key];
                for unknown in map.keys().filter(|other| !known.contains(&other.as_str())) {
                    let message = format!("unknown key `{unknown}` in an entry of `{list}`");
                    self.error(&[unknown], message, format!("known: {}", known.join(", ")));
                }
                if !map.contains_key(key) {
                    self.error(&[], format!("this entry has no `{key}`"), format!("add `{key}`"));
                }
                let own = self.range(map);
                let inner = self.within(own, around);
                let name = map.get(key).and_then(Value::as_str).filter(|_| key == "name");
                let others = before.entry(name.unwrap_or_default()).or_default();
                if let Some(other) = others.iter().find(|other| other.intersect(&own).is_some()) {
                    let message = format!(
                        "the versions of this entry ({own}) overlap those of another ({other})"
                    );
                    self.error(&[], message, "only one entry may hold at a version");
                }
                others.push(own);
                if let Some(value) = map.get(key) {
                    self.trail.push(key.to_owned());
                    self.node(value, inner);
                    self.trail.pop();
                }
            } else {
                let help = format!("write `{{min-ver: …, max-ver: …, {key}: …}}`");
                self.error(&[], format!("an entry of `{list}` must be a map"), help);
            }
            self.trail.pop();
        }
        self.trail.pop();
    }

    /// Reads the two ends of a range and checks them.
    fn range(&mut self, marks: &Map<String, Value>) -> VersionRange {
        let range = VersionRange::new(self.end(marks, "min-ver"), self.end(marks, "max-ver"));
        if let (Some(min), Some(max)) = (range.min, range.max)
            && min > max
        {
            let message = format!("reversed range: `min-ver` {min} is higher than `max-ver` {max}");
            self.error(&["min-ver"], message, "write the lower version as `min-ver`");
            return VersionRange::ALL;
        }
        range
    }

    fn end(&mut self, marks: &Map<String, Value>, key: &str) -> Option<Microversion> {
        let value = marks.get(key)?;
        let text = match value {
            Value::String(text) => text,
            Value::Number(number) => {
                let help = format!("quote it: `{key}: '{number}'`; an unquoted 2.10 is 2.1");
                self.error(&[key], format!("`{key}` is the number {number}"), help);
                return None;
            }
            other => {
                let help = "write a quoted version, as in `'2.90'`, or remove the key";
                self.error(&[key], format!("`{key}` must be a version, not {other}"), help);
                return None;
            }
        };
        match text.parse::<Microversion>() {
            Ok(version) => {
                self.known(key, version);
                Some(version)
            }
            Err(error) => {
                let help = "write a version of the service, or leave the end of the range out";
                self.error(&[key], error.to_string(), help);
                None
            }
        }
    }

    /// Checks that the service has a version.
    fn known(&mut self, key: &str, version: Microversion) {
        let Some(Versions { service, history }) = self.versions else { return };
        let VersionRange { min: Some(first), max: Some(last) } = service else {
            if *service == VersionRange::ALL {
                let help = "remove the mark, or add `min-ver` and `max-ver` to the document";
                let message = format!("`{key}` {version}, but the service has no microversions");
                self.error(&[key], message, help);
            }
            return;
        };
        if !service.contains(Some(version)) {
            let message = if version > *last {
                format!("{version} is above the service's maximum {last}")
            } else {
                format!("{version} is below the service's minimum {first}")
            };
            let help = "correct the version, or leave the end of the range out";
            self.error(&[key], message, help);
        } else if history.is_some_and(|history| !history.contains(&version)) {
            let help = "correct the version, or add it to history.yaml";
            self.error(&[key], format!("{version} has no entry in history.yaml"), help);
        }
    }

    /// Returns the part of a range within the enclosing one, and checks that there is one.
    fn within(&mut self, own: VersionRange, around: VersionRange) -> VersionRange {
        own.intersect(&around).unwrap_or_else(|| {
            let message = format!("never holds: {own} is outside of the enclosing range, {around}");
            self.error(&[], message, "correct one of the two ranges");
            around
        })
    }

    fn error(&mut self, below: &[&str], message: impl Into<String>, help: impl Into<String>) {
        let tokens = self.trail.iter().map(String::as_str).chain(below.iter().copied());
        let at = tokens.fold(String::new(), |at, token| pointer(&at, token));
        self.sink.error(at, message, help);
    }
}
