//! Makes a body of an answer small and free of what belongs to one cloud, without changing how
//! it differs from its schema.
//!
//! First every value gets a placeholder; where that changes what violates the schema, one that
//! keeps more of the value. Then keys of maps get one, and items of lists that became equal are
//! kept once. Each step is taken back if the violations change.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use squall_client::redact;
use squall_client::validate::Violation;
use squall_model::pointer::{join, unescaped};

use super::Vocabulary;
use super::neutral::{self, Level};

/// How many different items of a list or of a map are kept.
const ITEMS: usize = 6;

/// For how many values it is tried whether a lesser placeholder does.
const TRIES: usize = 500;

/// What a body is condensed by.
pub(super) struct Condenser<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) status: u16,
    /// Returns how a body violates its schema.
    pub(super) violations: &'a dyn Fn(&Value) -> Vec<Violation>,
}

/// A violation without the places that differ from cloud to cloud: its place, its rule, the names
/// that it is about, and the value that was none of those that may be.
type Normal = (String, String, Vec<String>, Option<String>);

/// Whether a violation says that a value is none of those that may be. The value has to be seen to
/// be proposed.
fn is_choice(violation: &Violation) -> bool {
    ["enum", "const", "anyOf", "oneOf"].contains(&violation.keyword.as_str())
}

/// Returns what is kept of the value of such a violation, unless it is a list or an object.
pub(super) fn chosen(
    violation: &Violation,
    value: Option<&Value>,
    vocabulary: &Vocabulary,
) -> Option<String> {
    let key = violation.pointer.rsplit('/').find(|token| token.parse::<usize>().is_err());
    let key = key.map(unescaped).unwrap_or_default();
    match value.filter(|_| is_choice(violation))? {
        Value::String(text) => Some(neutral::text(text, &key, Level::Word, vocabulary)),
        Value::Number(number) => Some(neutral::number(number, &key, Level::Word, 0).to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

impl Condenser<'_> {
    /// Returns what the body would become if no schema had an objection. It is cheap, and equal
    /// for bodies of equal form.
    pub(super) fn outline(&self, body: &Value) -> Value {
        let form = self.with_placeholders(body, "", "", &BTreeMap::new());
        let rename = Rename { level: Level::Form, collapse: true, kept: &BTreeMap::new() };
        self.with_keys(&form, "", &rename)
    }

    /// Condenses a body, and returns where its violations changed all the same.
    pub(super) fn condense(&self, body: &Value, found: &[Violation]) -> (Value, BTreeSet<String>) {
        let mut altered = BTreeSet::new();
        let (values, changed) = self.values(body, found);
        altered.extend(changed.iter().map(|pointer| normal(pointer, self.vocabulary)));
        let before = (self.violations)(&values);
        let expected = self.normal(&before, &values);
        let kept = unknown_keys(&before, &values);
        let steps = [
            (Level::Form, true),
            (Level::Mask, true),
            (Level::Word, true),
            (Level::Form, false),
            (Level::Mask, false),
            (Level::Word, false),
        ];
        let mut last = Value::Null;
        for (level, collapse) in steps {
            last = self.with_keys(&values, "", &Rename { level, collapse, kept: &kept });
            if self.normal(&(self.violations)(&last), &last) == expected {
                return (last, altered);
            }
        }
        let now = self.normal(&(self.violations)(&last), &last);
        altered.extend(now.symmetric_difference(&expected).map(|(pointer, ..)| pointer.clone()));
        (last, altered)
    }

    /// Returns the body with placeholders for its values, and the pointers at which its
    /// violations changed all the same.
    fn values(&self, body: &Value, found: &[Violation]) -> (Value, BTreeSet<String>) {
        let choices = found.iter().filter(|violation| is_choice(violation));
        let mut levels: BTreeMap<String, Level> =
            choices.map(|v| (v.pointer.clone(), Level::Word)).collect();
        let expected: BTreeSet<_> = found.iter().map(exact).collect();
        loop {
            let values = self.with_placeholders(body, "", "", &levels);
            let now = (self.violations)(&values);
            let now: BTreeSet<_> = now.iter().map(exact).collect();
            let changed: BTreeSet<String> =
                now.symmetric_difference(&expected).map(|(pointer, _)| pointer.clone()).collect();
            let mut raised = false;
            for pointer in &changed {
                for (leaf, highest) in leaves(body, pointer) {
                    let level = levels.entry(leaf).or_insert(Level::Form);
                    let next = if *level == Level::Form { Level::Mask } else { Level::Word };
                    if *level < next && next <= highest {
                        *level = next;
                        raised = true;
                    }
                }
            }
            if !raised {
                self.lower(body, &mut levels, &now);
                return (self.with_placeholders(body, "", "", &levels), changed);
            }
        }
    }

    /// Takes back what was raised for nothing: of a container it was not known which value
    /// matters.
    fn lower(
        &self,
        body: &Value,
        levels: &mut BTreeMap<String, Level>,
        expected: &BTreeSet<(String, String)>,
    ) {
        let raised: Vec<(String, Level)> = levels
            .iter()
            .filter(|(_, level)| **level > Level::Form)
            .map(|(pointer, level)| (pointer.clone(), *level))
            .collect();
        if raised.len() > TRIES {
            return;
        }
        for (pointer, level) in raised {
            if level == Level::Word && body.pointer(&pointer).is_some_and(Value::is_string) {
                continue;
            }
            levels.insert(pointer.clone(), Level::Form);
            let now = (self.violations)(&self.with_placeholders(body, "", "", levels));
            if now.iter().map(exact).collect::<BTreeSet<_>>() != *expected {
                levels.insert(pointer, level);
            }
        }
    }

    fn with_placeholders(
        &self,
        value: &Value,
        pointer: &str,
        key: &str,
        levels: &BTreeMap<String, Level>,
    ) -> Value {
        let level = || levels.get(pointer).copied().unwrap_or(Level::Form);
        match value {
            Value::Object(map) => {
                let inner = map.iter().map(|(key, value)| {
                    let pointer = join(pointer, key);
                    (key.clone(), self.with_placeholders(value, &pointer, key, levels))
                });
                Value::Object(inner.collect())
            }
            Value::Array(list) => {
                let inner = list.iter().enumerate().map(|(index, value)| {
                    let pointer = join(pointer, index);
                    self.with_placeholders(value, &pointer, key, levels)
                });
                Value::Array(inner.collect())
            }
            Value::String(text) => {
                Value::String(neutral::text(text, key, level(), self.vocabulary))
            }
            Value::Number(number) => neutral::number(number, key, level(), self.status),
            Value::Null | Value::Bool(_) => value.clone(),
        }
    }

    /// Renames the keys that no schema names, and keeps equal items once.
    fn with_keys(&self, value: &Value, pointer: &str, rename: &Rename<'_>) -> Value {
        match value {
            Value::Object(map) => self.renamed(map, pointer, rename),
            Value::Array(list) => {
                let inner = list
                    .iter()
                    .enumerate()
                    .map(|(index, value)| self.with_keys(value, &join(pointer, index), rename));
                if !rename.collapse {
                    return Value::Array(inner.collect());
                }
                let different: BTreeMap<String, Value> =
                    inner.map(|value| (value.to_string(), value)).collect();
                Value::Array(different.into_values().take(ITEMS).collect())
            }
            other => other.clone(),
        }
    }

    fn renamed(&self, map: &Map<String, Value>, pointer: &str, rename: &Rename<'_>) -> Value {
        let kept = rename.kept.get(pointer).map_or(&[][..], Vec::as_slice);
        let mut out = Map::new();
        let mut others: Vec<(String, Value)> = Vec::new();
        for (key, value) in map {
            let value = self.with_keys(value, &join(pointer, key), rename);
            let stays = kept.contains(key) && neutral::is_name(key);
            let name =
                if stays { key.clone() } else { neutral::key(key, rename.level, self.vocabulary) };
            if name == *key {
                out.insert(name, value);
            } else {
                others.push((name, value));
            }
        }
        others.sort_by_cached_key(|(name, value)| (name.clone(), value.to_string()));
        if rename.collapse {
            others.dedup();
            others.truncate(ITEMS);
        }
        for (name, value) in others {
            let mut free = name.clone();
            let mut number = 1;
            while out.contains_key(&free) {
                number += 1;
                free = numbered(&name, number);
            }
            out.insert(free, value);
        }
        Value::Object(out)
    }

    fn normal(&self, violations: &[Violation], body: &Value) -> BTreeSet<Normal> {
        let one = |v: &Violation| {
            let names = v.names.iter().filter(|name| self.vocabulary.keys.contains(*name));
            let pointer = normal(&v.pointer, self.vocabulary);
            let value = chosen(v, body.pointer(&v.pointer), self.vocabulary);
            (pointer, v.schema_pointer.clone(), names.cloned().collect(), value)
        };
        violations.iter().map(one).collect()
    }
}

/// How keys are renamed.
struct Rename<'a> {
    level: Level,
    /// Whether equal items are kept once.
    collapse: bool,
    /// The keys that stay, by the pointer of their object: those that the schema does not know.
    kept: &'a BTreeMap<String, Vec<String>>,
}

/// Returns the keys of each object that the schema does not know, or may not know: where an
/// object fits no branch, it is not known which keys are to blame.
fn unknown_keys(violations: &[Violation], body: &Value) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::<String, Vec<String>>::new();
    for violation in violations {
        let names = match violation.keyword.as_str() {
            "anyOf" | "oneOf" => {
                let object = body.pointer(&violation.pointer).and_then(Value::as_object);
                object.into_iter().flat_map(Map::keys).cloned().collect()
            }
            keyword if keyword.ends_with("Properties") => violation.names.clone(),
            _ => Vec::new(),
        };
        found.entry(violation.pointer.clone()).or_default().extend(names);
    }
    found
}

fn exact(violation: &Violation) -> (String, String) {
    (violation.pointer.clone(), violation.schema_pointer.clone())
}

/// Returns the pointers of the values at or below a pointer, each with the highest level that
/// its placeholder may have: of a container it is not known which value matters.
fn leaves(body: &Value, pointer: &str) -> Vec<(String, Level)> {
    let Some(value) = body.pointer(pointer) else { return Vec::new() };
    if !value.is_object() && !value.is_array() {
        return vec![(pointer.to_owned(), Level::Word)];
    }
    let mut found = Vec::new();
    below(value, pointer, &mut found);
    found
}

fn below(value: &Value, pointer: &str, found: &mut Vec<(String, Level)>) {
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| below(value, &join(pointer, key), found));
        }
        Value::Array(list) => {
            let items = list.iter().enumerate();
            items.for_each(|(index, value)| {
                below(value, &join(pointer, index), found);
            });
        }
        Value::Number(_) => found.push((pointer.to_owned(), Level::Word)),
        _ => found.push((pointer.to_owned(), Level::Mask)),
    }
}

/// Makes a key another one: the last digit of an id counts.
fn numbered(name: &str, number: usize) -> String {
    match name.strip_suffix('0') {
        Some(start) if number < 10 => format!("{start}{number}"),
        _ => format!("{name}{number}"),
    }
}

/// Returns a pointer in which `*` stands for every index, and for every key that is not a word of
/// the schema.
pub fn normal(pointer: &str, vocabulary: &Vocabulary) -> String {
    let mut out = String::new();
    for token in pointer.split('/').skip(1) {
        let key = unescaped(token);
        out.push('/');
        out.push_str(if vocabulary.keys.contains(&key) { token } else { "*" });
    }
    out
}

/// Returns the placeholder of a header's value.
pub(super) fn header(
    name: &str,
    value: &str,
    level: Level,
    vocabulary: &Vocabulary,
    version: Option<&str>,
) -> String {
    if name == "content-type" {
        return value.to_owned();
    }
    // `OpenStack-API-Version: compute 2.90` names what the file's own name does.
    let rest = version.and_then(|version| value.strip_suffix(version)).map(str::trim);
    if rest.is_some_and(|rest| rest.is_empty() || neutral::is_word(rest)) {
        return value.to_owned();
    }
    if redact::is_secret(name) {
        return neutral::text(value, "password", level, vocabulary);
    }
    neutral::text(value, name, level, vocabulary)
}

#[cfg(test)]
mod tests;
