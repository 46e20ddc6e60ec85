//! Moves schemas that several operations or statuses use to `components`, named after the
//! first operation that uses them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::bodies::Spelled;
use super::kept::Kept;

/// The minimum length of a shared schema; shorter ones are repeated.
const WORTH_SHARING: usize = 160;

/// The shared schemas, by text.
pub(super) struct Components {
    names: BTreeMap<String, String>,
    used: Map<String, Value>,
}

impl Components {
    /// Finds the schemas that are used more than once.
    pub(super) fn collect(kept: &[Kept]) -> Self {
        let mut uses: BTreeMap<String, (usize, String)> = BTreeMap::new();
        let mut note = |body: &Spelled, one: &Kept, part: &str| {
            if let Spelled::Schema { schema, .. } = body {
                let name = name(one, part);
                uses.entry(schema.to_string()).or_insert((0, name)).0 += 1;
            }
        };
        for one in kept {
            note(&one.bodies.request, one, "request");
            note(&one.bodies.query, one, "query");
            for (_, _, body) in &one.bodies.responses {
                note(body, one, "response");
            }
        }
        let shared =
            uses.into_iter().filter(|(text, (count, _))| *count > 1 && text.len() >= WORTH_SHARING);
        let mut names = BTreeMap::new();
        let mut taken: BTreeMap<String, usize> = BTreeMap::new();
        for (text, (_, name)) in shared {
            let count = taken.entry(name.clone()).or_insert(0);
            *count += 1;
            names.insert(text, if *count > 1 { format!("{name}{count}") } else { name });
        }
        Self { names, used: Map::new() }
    }

    /// Returns a schema, or a reference to it if it is shared.
    pub(super) fn placed(&mut self, schema: &Value) -> Value {
        match self.names.get(&schema.to_string()) {
            Some(name) => {
                self.used.insert(name.clone(), schema.clone());
                json!({"$ref": format!("#/components/schemas/{name}")})
            }
            None => schema.clone(),
        }
    }

    pub(super) fn into_value(self) -> Option<Value> {
        (!self.used.is_empty()).then_some(Value::Object(self.used))
    }
}

fn name(one: &Kept, part: &str) -> String {
    [one.name.resource.as_str(), one.name.verb.as_str(), part]
        .iter()
        .flat_map(|words| words.split('_'))
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        })
        .collect()
}
