//! Finds the place in `openapi.yaml` that describes a value of an answer.

use serde_json::Value;
use squall_model::Microversion;
use squall_model::materialise::{VERSIONS_KEY, range_of};
use squall_model::pointer::escaped;

/// A service's document, at one version.
#[derive(Clone, Copy)]
pub(super) struct Document<'a> {
    pub(super) root: &'a Value,
    pub(super) version: Option<Microversion>,
}

impl Document<'_> {
    /// Returns the pointer to an operation.
    pub(super) fn operation(&self, id: &str) -> Option<String> {
        let paths = self.root.get("paths")?.as_object()?;
        for (path, item) in paths {
            for (method, operation) in item.as_object()? {
                let here = format!("/paths/{}/{method}", escaped(path));
                let is_it = |operation: &Value| {
                    operation.get("operationId").and_then(Value::as_str) == Some(id)
                };
                if is_it(operation) {
                    return Some(here);
                }
                let actions = operation.pointer("/x-openstack/actions").and_then(Value::as_object);
                let action = actions.into_iter().flatten().find(|(_, action)| is_it(action));
                if let Some((name, _)) = action {
                    return Some(format!("{here}/{VERSIONS_KEY}/actions/{}", escaped(name)));
                }
            }
        }
        None
    }

    /// Returns the pointer to a response, or to the form that it refers to.
    pub(super) fn response(&self, operation: &str, status: u16) -> Option<String> {
        let id = self.operation(operation)?;
        self.followed(format!("{id}/responses/{status}"))
    }

    /// Returns the pointer to the schema of a value in a response's body; in `at`, `*` stands for
    /// an index or a key.
    pub(super) fn schema(&self, operation: &str, status: u16, at: &str) -> Option<String> {
        let response = self.response(operation, status)?;
        let content = self.root.pointer(&format!("{response}/content"))?.as_object()?;
        let media = content.keys().find(|media| media.contains("json"))?;
        let mut here = format!("{response}/content/{}/schema", escaped(media));
        for key in at.split('/').skip(1) {
            here = self.inner(&self.settled(here)?, key)?;
        }
        self.settled(here)
    }

    /// Returns the pointer to the schema of one key or item of a schema, or of a branch of it.
    fn inner(&self, schema: &str, key: &str) -> Option<String> {
        let value = self.root.pointer(schema)?;
        let has = |place: &str| value.pointer(place).is_some_and(|found| !found.is_boolean());
        if key != "*" && has(&format!("/properties/{key}")) {
            return Some(format!("{schema}/properties/{key}"));
        }
        if key == "*" && has("/items") {
            return Some(format!("{schema}/items"));
        }
        if has("/additionalProperties") {
            return Some(format!("{schema}/additionalProperties"));
        }
        let patterns = value.pointer("/x-openstack/pattern-properties");
        let patterns = patterns.or_else(|| value.get("patternProperties"));
        if let Some(Value::Object(map)) = patterns
            && let Some(pattern) = map.keys().next()
        {
            let place = if value.get("patternProperties").is_some() {
                "patternProperties"
            } else {
                "x-openstack/pattern-properties"
            };
            return Some(format!("{schema}/{place}/{}", escaped(pattern)));
        }
        ["allOf", "anyOf", "oneOf"].into_iter().find_map(|list| {
            let count = value.get(list)?.as_array()?.len();
            (0..count).find_map(|index| {
                let branch = self.settled(format!("{schema}/{list}/{index}"))?;
                self.inner(&branch, key)
            })
        })
    }

    /// Follows references and the variants of the version.
    fn settled(&self, place: String) -> Option<String> {
        let place = self.followed(place)?;
        let value = self.root.pointer(&place)?;
        let variants = value.pointer("/x-openstack/variants").and_then(Value::as_array);
        let Some(variants) = variants else { return Some(place) };
        let is_one = |variant: &Value| {
            variant.as_object().is_some_and(|marks| range_of(marks).contains(self.version))
        };
        let chosen = variants.iter().position(is_one)?;
        self.settled(format!("{place}/{VERSIONS_KEY}/variants/{chosen}/schema"))
    }

    /// Follows references.
    fn followed(&self, mut place: String) -> Option<String> {
        // No chain of references in a spec is longer.
        for _ in 0..16 {
            let value = self.root.pointer(&place)?;
            match value.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#')) {
                Some(target) => target.clone_into(&mut place),
                None => return Some(place),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_is_found_through_references_variants_lists_and_branches() {
        let root = json!({
            "paths": {"/servers/{id}/action": {"post": {"x-openstack": {"actions": {"os-start": {
                "operationId": "a.servers.start",
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Servers"}}}},
                    "404": {"$ref": "#/components/responses/Error"},
                },
            }}}}}},
            "components": {
                "responses": {"Error": {"content": {"application/json": {"schema": {
                    "additionalProperties": {"properties": {"code": {}}},
                }}}}},
                "schemas": {"Servers": {"properties": {"servers": {"items": {"x-openstack": {"variants": [
                    {"max-ver": "2.2", "schema": {}},
                    {"min-ver": "2.3", "schema": {"anyOf": [{"type": "string"}, {"properties": {"a": {}}}]}},
                ]}}}}}},
            },
        });
        let at = |minor| Document { root: &root, version: Some(Microversion::new(2, minor)) };
        let found = |minor, status, pointer| at(minor).schema("a.servers.start", status, pointer);
        assert_eq!(
            at(1).operation("a.servers.start").as_deref(),
            Some("/paths/~1servers~1{id}~1action/post/x-openstack/actions/os-start")
        );
        assert_eq!(
            found(3, 200, "/servers/*/a").as_deref(),
            Some(
                "/components/schemas/Servers/properties/servers/items/x-openstack/variants/1/schema/anyOf/1/properties/a"
            )
        );
        assert_eq!(found(2, 200, "/servers/*/a"), None);
        assert_eq!(
            found(2, 404, "/*/code").as_deref(),
            Some(
                "/components/responses/Error/content/application~1json/schema/additionalProperties/properties/code"
            )
        );
        assert_eq!(found(2, 409, ""), None);
    }
}
