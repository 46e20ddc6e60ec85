//! JSON patches of images, in the version 2.1 media type's dialect.

use serde_json::{Value, json};

use crate::document::Document;
use crate::fault::Fault;

/// One change to one property.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Change {
    Add { key: String, rest: Vec<String>, value: Value },
    Replace { key: String, rest: Vec<String>, value: Value },
    Remove { key: String, rest: Vec<String> },
}

/// Reads a patch, which is a list of changes.
pub(crate) fn read(body: &Value) -> Result<Vec<Change>, Fault> {
    let list = body.as_array().ok_or_else(|| {
        Fault::bad_request("Request body must be a JSON array of operation objects.")
    })?;
    list.iter().map(change).collect()
}

fn change(operation: &Value) -> Result<Change, Fault> {
    let text = |key: &str| operation.get(key).and_then(Value::as_str);
    let (Some(op), Some(path)) = (text("op"), text("path")) else {
        return Err(Fault::bad_request("Operation objects must contain `op` and `path`."));
    };
    let mut parts = path
        .strip_prefix('/')
        .filter(|rest| !rest.is_empty() && !path.ends_with('/'))
        .ok_or_else(|| {
            Fault::bad_request(format!(
                "Pointer `{path}` must start with a slash and name a property."
            ))
        })?
        .split('/')
        .map(|part| part.replace("~1", "/").replace("~0", "~"));
    let key = parts.next().unwrap_or_default();
    let rest: Vec<String> = parts.collect();
    let value = || {
        operation.get("value").cloned().ok_or_else(|| {
            Fault::bad_request(format!("Operation \"{op}\" requires a member named \"value\"."))
        })
    };
    match op {
        "add" => Ok(Change::Add { key, rest, value: value()? }),
        "replace" => Ok(Change::Replace { key, rest, value: value()? }),
        "remove" => Ok(Change::Remove { key, rest }),
        other => Err(Fault::bad_request(format!(
            "Operations must be one of add, replace and remove, not `{other}`."
        ))),
    }
}

/// The properties that every image has, which cannot be taken away.
const BASE: [&str; 9] = [
    "name",
    "visibility",
    "protected",
    "os_hidden",
    "min_disk",
    "min_ram",
    "container_format",
    "disk_format",
    "tags",
];

impl Change {
    /// Returns the property that is changed.
    pub(crate) fn key(&self) -> &str {
        match self {
            Self::Add { key, .. } | Self::Replace { key, .. } | Self::Remove { key, .. } => key,
        }
    }

    /// Returns the new value.
    pub(crate) fn value(&self) -> Option<&Value> {
        match self {
            Self::Add { value, .. } | Self::Replace { value, .. } => Some(value),
            Self::Remove { .. } => None,
        }
    }

    /// Makes the change.
    pub(crate) fn apply(&self, properties: &mut Document) -> Result<(), Fault> {
        let absent = |key: &str| Fault::conflict(format!("Property {key} does not exist."));
        match self {
            // The only list is that of tags, at whose end one may be added.
            Self::Add { key, rest, value } if !rest.is_empty() => {
                match properties.get_mut(key.as_str()) {
                    Some(Value::Array(list)) if !list.contains(value) => list.push(value.clone()),
                    Some(Value::Array(_)) => {}
                    _ => return Err(absent(key)),
                }
            }
            Self::Add { key, value, .. } => {
                properties.insert(key.clone(), value.clone());
            }
            Self::Replace { key, value, .. } => {
                if !properties.contains_key(key) {
                    return Err(absent(key));
                }
                properties.insert(key.clone(), value.clone());
            }
            Self::Remove { key, .. } if BASE.contains(&key.as_str()) => {
                return Err(Fault::forbidden(format!("Property {key} may not be removed.")));
            }
            Self::Remove { key, .. } => {
                properties.remove(key).ok_or_else(|| absent(key))?;
            }
        }
        if let Some(Value::Array(tags)) = properties.get("tags") {
            let mut once = Vec::new();
            for tag in tags {
                if !once.contains(tag) {
                    once.push(tag.clone());
                }
            }
            properties.insert("tags".to_owned(), json!(once));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::document;

    #[expect(clippy::needless_pass_by_value, reason = "tests hand it what `json!` makes")]
    fn apply(patch: Value) -> Result<Document, u16> {
        let mut properties = document(json!({ "name": "a", "x": "1", "tags": ["t"] }));
        let changes = read(&patch).map_err(|fault| fault.status)?;
        for change in changes {
            change.apply(&mut properties).map_err(|fault| fault.status)?;
        }
        Ok(properties)
    }

    #[test]
    fn properties_are_added_replaced_and_removed() {
        let patched = apply(json!([
            { "op": "add", "path": "/y", "value": "2" },
            { "op": "replace", "path": "/name", "value": "b" },
            { "op": "remove", "path": "/x" },
            { "op": "add", "path": "/tags/-", "value": "u" },
        ]));
        let expected = document(json!({ "name": "b", "y": "2", "tags": ["t", "u"] }));
        assert_eq!(patched.unwrap(), expected);
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        for (patch, status) in [
            (json!({}), 400),
            (json!([{ "op": "add", "path": "name", "value": "b" }]), 400),
            (json!([{ "op": "add", "path": "/name" }]), 400),
            (json!([{ "op": "move", "path": "/name" }]), 400),
            (json!([{ "op": "replace", "path": "/z", "value": "b" }]), 409),
            (json!([{ "op": "remove", "path": "/z" }]), 409),
            (json!([{ "op": "remove", "path": "/name" }]), 403),
        ] {
            assert_eq!(apply(patch.clone()), Err(status), "{patch}");
        }
    }
}
