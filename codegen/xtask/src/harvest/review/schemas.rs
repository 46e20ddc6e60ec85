//! Compares two schemas of a message: what was accepted or answered, and what is now.
//!
//! A difference breaks clients if a request that was right is no longer accepted, or if an
//! answer may be what a client did not have to expect.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use squall_model::pointer::join;

/// The direction of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// From clients to the service: a body or a query.
    Sent,
    /// From the service to clients.
    Answered,
}

/// One difference between two schemas.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Difference {
    /// Where it is, as a JSON pointer; items of a list are `*`, other keys of a map `{}`.
    pub(super) place: String,
    pub(super) what: String,
    pub(super) breaks: bool,
}

/// A limit, and whether a larger value allows more.
const LIMITS: [(&str, bool); 10] = [
    ("maxLength", true),
    ("minLength", false),
    ("maximum", true),
    ("minimum", false),
    ("exclusiveMaximum", true),
    ("exclusiveMinimum", false),
    ("maxItems", true),
    ("minItems", false),
    ("maxProperties", true),
    ("minProperties", false),
];

/// Keywords that compare as a whole: whatever differs may refuse what was allowed.
const OPAQUE: [&str; 13] = [
    "pattern",
    "format",
    "uniqueItems",
    "multipleOf",
    "not",
    "allOf",
    "if",
    "then",
    "else",
    "propertyNames",
    "dependentRequired",
    "prefixItems",
    "contains",
];

/// Compares two schemas of one version.
pub(super) fn compare(before: &Value, after: &Value, direction: Direction) -> Vec<Difference> {
    let mut comparison = Comparison { direction, found: Vec::new() };
    comparison.walk(before, after, "");
    comparison.found.sort();
    comparison.found.dedup();
    comparison.found
}

struct Comparison {
    direction: Direction,
    found: Vec<Difference>,
}

impl Comparison {
    fn note(&mut self, place: &str, what: String, breaks: bool) {
        let place = if place.is_empty() { "/" } else { place }.to_owned();
        self.found.push(Difference { place, what, breaks });
    }

    /// Notes that fewer values are allowed, which breaks those who send them.
    fn fewer(&mut self, place: &str, what: String) {
        self.note(place, what, self.direction == Direction::Sent);
    }

    /// Notes that more values are allowed, which breaks those who receive them.
    fn more(&mut self, place: &str, what: String) {
        self.note(place, what, self.direction == Direction::Answered);
    }

    fn walk(&mut self, before: &Value, after: &Value, place: &str) {
        if before == after {
            return;
        }
        let (Some(old), Some(new)) = (before.as_object(), after.as_object()) else {
            return self.boolean(before, after, place);
        };
        let noted = self.found.len();
        self.types(before, after, place);
        self.values(old, new, place);
        self.properties(old, new, place);
        self.others(old, new, place);
        for keyword in ["items", "additionalProperties"] {
            if let (Some(old), Some(new)) = (old.get(keyword), new.get(keyword))
                && old.is_object()
                && new.is_object()
            {
                let part = if keyword == "items" { "*" } else { "{}" };
                self.walk(old, new, &format!("{place}/{part}"));
            }
        }
        self.limits(old, new, place);
        self.branches(old, new, place);
        if self.found.len() == noted && said(before) != said(after) {
            self.note(place, "is described in another way".to_owned(), false);
        }
    }

    /// Compares schemas of which at least one is `true` or `false`.
    fn boolean(&mut self, before: &Value, after: &Value, place: &str) {
        match (before, after) {
            (Value::Bool(false), _) => self.more(place, "is allowed".to_owned()),
            (_, Value::Bool(false)) => self.fewer(place, "is no longer allowed".to_owned()),
            (_, Value::Bool(true)) => self.more(place, "may be anything".to_owned()),
            _ => self.fewer(place, format!("is {}", kinds(after))),
        }
    }

    fn types(&mut self, before: &Value, after: &Value, place: &str) {
        let (old, new) = (types(before), types(after));
        let list = |these: &BTreeSet<&str>| these.iter().copied().collect::<Vec<_>>().join(" or ");
        let gone: BTreeSet<&str> = old.difference(&new).copied().collect();
        let more: BTreeSet<&str> = new.difference(&old).copied().collect();
        match (gone.is_empty(), more.is_empty()) {
            (true, true) => {}
            (false, true) => self.fewer(place, format!("is no longer {}", list(&gone))),
            (true, false) => self.more(place, format!("may be {}", list(&more))),
            (false, false) => {
                self.note(place, format!("is {}, was {}", list(&new), list(&old)), true);
            }
        }
    }

    fn values(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, place: &str) {
        let (before, after) = (words(old), words(new));
        match (before, after) {
            (Some(before), Some(after)) => {
                let gone: Vec<&str> = before.difference(&after).map(String::as_str).collect();
                let more: Vec<&str> = after.difference(&before).map(String::as_str).collect();
                if !gone.is_empty() {
                    self.fewer(place, format!("is no longer {}", gone.join(", ")));
                }
                if !more.is_empty() {
                    // A new word is what enumerations are for; it refuses nothing.
                    self.note(place, format!("may be {}", more.join(", ")), false);
                }
            }
            (None, Some(after)) => {
                let all = after.into_iter().collect::<Vec<_>>().join(", ");
                self.fewer(place, format!("is only {all}"));
            }
            (Some(_), None) => self.more(place, "is no longer one of certain values".to_owned()),
            (None, None) => {}
        }
    }

    fn properties(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, place: &str) {
        let none = Map::new();
        for keyword in ["properties", "patternProperties"] {
            let of = |schema: &Map<String, Value>| {
                schema.get(keyword).and_then(Value::as_object).unwrap_or(&none).clone()
            };
            let (before, after) = (of(old), of(new));
            for (key, schema) in &before {
                let inside = join(place, key);
                match after.get(key) {
                    Some(now) => self.walk(schema, now, &inside),
                    None => self.note(&inside, "is gone".to_owned(), true),
                }
            }
            for (key, schema) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
                let inside = join(place, key);
                let needed = required(new).contains(key.as_str());
                let breaks = needed && self.direction == Direction::Sent;
                let always = match (needed, self.direction) {
                    (true, Direction::Sent) => ", required",
                    (true, Direction::Answered) => ", in every answer",
                    (false, _) => "",
                };
                self.note(&inside, format!("is new ({}{always})", kinds(schema)), breaks);
            }
        }
        let known = |schema: &Map<String, Value>, key: &str| {
            schema.get("properties").is_some_and(|properties| properties.get(key).is_some())
        };
        let (before, after) = (required(old), required(new));
        for key in after.difference(&before).filter(|key| known(old, key)) {
            self.fewer(&join(place, key), "is required now".to_owned());
        }
        for key in before.difference(&after).filter(|key| known(new, key)) {
            let what = match self.direction {
                Direction::Sent => "is no longer required",
                Direction::Answered => "may be missing",
            };
            self.more(&join(place, key), what.to_owned());
        }
    }

    /// Compares whether keys are allowed that the schema does not name.
    fn others(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, place: &str) {
        let closed = |schema: &Map<String, Value>| {
            schema.get("additionalProperties") == Some(&Value::Bool(false))
        };
        match (closed(old), closed(new)) {
            (false, true) => self.fewer(place, "allows no other keys".to_owned()),
            // A client has to pass over keys that it does not know.
            (true, false) => self.note(place, "allows other keys".to_owned(), false),
            _ => {}
        }
    }

    fn limits(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, place: &str) {
        for (keyword, larger_is_more) in LIMITS {
            let (before, after) = (old.get(keyword), new.get(keyword));
            if before == after {
                continue;
            }
            let value = |limit: Option<&Value>| limit.and_then(Value::as_f64);
            let allows_more = match (value(before), value(after)) {
                (Some(before), Some(after)) => (after > before) == larger_is_more,
                (before, _) => before.is_some(),
            };
            let what = changed(keyword, before, after);
            if allows_more { self.more(place, what) } else { self.fewer(place, what) }
        }
        for keyword in OPAQUE {
            let (before, after) = (old.get(keyword), new.get(keyword));
            if before == after {
                continue;
            }
            let what = changed(keyword, unless_object(before), unless_object(after));
            if after.is_none() { self.more(place, what) } else { self.fewer(place, what) }
        }
    }

    fn branches(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, place: &str) {
        for keyword in ["anyOf", "oneOf"] {
            let list = |schema: &Map<String, Value>| -> Vec<Value> {
                schema.get(keyword).and_then(Value::as_array).cloned().unwrap_or_default()
            };
            let (before, after) = (list(old), list(new));
            if before.len() == after.len() {
                for (old, new) in before.iter().zip(&after) {
                    self.walk(old, new, place);
                }
                continue;
            }
            let gone = before.iter().filter(|branch| !after.contains(branch)).count();
            let more = after.iter().filter(|branch| !before.contains(branch)).count();
            if gone > 0 {
                self.fewer(place, format!("has {gone} forms less"));
            }
            if more > 0 {
                self.more(place, format!("has {more} more forms"));
            }
        }
    }
}

/// Returns a value that is short enough to print.
fn unless_object(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_object())
}

/// Says how a keyword changed.
fn changed(keyword: &str, before: Option<&Value>, after: Option<&Value>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => format!("has {keyword} {after}, was {before}"),
        (None, Some(after)) => format!("has {keyword} {after}"),
        (Some(before), None) => format!("no longer has {keyword} {before}"),
        (None, None) => format!("has another `{keyword}`"),
    }
}

/// Returns the types of JSON that a schema allows; empty if it does not say.
fn types(schema: &Value) -> BTreeSet<&str> {
    let mut found: BTreeSet<&str> = match schema.get("type") {
        Some(Value::String(one)) => BTreeSet::from([one.as_str()]),
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => BTreeSet::new(),
    };
    if found.is_empty() {
        for keyword in ["anyOf", "oneOf"] {
            let branches = schema.get(keyword).and_then(Value::as_array);
            found.extend(branches.into_iter().flatten().flat_map(types));
        }
    }
    if found.is_empty() { BTreeSet::from(["anything"]) } else { found }
}

fn kinds(schema: &Value) -> String {
    types(schema).into_iter().collect::<Vec<_>>().join(" or ")
}

/// Returns the values of an `enum` or `const` as text.
fn words(schema: &Map<String, Value>) -> Option<BTreeSet<String>> {
    let one = schema.get("const").map(std::slice::from_ref);
    let several = schema.get("enum").and_then(Value::as_array).map(Vec::as_slice);
    Some(one.or(several)?.iter().map(ToString::to_string).collect())
}

fn required(schema: &Map<String, Value>) -> BTreeSet<&str> {
    let list = schema.get("required").and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Returns a schema without what only describes it.
fn said(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(map) = schema.as_object_mut() {
        map.retain(|key, _| {
            !["description", "title", "default", "$comment"].contains(&key.as_str())
        });
    }
    schema
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn words(before: &Value, after: &Value, direction: Direction) -> Vec<String> {
        compare(before, after, direction)
            .into_iter()
            .map(|found| {
                format!("{}{} {}", if found.breaks { "! " } else { "" }, found.place, found.what)
            })
            .collect()
    }

    fn of(properties: &Value, required: &[&str]) -> Value {
        json!({"type": "object", "properties": properties, "required": required})
    }

    #[test]
    fn what_breaks_depends_on_the_direction() {
        let before = of(&json!({"a": {"type": "string"}, "b": {"type": "string"}}), &["a"]);
        let after =
            of(&json!({"a": {"type": ["string", "null"]}, "c": {"type": "integer"}}), &["a", "c"]);
        assert_eq!(
            words(&before, &after, Direction::Answered),
            ["! /a may be null", "! /b is gone", "/c is new (integer, in every answer)"]
        );
        assert_eq!(
            words(&before, &after, Direction::Sent),
            ["/a may be null", "! /b is gone", "! /c is new (integer, required)"]
        );
    }

    #[test]
    fn limits_and_values_break_those_who_send_what_is_refused() {
        let before = json!({"type": "string", "maxLength": 255, "enum": ["x", "y"]});
        let after = json!({"type": "string", "maxLength": 64, "enum": ["y", "z"]});
        assert_eq!(
            words(&before, &after, Direction::Sent),
            ["! / has maxLength 64, was 255", "! / is no longer \"x\"", "/ may be \"z\"",]
        );
        assert!(compare(&before, &after, Direction::Answered).iter().all(|found| !found.breaks));
    }

    #[test]
    fn lists_maps_and_closed_objects_are_followed() {
        let schema = |inner: Value, others: Value| {
            json!({
                "type": "object",
                "properties": {"list": {"type": "array", "items": inner}},
                "additionalProperties": others,
            })
        };
        let open = schema(of(&json!({"id": {"type": "string"}}), &[]), json!({"type": "string"}));
        let closed = schema(of(&json!({"id": {"type": "string"}}), &["id"]), json!(false));
        assert_eq!(
            words(&open, &closed, Direction::Sent),
            ["! / allows no other keys", "! /list/*/id is required now"]
        );
        let other = schema(of(&json!({"id": {"type": "string"}}), &[]), json!({"type": "integer"}));
        assert_eq!(words(&open, &other, Direction::Answered), ["! /{} is integer, was string"]);
    }

    #[test]
    fn a_description_alone_is_no_difference() {
        let before = json!({"type": "string", "description": "one"});
        let after = json!({"type": "string", "description": "other"});
        assert_eq!(words(&before, &after, Direction::Sent), Vec::<String>::new());
        let unseen = json!({"type": "string", "$ref": "#/definitions/a"});
        assert_eq!(words(&before, &unseen, Direction::Sent), ["/ is described in another way"]);
    }
}
