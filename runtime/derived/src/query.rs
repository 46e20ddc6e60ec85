//! The constraints of a query.
//!
//! On the wire every value of a query is a text, so that `5` and `"5"` are the same, and what
//! kind of value a service reads a text as is its own affair. A text therefore breaks a
//! constraint only if the schema accepts none of the values that it may be read as.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value, json};
use squall_client::validate::Schema;
use squall_model::pointer;

use crate::broken::{self, Proposal};
use crate::change::texts;
use crate::values::{Values, required, types};
use crate::{Change, Constraint, ConstraintPlace, bounds};

/// Returns the constraints of a query. Nothing is returned if the query breaks one itself.
pub fn query(schema: &Value, query: &[(String, String)]) -> Vec<Constraint> {
    let Value::Object(keywords) = schema else { return Vec::new() };
    let Some(whole) = Whole::new(schema, keywords) else { return Vec::new() };
    let mut sent: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, text) in query {
        sent.entry(name.clone()).or_default().push(text.clone());
    }
    if !whole.accepts(&sent) {
        return Vec::new();
    }
    let mut found = Found { whole: &whole, sent: &sent, seen: HashSet::new(), all: Vec::new() };
    for name in required(keywords).into_iter().filter(|name| sent.contains_key(*name)) {
        let change = Change::Remove { pointer: pointer::join("", name) };
        found.keep("", ("required", name), json!(true), change, false);
    }
    if keywords.get("additionalProperties") == Some(&Value::Bool(false)) {
        let change = Change::Set { pointer: "/squall_unknown".to_owned(), value: json!("squall") };
        found.keep("", ("additionalProperties", ""), json!(false), change, false);
    }
    for (name, schema) in whole.values.members(keywords) {
        let at = pointer::join("", &name);
        found.parameter(&at, whole.values.resolved(schema));
    }
    found.together();
    found.all
}

struct Found<'a> {
    whole: &'a Whole<'a>,
    sent: &'a BTreeMap<String, Vec<String>>,
    seen: HashSet<String>,
    all: Vec<Constraint>,
}

impl Found<'_> {
    /// Adds every parameter that has a valid value, all at once: a service may build a query of
    /// its database from them that it cannot from any of them alone.
    fn together(&mut self) {
        let mut all = self.sent.clone();
        for (name, schema) in self.whole.values.members(self.whole.keywords) {
            let Some(value) = self.whole.values.least(schema) else { continue };
            if !value.is_object() && !value.is_null() {
                all.entry(name).or_insert_with(|| texts(&value));
            }
        }
        let value = json!(all);
        let change = Change::Set { pointer: String::new(), value };
        if all.len() > self.sent.len() + 1 && self.whole.accepts(&all) {
            self.all.push(Constraint {
                place: ConstraintPlace::Query,
                pointer: String::new(),
                keyword: "present",
                which: "all".to_owned(),
                says: json!(true),
                change,
                valid: true,
            });
        }
    }

    /// Adds what the schema of a parameter says; of one that may come several times, what it
    /// says of each.
    fn parameter(&mut self, at: &str, schema: &Value) {
        let Value::Object(keywords) = schema else { return };
        let values = &self.whole.values;
        let proposed =
            broken::proposals(keywords, None, values).into_iter().map(|one| (one, false));
        // Each filter and each key of an order is tested on a list, and not as a value here.
        let bounds = bounds::proposals(keywords, None, values).into_iter();
        let bounds = bounds.filter(|one| one.keyword != "enum").map(|one| (one, true));
        let proposed: Vec<(Proposal, bool)> = proposed.chain(bounds).collect();
        // Whatever is sent is a text or several, so that its type is never wrong where these may
        // be.
        let takes_text = types(keywords).iter().any(|kind| ["string", "array"].contains(kind));
        for (Proposal { keyword, which, values }, valid) in proposed {
            if takes_text && keyword == "type" {
                continue;
            }
            let says = keywords.get(keyword).cloned().unwrap_or_default();
            for value in values {
                let change = Change::Set { pointer: at.to_owned(), value };
                if self.keep(at, (keyword, &which), says.clone(), change, valid) {
                    break;
                }
            }
        }
        let items = keywords.get("items").map(|items| values.resolved(items).clone());
        if let Some(items) = items {
            self.parameter(at, &items);
        }
        for list in ["oneOf", "anyOf", "allOf"] {
            for branch in keywords.get(list).and_then(Value::as_array).into_iter().flatten() {
                let branch = self.whole.values.resolved(branch).clone();
                self.parameter(at, &branch);
            }
        }
    }

    /// Keeps a change if it does what it should and is not there yet. A text that is empty is
    /// left to the service: many read it as if it were not there.
    fn keep(
        &mut self,
        at: &str,
        (keyword, which): (&'static str, &str),
        says: Value,
        change: Change,
        valid: bool,
    ) -> bool {
        let mut after = self.sent.clone();
        match &change {
            Change::Set { pointer, value } => {
                let texts = match value {
                    // Neither has a form in a query.
                    Value::Null | Value::Object(_) => return false,
                    Value::Array(items) if !items.iter().all(Value::is_string) => return false,
                    value => texts(value),
                };
                if texts.is_empty() || texts.iter().any(|text| text.trim().is_empty()) {
                    return false;
                }
                let name = pointer::keys(pointer).next().unwrap_or_default();
                after.insert(name, texts);
            }
            Change::Remove { pointer } => {
                after.remove(&pointer::keys(pointer).next().unwrap_or_default());
            }
            Change::NoBody => return false,
        }
        if self.whole.accepts(&after) != valid
            || after == *self.sent
            || !self.seen.insert(format!("{after:?}"))
        {
            return false;
        }
        self.all.push(Constraint {
            place: ConstraintPlace::Query,
            pointer: at.to_owned(),
            keyword,
            which: which.to_owned(),
            says,
            change,
            valid,
        });
        true
    }
}

/// The schema of a whole query, and those of its parameters.
struct Whole<'s> {
    keywords: &'s Map<String, Value>,
    values: Values<'s>,
    parameters: BTreeMap<&'s str, Schema>,
    patterns: Vec<(Schema, Schema)>,
}

impl<'s> Whole<'s> {
    fn new(schema: &'s Value, keywords: &'s Map<String, Value>) -> Option<Self> {
        let values = Values::new(schema);
        let alone = |part: &Value| Schema::compile(&values.alone(part)).ok();
        let mut parameters = BTreeMap::new();
        for (name, part) in
            keywords.get("properties").and_then(Value::as_object).into_iter().flatten()
        {
            parameters.insert(name.as_str(), alone(part)?);
        }
        let mut patterns = Vec::new();
        for (pattern, part) in
            keywords.get("patternProperties").and_then(Value::as_object).into_iter().flatten()
        {
            patterns.push((alone(&json!({"pattern": pattern}))?, alone(part)?));
        }
        Some(Self { keywords, values, parameters, patterns })
    }

    /// Whether a query may be read as one that the schema accepts.
    fn accepts(&self, query: &BTreeMap<String, Vec<String>>) -> bool {
        let complete = required(self.keywords).iter().all(|name| query.contains_key(*name));
        complete && query.iter().all(|(name, texts)| self.accepts_parameter(name, texts))
    }

    fn accepts_parameter(&self, name: &str, texts: &[String]) -> bool {
        if let Some(schema) = self.parameters.get(name) {
            return readings(texts).iter().any(|value| schema.is_valid(value));
        }
        let name = json!(name);
        let mut by_pattern = self.patterns.iter().filter(|(names, _)| names.is_valid(&name));
        if let Some((_, schema)) = by_pattern.next() {
            return readings(texts).iter().any(|value| schema.is_valid(value));
        }
        self.keywords.get("additionalProperties") != Some(&Value::Bool(false))
    }
}

/// Returns what a parameter may be read as.
fn readings(texts: &[String]) -> Vec<Value> {
    let each: Vec<Vec<Value>> = texts.iter().map(|text| readings_of(text)).collect();
    let mut found = match &each[..] {
        [one] => one.clone(),
        _ => Vec::new(),
    };
    // Every item of a list is read in the same way.
    let ways = each.iter().map(Vec::len).max().unwrap_or(0);
    for way in 0..ways {
        let items = each.iter().map(|all| all.get(way).or(all.first()).cloned());
        found.extend(items.collect::<Option<Vec<_>>>().map(Value::Array));
    }
    found
}

fn readings_of(text: &str) -> Vec<Value> {
    let mut found = vec![json!(text)];
    if let Ok(number) = text.parse::<i64>() {
        found.push(json!(number));
    } else if let Some(number) = text.parse::<f64>().ok().filter(|number| number.is_finite()) {
        found.push(json!(number));
    }
    let lower = text.to_lowercase();
    if ["true", "1", "yes", "on", "t", "y"].contains(&lower.as_str()) {
        found.push(json!(true));
    }
    if ["false", "0", "no", "off", "f", "n"].contains(&lower.as_str()) {
        found.push(json!(false));
    }
    if ["none", "null"].contains(&lower.as_str()) {
        found.push(Value::Null);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(schema: &Value, sent: &[(&str, &str)], valid: bool) -> Vec<String> {
        let sent: Vec<_> = sent.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let found = query(schema, &sent).into_iter().filter(|one| one.valid == valid);
        found.map(|one| one.id()).collect()
    }

    #[test]
    fn what_looks_the_same_on_the_wire_is_left_out() {
        let schema = json!({"type": "object", "properties": {
            "limit": {"type": "integer", "minimum": 0},
            "name": {"type": "string"},
            "all": {"type": "boolean"},
        }});
        let found = ids(&schema, &[], false);
        assert_eq!(
            found,
            [
                "query.all.type-integer",
                "query.all.type-string",
                "query.limit.type-boolean",
                "query.limit.type-number",
                "query.limit.type-string",
                "query.limit.minimum",
            ]
        );
    }

    #[test]
    fn what_is_missing_or_unknown_is_refused_where_the_schema_says_so() {
        let schema = json!({
            "required": ["resources"],
            "properties": {"resources": {"type": "string", "pattern": "^[A-Z]+:[1-9]$"}},
            "additionalProperties": false,
        });
        let found = ids(&schema, &[("resources", "VCPU:1")], false);
        assert_eq!(
            found,
            ["query.required-resources", "query.additionalproperties", "query.resources.pattern"]
        );
        assert_eq!(ids(&schema, &[], false), [""; 0], "the query itself is not valid");
    }

    #[test]
    fn all_parameters_are_sent_at_once() {
        let schema = json!({"properties": {
            "limit": {"type": "integer", "minimum": 1},
            "tags": {"type": "array", "items": {"type": "string"}},
        }});
        let found = query(&schema, &[]);
        let all = found.iter().find(|one| one.id() == "query.present-all");
        let value = json!({"limit": ["1"], "tags": ["squall"]});
        let change = Change::Set { pointer: String::new(), value };
        assert_eq!(all.map(|one| (&one.change, one.valid)), Some((&change, true)));
    }

    #[test]
    fn each_item_of_a_list_is_one_parameter() {
        let schema = json!({"properties": {
            "sort_dir": {"type": "array", "items": {"type": "string", "enum": ["asc", "desc"]}},
        }});
        assert_eq!(ids(&schema, &[], false), ["query.sort_dir.enum"]);
    }
}
