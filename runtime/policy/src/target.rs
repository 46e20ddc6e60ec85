//! The target of a check: the attributes of what an operation is about.

use serde_json::{Map, Value as Json};

use crate::Value;

/// What an operation is about, as the rules see it: attributes by name.
///
/// The names are those of `%(name)s` in the rules: `project_id` of a server,
/// `target.user.domain_id` in identity, `network:project_id` in network.
pub trait Target {
    /// Returns an attribute; `None` if there is none of that name, which denies.
    fn get(&self, name: &str) -> Option<Value<'_>>;

    /// Returns a field of the resource that this one refers to, for the owner checks of network:
    /// `parent("network", "…", "project_id")`. It is asked only for what [`get`](Self::get) does
    /// not have under `network:project_id`.
    fn parent(&self, resource: &str, id: &str, field: &str) -> Option<Value<'_>> {
        let _ = (resource, id, field);
        None
    }

    /// Returns all attributes, for a check by a remote server. It is asked for nothing else.
    fn json(&self) -> Json {
        Json::Object(Map::new())
    }
}

/// A target of JSON. A name is looked up as a key, and then, if it has dots, as a path through
/// objects. See [`Flattened`] for what keystone does.
impl Target for Map<String, Json> {
    fn get(&self, name: &str) -> Option<Value<'_>> {
        let found = Map::get(self, name).or_else(|| nested(self, name))?;
        Some(Value::Json(found))
    }

    fn json(&self) -> Json {
        Json::Object(self.clone())
    }
}

/// An object as a target; anything else has no attributes.
impl Target for Json {
    fn get(&self, name: &str) -> Option<Value<'_>> {
        Target::get(self.as_object()?, name)
    }

    fn json(&self) -> Json {
        self.clone()
    }
}

/// A target without attributes.
impl Target for () {
    fn get(&self, _name: &str) -> Option<Value<'_>> {
        None
    }
}

impl<T: Target + ?Sized> Target for &T {
    fn get(&self, name: &str) -> Option<Value<'_>> {
        (**self).get(name)
    }

    fn parent(&self, resource: &str, id: &str, field: &str) -> Option<Value<'_>> {
        (**self).parent(resource, id, field)
    }

    fn json(&self) -> Json {
        (**self).json()
    }
}

/// Attributes by name, in an array: the target of a caller that knows them when it asks.
impl<const N: usize> Target for [(&str, Value<'_>); N] {
    fn get(&self, name: &str) -> Option<Value<'_>> {
        self.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }
}

/// An object as keystone flattens it: objects are paths with dots, and are no values themselves
/// (keystone 30.0.0, `keystone.common.utils.flatten_dict`).
#[derive(Debug, Clone, Copy)]
pub struct Flattened<'t>(pub &'t Json);

impl Target for Flattened<'_> {
    fn get(&self, name: &str) -> Option<Value<'_>> {
        self.0
            .get(name)
            .into_iter()
            .chain(self.0.as_object().and_then(|map| nested(map, name)))
            .find(|value| !value.is_object())
            .map(Value::Json)
    }
}

/// An object as oslo.policy itself takes it: names are keys, with dots or without.
#[derive(Debug, Clone, Copy)]
pub struct Flat<'t>(pub &'t Json);

impl Target for Flat<'_> {
    fn get(&self, name: &str) -> Option<Value<'_>> {
        self.0.get(name).map(Value::Json)
    }
}

/// Follows a name with dots through objects. A key may have dots itself.
fn nested<'t>(fields: &'t Map<String, Json>, name: &str) -> Option<&'t Json> {
    name.match_indices('.').find_map(|(at, _)| {
        let inner = fields.get(&name[..at])?.as_object()?;
        let rest = &name[at + 1..];
        inner.get(rest).or_else(|| nested(inner, rest))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_is_a_key_or_a_path() {
        let target = json!({
            "a.b": 1,
            "target": {"user": {"domain_id": "d"}, "x.y": {"z": 2}},
        });
        let find = |name: &str| Target::get(&target, name).map(|value| value.to_string());
        assert_eq!(find("a.b").as_deref(), Some("1"));
        assert_eq!(find("target.user.domain_id").as_deref(), Some("d"));
        assert_eq!(find("target.x.y.z").as_deref(), Some("2"));
        assert_eq!(find("target.user").as_deref(), Some("{'domain_id': 'd'}"));
        assert_eq!(find("target.user.none"), None);
    }

    #[test]
    fn flattened_has_leaves_and_flat_has_keys() {
        let target = json!({"target": {"id": "a"}, "b.c": 1});
        assert_eq!(Flattened(&target).get("target.id"), Some(Value::Json(&json!("a"))));
        assert_eq!(Flattened(&target).get("target"), None);
        assert_eq!(Flat(&target).get("target.id"), None);
        assert_eq!(Flat(&target).get("b.c"), Some(Value::Json(&json!(1))));
    }

    #[test]
    fn an_array_is_a_target() {
        let target = [("project_id", Value::Text("p"))];
        assert_eq!(Target::get(&target, "project_id"), Some(Value::Text("p")));
        assert_eq!(Target::get(&target, "user_id"), None);
    }
}
