//! The shape of a body: which fields it has, and of what type.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;
use squall_model::pointer;

/// What stands for names that belong to a cloud, where they are the names of fields.
const ANY: &str = "*";

/// The shape of a value. That of a list is what its items have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// Null, or the item of a list that is empty: it may be anything.
    Unknown,
    Truth,
    Number,
    Text,
    List(Box<Self>),
    Object(BTreeMap<String, Field>),
    /// Values of several types in one list.
    Several,
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    shape: Shape,
    /// Whether each item of the list has it.
    always: bool,
}

impl Shape {
    /// Returns the shape of a value.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Unknown,
            Value::Bool(_) => Self::Truth,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::Text,
            Value::Array(items) => {
                let items = items.iter().map(Self::of);
                Self::List(Box::new(items.reduce(Self::merged).unwrap_or(Self::Unknown)))
            }
            Value::Object(fields) => {
                let mut shapes: BTreeMap<String, Field> = BTreeMap::new();
                for (name, value) in fields {
                    let name = if is_of_a_cloud(name) { ANY } else { name };
                    let shape = Self::of(value);
                    let shape = match shapes.remove(name) {
                        Some(held) => held.shape.merged(shape),
                        None => shape,
                    };
                    shapes.insert(name.to_owned(), Field { shape, always: true });
                }
                Self::Object(shapes)
            }
        }
    }

    /// Returns the shape of what has either shape.
    fn merged(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, known) | (known, Self::Unknown) => known,
            (Self::List(one), Self::List(other)) => Self::List(Box::new(one.merged(*other))),
            (Self::Object(one), Self::Object(mut other)) => {
                let mut fields = BTreeMap::new();
                for (name, field) in one {
                    let field = match other.remove(&name) {
                        Some(twin) => Field {
                            shape: field.shape.merged(twin.shape),
                            always: field.always && twin.always,
                        },
                        None => Field { always: false, ..field },
                    };
                    fields.insert(name, field);
                }
                let rest = other.into_iter();
                fields.extend(rest.map(|(name, field)| (name, Field { always: false, ..field })));
                Self::Object(fields)
            }
            (one, other) if one == other => one,
            _ => Self::Several,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Unknown => "null",
            Self::Truth => "a boolean",
            Self::Number => "a number",
            Self::Text => "a string",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
            Self::Several => "several types",
        }
    }
}

/// Where two shapes differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Apart {
    /// Only the first cloud has the field.
    First(String),
    /// Only the second cloud has it.
    Second(String),
    /// Both have it, with values of other types.
    Type(String, &'static str, &'static str),
}

/// Returns where two shapes differ. What may be anything agrees with everything, and a field that
/// only some items of a list have is no difference: the items are not the same ones.
pub(super) fn apart(one: &Shape, other: &Shape) -> Vec<Apart> {
    let mut found = Vec::new();
    walk(one, other, "", &mut found);
    found
}

fn walk(one: &Shape, other: &Shape, at: &str, found: &mut Vec<Apart>) {
    match (one, other) {
        (Shape::Unknown | Shape::Several, _) | (_, Shape::Unknown | Shape::Several) => {}
        (Shape::List(one), Shape::List(other)) => walk(one, other, &format!("{at}/{ANY}"), found),
        (Shape::Object(one), Shape::Object(other)) => {
            for (name, field) in one {
                let at = pointer::join(at, name);
                match other.get(name) {
                    Some(twin) => walk(&field.shape, &twin.shape, &at, found),
                    None if field.always && name != ANY => found.push(Apart::First(at)),
                    None => {}
                }
            }
            for (name, field) in other {
                if field.always && name != ANY && !one.contains_key(name) {
                    found.push(Apart::Second(pointer::join(at, name)));
                }
            }
        }
        (one, other) if one == other => {}
        (one, other) => found.push(Apart::Type(at.to_owned(), one.word(), other.word())),
    }
}

/// Whether a field's name is an id, an address or a name that a run gave.
fn is_of_a_cloud(name: &str) -> bool {
    static IDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(?:[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}|\d+|squall-.*)$").ok()
    });
    IDS.as_ref().is_some_and(|ids| ids.is_match(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn between(one: &Value, other: &Value) -> Vec<Apart> {
        apart(&Shape::of(one), &Shape::of(other))
    }

    #[test]
    fn fields_and_types_are_compared_and_values_are_not() {
        let one = json!({"server": {"id": "a", "locked": false, "size": 1}});
        assert_eq!(between(&one, &json!({"server": {"id": "b", "locked": true, "size": 7}})), []);
        let other = json!({"server": {"id": 5, "locked": true, "host": null}});
        assert_eq!(
            between(&one, &other),
            [
                Apart::Type("/server/id".to_owned(), "a string", "a number"),
                Apart::First("/server/size".to_owned()),
                Apart::Second("/server/host".to_owned()),
            ]
        );
    }

    #[test]
    fn null_and_empty_lists_agree_with_anything() {
        let one = json!({"host": null, "tags": [], "fault": "none"});
        assert_eq!(between(&one, &json!({"host": "a", "tags": [1], "fault": null})), []);
    }

    #[test]
    fn lists_are_compared_by_what_all_their_items_have() {
        let one = json!([{"id": "a", "kernel_id": "b"}, {"id": "c"}]);
        assert_eq!(between(&one, &json!([{"id": "d"}])), []);
        let every = json!([{"id": "a", "kernel_id": "b"}]);
        assert_eq!(
            between(&every, &json!([{"id": "d"}])),
            [Apart::First("/*/kernel_id".to_owned())]
        );
    }

    #[test]
    fn fields_named_by_ids_are_one() {
        let of = |id: &str| json!({"allocations": {id: {"resources": {"VCPU": 1}}}});
        let (a, b) = (of("6c3b5f0e-8a4b-4f0a-9a51-0d1b5f3c2a11"), of("squall-a3def5a8-b"));
        assert_eq!(between(&a, &b), []);
        assert_eq!(between(&a, &json!({"allocations": {}})), []);
    }
}
