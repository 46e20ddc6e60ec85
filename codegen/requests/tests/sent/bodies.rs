//! Makes bodies from a schema: the smallest, the fullest, and the fullest with each other form
//! that a place in it may have.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use squall_client::validate::Schema;

/// How deep a value may be nested; schemas that refer to themselves have no end.
const DEPTH: usize = 10;

/// Texts of the forms that services accept. Of a schema's texts the first is taken, and every
/// one that only a string can hold.
const TEXTS: [&str; 33] = [
    "a",
    "5d3c1f0e-0b6a-4b47-9c4e-2f5f2a0c1d9b",
    "5d3c1f0e0b6a4b479c4e2f5f2a0c1d9b",
    "2026-11-29T12:00:00Z",
    "2026-11-29T12:00:00",
    "2026-11-29 12:00:00",
    "2026-11-29T12:00:00.000000",
    "2026-11-29T12:00:00.000000Z",
    "https://example.org/a",
    "192.0.2.1",
    "192.0.2.0/24",
    "2001:db8::1",
    "fa:16:3e:00:00:01",
    "a@example.org",
    "1",
    "0",
    "-1",
    "80",
    "1.0",
    "true",
    "CUSTOM_A",
    "VCPU",
    "sha512",
    "ssh-rsa AAAA",
    "nova",
    "/a",
    "/dev/vda",
    "",
    "ingress",
    "YQ==",
    "hw:a",
    "tcp",
    "100:200",
];

/// The bodies of a schema.
pub(crate) struct Bodies {
    /// What differs from the fullest body, as a JSON pointer, and the body.
    pub(crate) all: Vec<(String, Value)>,
    /// The places of which no value was found.
    pub(crate) missing: BTreeSet<String>,
}

impl Bodies {
    /// Makes bodies from a schema; all of them are valid.
    pub(crate) fn of(schema: &Value) -> Self {
        let mut maker = Maker { root: schema, missing: BTreeSet::new() };
        let compiled = Schema::compile(schema).expect("the schema compiles");
        let mut all: Vec<(String, Value)> = maker.forms(schema, "", 0);
        all.extend(maker.smallest(schema, 0).map(|body| ("smallest".to_owned(), body)));
        all.retain(|(_, body)| compiled.is_valid(body));
        Self { all, missing: maker.missing }
    }
}

struct Maker<'a> {
    root: &'a Value,
    missing: BTreeSet<String>,
}

type Forms = Vec<(String, Value)>;

impl Maker<'_> {
    /// Returns the forms of a value, the fullest first, each with the place where it differs.
    fn forms(&mut self, schema: &Value, place: &str, depth: usize) -> Forms {
        let found = self.unfiltered(schema, place, depth);
        let Ok(compiled) = Schema::compile(&self.alone(schema)) else { return Vec::new() };
        let mut kept: Forms = Vec::new();
        for (place, value) in found {
            if compiled.is_valid(&value) && !kept.iter().any(|(_, known)| *known == value) {
                kept.push((place, value));
            }
        }
        let kept = without_spellings(kept, place);
        if kept.is_empty() {
            self.missing.insert(place.to_owned());
        }
        kept
    }

    /// Returns a schema with the definitions that it may refer to.
    fn alone(&self, schema: &Value) -> Value {
        let mut schema = schema.clone();
        if let (Value::Object(own), Some(definitions)) = (&mut schema, self.root.get("definitions"))
        {
            own.entry("definitions").or_insert_with(|| definitions.clone());
        }
        schema
    }

    fn unfiltered(&mut self, schema: &Value, place: &str, depth: usize) -> Forms {
        let here = |value: Value| (place.to_owned(), value);
        let Value::Object(keywords) = schema else { return vec![here(Value::Null)] };
        if keywords.is_empty() {
            // Whatever is sent there is ignored.
            return vec![here(Value::Null)];
        }
        if depth > DEPTH {
            return Vec::new();
        }
        if let Some(value) = keywords.get("const") {
            return vec![here(value.clone())];
        }
        if let Some(Value::Array(values)) = keywords.get("enum") {
            return values.iter().cloned().map(here).collect();
        }
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            let target = reference.strip_prefix('#').and_then(|to| self.root.pointer(to)).cloned();
            return target.map(|to| self.unfiltered(&to, place, depth + 1)).unwrap_or_default();
        }
        for list in ["oneOf", "anyOf"] {
            if let Some(Value::Array(branches)) = keywords.get(list) {
                let joined: Vec<Value> = branches.iter().map(|b| both(keywords, b, list)).collect();
                return joined.iter().flat_map(|b| self.unfiltered(b, place, depth + 1)).collect();
            }
        }
        if let Some(Value::Array(parts)) = keywords.get("allOf") {
            let mut rest = keywords.clone();
            rest.remove("allOf");
            let merged = parts.iter().fold(Value::Object(rest), |sum, part| match &sum {
                Value::Object(sum) => both(sum, part, "allOf"),
                _ => sum,
            });
            return self.unfiltered(&merged, place, depth + 1);
        }
        kinds(keywords)
            .into_iter()
            .flat_map(|kind| match kind {
                "object" => self.objects(keywords, place, depth),
                "array" => self.arrays(keywords, place, depth),
                "integer" | "number" => numbers(keywords).into_iter().map(here).collect(),
                "boolean" => vec![here(json!(true)), here(json!(false))],
                "null" => vec![here(Value::Null)],
                _ => texts(keywords).into_iter().map(here).collect(),
            })
            .collect()
    }

    fn objects(&mut self, keywords: &Map<String, Value>, place: &str, depth: usize) -> Forms {
        let mut members: Vec<(String, Forms)> = Vec::new();
        let named = keywords.get("properties").and_then(Value::as_object);
        for (name, schema) in named.into_iter().flatten() {
            let inside = format!("{place}/{}", name.replace('/', "~1"));
            let forms = self.forms(schema, &inside, depth + 1);
            if !forms.is_empty() {
                members.push((name.clone(), forms));
            }
        }
        let patterns = keywords.get("patternProperties").and_then(Value::as_object);
        let others = keywords.get("additionalProperties").filter(|others| others.is_object());
        let by_pattern = patterns.into_iter().flatten().map(|(pattern, schema)| {
            let name = json!({"type": "string", "pattern": pattern, "minLength": 1});
            (texts(name.as_object().unwrap_or(&Map::new())).into_iter().next(), schema)
        });
        let rest = others.map(|schema| (Some(json!("a")), schema));
        for (name, schema) in by_pattern.chain(rest) {
            let Some(name) = name.as_ref().and_then(Value::as_str) else { continue };
            if members.iter().all(|(known, _)| known != name) {
                let forms = self.forms(schema, &format!("{place}/{name}"), depth + 1);
                members.push((name.to_owned(), forms));
            }
        }
        members.retain(|(_, forms)| !forms.is_empty());
        if members.is_empty() && keywords.get("additionalProperties") != Some(&json!(false)) {
            let any = [json!({"a": "a"}), json!({"a": 1}), json!({})];
            return any.into_iter().map(|value| (place.to_owned(), value)).collect();
        }
        let first: Map<String, Value> =
            members.iter().map(|(name, forms)| (name.clone(), forms[0].1.clone())).collect();
        let mut found = vec![(place.to_owned(), Value::Object(first.clone()))];
        for (name, forms) in &members {
            for (at, value) in forms.iter().skip(1) {
                let mut other = first.clone();
                other.insert(name.clone(), value.clone());
                found.push((at.clone(), Value::Object(other)));
            }
            // Members may exclude each other: then each alone, and each left out.
            let required = required(keywords);
            let mut alone: Map<String, Value> = first.clone();
            alone.retain(|key, _| key == name || required.contains(&key.as_str()));
            found.push((format!("{place}/{name}"), Value::Object(alone)));
            let mut without = first.clone();
            without.remove(name);
            found.push((format!("{place} without {name}"), Value::Object(without)));
        }
        found
    }

    fn arrays(&mut self, keywords: &Map<String, Value>, place: &str, depth: usize) -> Forms {
        let inside = format!("{place}/*");
        if let Some(Value::Array(prefix)) = keywords.get("prefixItems") {
            let first: Vec<Forms> =
                prefix.iter().map(|schema| self.forms(schema, &inside, depth + 1)).collect();
            let items = first.iter().filter_map(|forms| Some(forms.first()?.1.clone())).collect();
            return vec![(place.to_owned(), Value::Array(items))];
        }
        let any = Value::Bool(true);
        let items = keywords.get("items").unwrap_or(&any);
        let forms = self.forms(items, &inside, depth + 1);
        let count = keywords.get("minItems").and_then(Value::as_u64).unwrap_or(1).max(1);
        let count = usize::try_from(count).unwrap_or(1);
        let mut found: Forms =
            forms.into_iter().map(|(at, item)| (at, Value::Array(vec![item; count]))).collect();
        found.push((place.to_owned(), json!([])));
        found
    }

    /// Returns a body with only what is required.
    fn smallest(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        let keywords = schema.as_object()?;
        let properties = keywords.get("properties").and_then(Value::as_object);
        if !kinds(keywords).contains(&"object") || depth > DEPTH || properties.is_none() {
            return self.forms(schema, "smallest", depth).into_iter().next().map(|(_, v)| v);
        }
        let mut out = Map::new();
        for name in required(keywords) {
            let schema = properties.and_then(|all| all.get(name)).unwrap_or(&Value::Bool(true));
            out.insert(name.to_owned(), self.smallest(schema, depth + 1)?);
        }
        Some(Value::Object(out))
    }
}

/// Leaves out what only spells another value that the same place may have: a type has one form
/// of it. Where every text is that of a number or a truth value, these are kept, and otherwise the
/// texts are kept in place of numbers.
fn without_spellings(mut forms: Forms, place: &str) -> Forms {
    let here =
        |is: &dyn Fn(&Value) -> bool| forms.iter().any(|(at, value)| at == place && is(value));
    let is_number = |text: &str| text.is_empty() || text.parse::<f64>().is_ok();
    let is_truth = |text: &str| {
        ["true", "false", "on", "off", "yes", "no", "t", "f", "y", "n", "1", "0"]
            .contains(&text.to_lowercase().as_str())
    };
    let booleans = here(&Value::is_boolean);
    let numbers = here(&Value::is_number);
    let words = here(&|value| value.as_str().is_some_and(|text| !is_number(text)));
    let keeps = |value: &Value| match value {
        Value::String(text) => {
            !(booleans && is_truth(text) || numbers && !words && is_number(text))
        }
        Value::Number(_) => !booleans && !words,
        _ => true,
    };
    forms.retain(|(at, value)| at != place || keeps(value));
    forms
}

fn numbers(keywords: &Map<String, Value>) -> Vec<Value> {
    let mut candidates: Vec<Value> = [1, 0, -1, 2, 60, 1024, 65_535].map(Value::from).into();
    if kinds(keywords).contains(&"number") {
        candidates.push(json!(1.5));
    }
    candidates.extend(["minimum", "maximum"].iter().filter_map(|key| keywords.get(*key)).cloned());
    fitting(keywords, candidates)
}

fn texts(keywords: &Map<String, Value>) -> Vec<Value> {
    let length =
        |key: &str| keywords.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let long = "a".repeat(length("minLength").unwrap_or(1).max(1));
    let exact = "5d3c1f0e".repeat(8);
    let exact = exact.get(..length("maxLength").unwrap_or(32).min(64)).unwrap_or_default();
    let candidates = TEXTS.into_iter().chain([long.as_str(), exact]).map(Value::from).collect();
    let mut found = fitting(keywords, candidates);
    // One of digits, one id and one word tell every type from a string.
    found.truncate(4);
    found
}

/// Returns those values that a schema accepts whose other types are left aside.
fn fitting(keywords: &Map<String, Value>, candidates: Vec<Value>) -> Vec<Value> {
    let Ok(compiled) = Schema::compile(&Value::Object(keywords.clone())) else { return Vec::new() };
    candidates.into_iter().filter(|value| compiled.is_valid(value)).collect()
}

fn required(keywords: &Map<String, Value>) -> Vec<&str> {
    let list = keywords.get("required").and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Returns the types that a value may have, null last.
fn kinds(keywords: &Map<String, Value>) -> Vec<&str> {
    let has = |key: &str| keywords.contains_key(key);
    match keywords.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(list)) => {
            let mut found: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            found.sort_by_key(|kind| *kind == "null");
            found
        }
        _ if has("properties") || has("additionalProperties") || has("patternProperties") => {
            vec!["object"]
        }
        _ if has("items") => vec!["array"],
        _ => vec!["string"],
    }
}

/// Joins a schema's own keywords with those of one of its branches.
fn both(own: &Map<String, Value>, branch: &Value, list: &str) -> Value {
    let mut out = own.clone();
    out.remove(list);
    let Value::Object(branch) = branch else { return Value::Object(out) };
    for (key, value) in branch {
        match (out.get_mut(key), value) {
            (Some(Value::Object(there)), Value::Object(more)) if key == "properties" => {
                there.extend(more.iter().map(|(name, s)| (name.clone(), s.clone())));
            }
            (Some(Value::Array(there)), Value::Array(more)) if key == "required" => {
                there.extend(more.iter().cloned());
            }
            _ => drop(out.insert(key.clone(), value.clone())),
        }
    }
    Value::Object(out)
}
