//! Inlines references to components, so that a schema can be read, materialised and
//! compiled without its document.

use serde_json::{Map, Value, json};
use squall_model::materialise::{LISTS, MAPS, SINGLES, VERSIONS_KEY};

use super::Lower;
use crate::diagnostic::pointer;
use crate::{reference, spelling};

impl Lower<'_> {
    /// Reads the spelled schema at a pointer of the document and inlines its references.
    pub(super) fn schema(&mut self, spelled: &Value, at: &str) -> Value {
        let schema = spelling::read(spelled, at, self.sink);
        self.inline(schema, at, &mut Vec::new())
    }

    fn inline(&mut self, schema: Value, at: &str, trail: &mut Vec<String>) -> Value {
        if !self.budget.enter(self.sink) {
            return json!({});
        }
        let whole = self.entered(schema, at, trail);
        self.budget.leave();
        whole
    }

    fn entered(&mut self, schema: Value, at: &str, trail: &mut Vec<String>) -> Value {
        let Value::Object(mut keywords) = schema else { return schema };
        let reference = keywords.get("$ref").and_then(Value::as_str);
        if let Some(name) = reference.filter(|r| r.starts_with("#/components/")).map(str::to_owned)
        {
            keywords.remove("$ref");
            let target = self.component(&name, at, trail);
            let beside = self.inside(keywords, at, trail);
            return reference::both(target, beside);
        }
        Value::Object(self.inside(keywords, at, trail))
    }

    fn component(&mut self, reference: &str, at: &str, trail: &mut Vec<String>) -> Value {
        let place = reference::pointer(reference).into_owned();
        if trail.contains(&place) {
            self.sink.error(
                at,
                format!("`{reference}` contains itself"),
                "write the schema out to the depth that is needed",
            );
            return json!({});
        }
        let raw = self.raw;
        let Some(target) = reference::target(raw, reference) else {
            self.sink.error(
                at,
                format!("`{reference}` leads nowhere in this document"),
                "add the component, or correct the pointer",
            );
            return json!({});
        };
        let schema = spelling::read(target, &place, self.sink);
        trail.push(place.clone());
        let schema = self.inline(schema, &place, trail);
        trail.pop();
        schema
    }

    fn inside(
        &mut self,
        keywords: Map<String, Value>,
        at: &str,
        trail: &mut Vec<String>,
    ) -> Map<String, Value> {
        let each = |(key, value): (String, Value)| {
            let at = pointer(at, &key);
            let value = match value {
                Value::Object(map) if MAPS.contains(&key.as_str()) => Value::Object(
                    map.into_iter()
                        .map(|(name, inner)| {
                            let at = pointer(&at, &name);
                            let inner = self.inline(inner, &at, trail);
                            (name, inner)
                        })
                        .collect(),
                ),
                Value::Array(list) if LISTS.contains(&key.as_str()) || key == "items" => list
                    .into_iter()
                    .enumerate()
                    .map(|(index, inner)| self.inline(inner, &pointer(&at, index), trail))
                    .collect(),
                Value::Object(marks) if key == VERSIONS_KEY => {
                    Value::Object(self.marks(marks, &at, trail))
                }
                inner if SINGLES.contains(&key.as_str()) => self.inline(inner, &at, trail),
                other => other,
            };
            (key, value)
        };
        keywords.into_iter().map(each).collect()
    }

    /// Inlines the schemas in version marks.
    fn marks(
        &mut self,
        mut marks: Map<String, Value>,
        at: &str,
        trail: &mut Vec<String>,
    ) -> Map<String, Value> {
        for (list, key) in [("variants", "schema"), ("additional-properties", "value")] {
            let entries = marks.get_mut(list).and_then(Value::as_array_mut);
            for (index, entry) in entries.into_iter().flatten().enumerate() {
                if let Some(inner) = entry.get_mut(key) {
                    let at = pointer(&pointer(&pointer(at, list), index), key);
                    *inner = self.inline(inner.take(), &at, trail);
                }
            }
        }
        marks
    }
}
