//! How a request is changed: one value set or removed, or the whole body left out.

use serde_json::Value;
use squall_model::pointer;

/// What is different about a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The value at a JSON pointer is this one, whether or not there was one before. In a query
    /// the pointer is the parameter's name, and an array is one parameter for each item; an
    /// object at the root is several parameters.
    Set {
        /// The JSON pointer.
        pointer: String,
        /// The value.
        value: Value,
    },
    /// There is no value at a JSON pointer.
    Remove {
        /// The JSON pointer.
        pointer: String,
    },
    /// There is no body.
    NoBody,
}

/// Applies a change to a JSON body; `None` if no body is left.
pub fn apply(body: &Value, change: &Change) -> Option<Value> {
    let mut body = body.clone();
    match change {
        Change::Set { pointer, value } => set(&mut body, pointer, value.clone()),
        Change::Remove { pointer } => remove(&mut body, pointer),
        Change::NoBody => return None,
    }
    Some(body)
}

/// Applies a change to the parameters of a query.
pub fn apply_to_query(query: &[(String, String)], change: &Change) -> Vec<(String, String)> {
    let mut out = query.to_vec();
    let name = |pointer: &str| pointer::keys(pointer).next().unwrap_or_default();
    match change {
        Change::Set { pointer, value: Value::Object(all) } if pointer.is_empty() => {
            for (name, value) in all {
                out.retain(|(held, _)| held != name);
                out.extend(texts(value).into_iter().map(|text| (name.clone(), text)));
            }
        }
        Change::Set { pointer, value } => {
            let name = name(pointer);
            out.retain(|(held, _)| *held != name);
            out.extend(texts(value).into_iter().map(|text| (name.clone(), text)));
        }
        Change::Remove { pointer } => {
            let name = name(pointer);
            out.retain(|(held, _)| *held != name);
        }
        Change::NoBody => {}
    }
    out
}

/// Returns a value as a query has it: a text for each item of an array.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

/// Sets the value at a pointer whose parent exists.
pub(crate) fn set(body: &mut Value, pointer: &str, value: Value) {
    let Some((parent, _)) = pointer.rsplit_once('/') else {
        *body = value;
        return;
    };
    let Some(key) = pointer::keys(pointer).next_back() else { return };
    match body.pointer_mut(parent) {
        Some(Value::Object(fields)) => drop(fields.insert(key, value)),
        Some(Value::Array(items)) => match key.parse::<usize>() {
            Ok(at) if at < items.len() => items[at] = value,
            _ => items.push(value),
        },
        _ => {}
    }
}

fn remove(body: &mut Value, pointer: &str) {
    let Some((parent, _)) = pointer.rsplit_once('/') else { return };
    let Some(key) = pointer::keys(pointer).next_back() else { return };
    match body.pointer_mut(parent) {
        Some(Value::Object(fields)) => drop(fields.remove(&key)),
        Some(Value::Array(items)) => {
            if let Some(at) = key.parse::<usize>().ok().filter(|at| *at < items.len()) {
                items.remove(at);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set_to(pointer: &str, value: Value) -> Change {
        Change::Set { pointer: pointer.to_owned(), value }
    }

    #[test]
    fn a_change_sets_adds_or_removes_one_value() {
        let body = json!({"server": {"name": "a", "tags": ["x"]}});
        let after = |change| apply(&body, &change);
        assert_eq!(
            after(set_to("/server/name", json!(7))),
            Some(json!({"server": {"name": 7, "tags": ["x"]}}))
        );
        assert_eq!(
            after(set_to("/server/tags/1", json!("y"))),
            Some(json!({"server": {"name": "a", "tags": ["x", "y"]}}))
        );
        assert_eq!(after(set_to("", Value::Null)), Some(Value::Null));
        let removed = after(Change::Remove { pointer: "/server/tags".to_owned() });
        assert_eq!(removed, Some(json!({"server": {"name": "a"}})));
        assert_eq!(after(Change::NoBody), None);
    }

    #[test]
    fn a_list_in_a_query_is_one_parameter_for_each_item() {
        let query = [("limit".to_owned(), "1".to_owned()), ("a".to_owned(), "b".to_owned())];
        let after = apply_to_query(&query, &set_to("/limit", json!(["2", 3])));
        let after: Vec<_> = after.iter().map(|(name, text)| format!("{name}={text}")).collect();
        assert_eq!(after, ["a=b", "limit=2", "limit=3"]);
        let both = apply_to_query(&query, &set_to("", json!({"a": ["c"], "d": ["1", "2"]})));
        let both: Vec<_> = both.iter().map(|(name, text)| format!("{name}={text}")).collect();
        assert_eq!(both, ["limit=1", "a=c", "d=1", "d=2"]);
    }
}
