//! JSON patches of images, in the dialects of both media types.

use serde_json::{Value, json};
use squall_model::pointer::unescaped;

use crate::document::Document;
use crate::fault::Fault;

/// One change to one property.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Change {
    Add { key: String, rest: Vec<String>, value: Value },
    Replace { key: String, rest: Vec<String>, value: Value },
    Remove { key: String, rest: Vec<String> },
}

/// How a patch is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `{"replace": "/name", "value": …}`, the draft that version 2.0's media type has.
    Older,
    /// `{"op": "replace", "path": "/name", "value": …}`.
    Newer,
}

impl Dialect {
    /// Returns the dialect of a media type; `None` for one that is no patch of an image.
    pub(crate) fn of(media_type: &str) -> Option<Self> {
        match media_type.split(';').next().unwrap_or_default().trim() {
            "application/openstack-images-v2.0-json-patch" => Some(Self::Older),
            "application/openstack-images-v2.1-json-patch" => Some(Self::Newer),
            _ => None,
        }
    }
}

/// Reads a patch, which is a list of changes.
pub(crate) fn read(body: &Value, dialect: Dialect) -> Result<Vec<Change>, Fault> {
    let list = body.as_array().ok_or_else(|| {
        Fault::bad_request("Request body must be a JSON array of operation objects.")
    })?;
    list.iter().map(|operation| change(operation, dialect)).collect()
}

/// Reads the verb of an operation, and the path that it is about.
fn verb_and_path(operation: &Value, dialect: Dialect) -> Result<(&str, &str), Fault> {
    let text = |key: &str| operation.get(key).and_then(Value::as_str);
    if dialect == Dialect::Newer {
        return text("op")
            .zip(text("path"))
            .ok_or_else(|| Fault::bad_request("Operation objects must contain `op` and `path`."));
    }
    let mut named = ["add", "replace", "remove"].into_iter().filter_map(|op| Some((op, text(op)?)));
    match (named.next(), named.next()) {
        (Some(one), None) => Ok(one),
        _ => Err(Fault::bad_request(
            "Operation objects must contain exactly one member named \"add\", \"remove\", or \"replace\".",
        )),
    }
}

fn change(operation: &Value, dialect: Dialect) -> Result<Change, Fault> {
    let (op, path) = verb_and_path(operation, dialect)?;
    let mut parts = path
        .strip_prefix('/')
        .filter(|rest| !rest.is_empty() && !path.ends_with('/'))
        .ok_or_else(|| {
            Fault::bad_request(format!(
                "Pointer `{path}` must start with a slash and name a property."
            ))
        })?
        .split('/')
        .map(unescaped);
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
        let changes = read(&patch, Dialect::Newer).map_err(|fault| fault.status)?;
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
    fn each_media_type_has_its_own_dialect() {
        let (older, newer) = (
            Dialect::of("application/openstack-images-v2.0-json-patch").unwrap(),
            Dialect::of("application/openstack-images-v2.1-json-patch; charset=utf-8").unwrap(),
        );
        assert_eq!(Dialect::of("application/json"), None);
        let old_patch = json!([{ "replace": "/name", "value": "b" }]);
        let new_patch = json!([{ "op": "replace", "path": "/name", "value": "b" }]);
        assert_eq!(read(&old_patch, older).unwrap(), read(&new_patch, newer).unwrap());
        assert_eq!(read(&old_patch, newer).unwrap_err().status, 400);
        assert_eq!(read(&new_patch, older).unwrap_err().status, 400);
        let two = json!([{ "replace": "/name", "add": "/name", "value": "b" }]);
        assert_eq!(read(&two, older).unwrap_err().status, 400);
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
