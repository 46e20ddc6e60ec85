//! Changes to one place of a JSON body.

use serde::Serialize;
use serde_json::{Value, json};
use squall_model::pointer::join;

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    /// A key is removed from an object.
    KeyDropped,
    /// A key that is not in any description is added to an object.
    UnknownKey,
    /// A value gets another JSON type.
    WrongType,
    /// A value becomes null.
    Null,
}

impl Kind {
    pub(super) const ALL: [Self; 4] =
        [Self::KeyDropped, Self::UnknownKey, Self::WrongType, Self::Null];

    /// Its name in a table.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::KeyDropped => "key dropped",
            Self::UnknownKey => "unknown key",
            Self::WrongType => "wrong type",
            Self::Null => "null",
        }
    }
}

/// A body with one change.
#[derive(Debug)]
pub(super) struct Mutation {
    pub(super) kind: Kind,
    /// The JSON pointer to the change: the key that is dropped or added, or the value.
    pub(super) at: String,
    pub(super) body: Value,
}

/// The key that is added to objects.
pub(super) const UNKNOWN: &str = "squall-unknown-key";

/// Returns every change of a body, in the order of its places.
pub(super) fn all(body: &Value) -> Vec<Mutation> {
    let mut found = Vec::new();
    visit(body, body, "", &mut found);
    found
}

fn visit(root: &Value, here: &Value, at: &str, found: &mut Vec<Mutation>) {
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut body = root.clone();
        if let Some(place) = body.pointer_mut(at) {
            change(place);
        }
        body
    };
    let other = match here {
        Value::Object(_) => json!("a"),
        _ => json!({"a": "a"}),
    };
    let mut add = |kind, at: String, body| found.push(Mutation { kind, at, body });
    add(Kind::WrongType, at.to_owned(), changed(&|place| *place = other.clone()));
    if !here.is_null() {
        add(Kind::Null, at.to_owned(), changed(&|place| *place = Value::Null));
    }
    match here {
        Value::Object(map) => {
            let body = changed(&|place| place[UNKNOWN] = json!("a"));
            add(Kind::UnknownKey, join(at, UNKNOWN), body);
            for key in map.keys() {
                let body = changed(&|place| {
                    place.as_object_mut().map(|map| map.remove(key));
                });
                add(Kind::KeyDropped, join(at, key), body);
            }
            map.iter().for_each(|(key, inner)| visit(root, inner, &join(at, key), found));
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                visit(root, inner, &join(at, index), found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_changed_in_every_way() {
        let found = all(&json!({"servers": [{"id": "a"}]}));
        let count = |kind| found.iter().filter(|m| m.kind == kind).count();
        assert_eq!(Kind::ALL.map(count), [2, 2, 4, 4]);
        let bodies: Vec<String> = found
            .iter()
            .filter(|m| m.at.starts_with("/servers/0/"))
            .map(|m| format!("{} {}", m.kind.title(), m.body))
            .collect();
        assert_eq!(
            bodies,
            [
                r#"unknown key {"servers":[{"id":"a","squall-unknown-key":"a"}]}"#,
                r#"key dropped {"servers":[{}]}"#,
                r#"wrong type {"servers":[{"id":{"a":"a"}}]}"#,
                r#"null {"servers":[{"id":null}]}"#,
            ]
        );
    }
}
