//! The words that a schema itself has: they belong to the API, not to a cloud.

use std::collections::BTreeSet;

use serde_json::Value;
use squall_model::Merged;
use squall_model::materialise::VERSIONS_KEY;

/// The words of some schemas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// The names of properties.
    pub keys: BTreeSet<String>,
    /// The texts that a value is said to be one of.
    pub values: BTreeSet<String>,
    /// The extensions that add something.
    pub extensions: BTreeSet<String>,
}

impl Vocabulary {
    /// Collects the words of schemas at all versions.
    pub fn of<'a>(schemas: impl IntoIterator<Item = &'a Merged>) -> Self {
        let mut found = Self::default();
        schemas.into_iter().for_each(|schema| found.collect(&schema.0));
        found
    }

    fn collect(&mut self, schema: &Value) {
        match schema {
            Value::Object(keywords) => {
                for (keyword, value) in keywords {
                    match (keyword.as_str(), value) {
                        ("properties", Value::Object(map)) => self.keys.extend(map.keys().cloned()),
                        ("enum", Value::Array(list)) => {
                            self.values
                                .extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
                        }
                        ("const", Value::String(text)) => drop(self.values.insert(text.clone())),
                        (VERSIONS_KEY, marks) => {
                            let alias = marks.get("extension").and_then(Value::as_str);
                            self.extensions.extend(alias.map(str::to_owned));
                        }
                        _ => {}
                    }
                    self.collect(value);
                }
            }
            Value::Array(list) => list.iter().for_each(|inner| self.collect(inner)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_collected_at_every_depth_and_version() {
        let found = Vocabulary::of([&Merged(json!({"properties": {
            "status": {"enum": ["ACTIVE", null]},
            "qos": {"x-openstack": {"extension": "qos", "variants": [
                {"schema": {"items": {"properties": {"kind": {"const": "policy"}}}}},
            ]}},
        }}))]);
        assert_eq!(found.keys, ["kind", "qos", "status"].map(str::to_owned).into());
        assert_eq!(found.values, ["ACTIVE", "policy"].map(str::to_owned).into());
        assert_eq!(found.extensions, ["qos".to_owned()].into());
    }
}
