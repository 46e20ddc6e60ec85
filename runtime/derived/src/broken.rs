//! Values that break one keyword of a schema: proposals, of which the first that breaks it and
//! nothing else is taken.

use serde_json::{Map, Value, json};

use crate::values::{Values, number, types};

/// The longest text or list that is made.
const LONGEST: usize = 1 << 20;

/// Texts that patterns and formats leave out, in the order in which they are tried.
const ODD: [&str; 14] = [
    "squall!",
    "squall squall",
    "!",
    " ",
    "squall",
    "-",
    "$",
    "ä",
    "a",
    "SQUALL",
    "0",
    "10.0.0.256",
    "",
    "squall\u{0}",
];

/// A keyword with the values that may break it.
pub(crate) struct Proposal {
    pub(crate) keyword: &'static str,
    pub(crate) which: String,
    pub(crate) values: Vec<Value>,
}

/// Returns a value of each JSON type, with the type's name.
pub(crate) fn of_each_type() -> [(&'static str, Value); 7] {
    [
        ("null", Value::Null),
        ("boolean", json!(true)),
        ("integer", json!(7)),
        ("number", json!(1.5)),
        ("string", json!("squall")),
        ("array", json!([null])),
        ("object", json!({})),
    ]
}

/// Returns the types that are sent in place of the right one, by the depth of the value.
///
/// In place of the body and of its envelope every other type is sent: services read these by
/// hand. Further inside it is `null` and one that a careless conversion fails on, and at last
/// that one alone: what reads a schema refuses all in the same way, and each of all other types
/// would be three quarters of all requests.
pub(crate) fn types_at(depth: usize, keywords: &Map<String, Value>) -> Vec<&'static str> {
    const ALL: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];
    let right = types(keywords);
    let is_container = right.contains(&"object") || right.contains(&"array");
    let first = |of: &[&'static str]| of.iter().copied().find(|kind| !right.contains(kind));
    let other = match right.first() {
        Some(&"string" | &"array") => first(&["object", "array", "integer"]),
        _ => first(&["string", "array", "object"]),
    };
    match depth {
        0 => ALL.to_vec(),
        1 if is_container => ALL.to_vec(),
        1..=3 => [first(&["null"]), other].into_iter().flatten().collect(),
        _ => other.into_iter().collect(),
    }
}

/// Returns what may break the keywords of a schema that are about the value itself.
pub(crate) fn proposals(
    keywords: &Map<String, Value>,
    value: Option<&Value>,
    values: &Values<'_>,
) -> Vec<Proposal> {
    let mut found = Vec::new();
    let mut add = |keyword, which: &str, values: Vec<Value>| {
        found.push(Proposal { keyword, which: which.to_owned(), values });
    };
    let kinds = types(keywords);
    let has = |kind: &str| kinds.contains(&kind);
    if keywords.contains_key("type") {
        for (kind, value) in of_each_type() {
            let is_wrong = match kind {
                // A fraction is of another type than a whole number, and of no other.
                "number" => has("integer") && !has("number"),
                "integer" => !has("integer") && !has("number"),
                kind => !has(kind),
            };
            if is_wrong {
                add("type", kind, vec![value]);
            }
        }
    }
    let untyped = !keywords.contains_key("type");
    if keywords.contains_key("enum") {
        add("enum", "", vec![json!("squall"), json!(7919), json!("squall-other")]);
    }
    if keywords.contains_key("const") {
        add("const", "", vec![json!("squall"), json!(7919), json!(true), json!(false)]);
    }
    if has("string") || untyped {
        text(keywords, value, &mut add);
    }
    if has("integer") || has("number") || untyped {
        amount(keywords, &mut add);
    }
    if has("array") || untyped {
        list(keywords, value, values, &mut add);
    }
    if has("object") || untyped {
        object(keywords, value, &mut add);
    }
    found
}

fn text(
    keywords: &Map<String, Value>,
    value: Option<&Value>,
    add: &mut impl FnMut(&'static str, &str, Vec<Value>),
) {
    let last = value.and_then(Value::as_str).and_then(|text| text.chars().last());
    if keywords.contains_key("maxLength") {
        let length = number(keywords, "maxLength") + 1;
        if length <= LONGEST {
            let repeated = |c: char| json!(c.to_string().repeat(length));
            let begun = value.and_then(Value::as_str).map(|text| {
                let missing = length.saturating_sub(text.chars().count());
                json!(format!("{text}{}", last.unwrap_or('a').to_string().repeat(missing)))
            });
            let all =
                begun.into_iter().chain(last.into_iter().chain(['a', '1', 'A']).map(repeated));
            add("maxLength", "", all.collect());
        }
    }
    let least = number(keywords, "minLength");
    if least > 0 {
        let short = |c: char| json!(c.to_string().repeat(least - 1));
        add("minLength", "", last.into_iter().chain(['a', '1']).map(short).collect());
    }
    let odd = || {
        let padded = "!".repeat(least.max(1));
        let most = number(keywords, "maxLength");
        let exact = (most > 0 && most < 100).then(|| "!".repeat(most));
        let all = ODD.iter().map(|text| json!(text)).chain([json!(padded)]);
        all.chain(exact.map(Value::from)).collect()
    };
    if keywords.contains_key("pattern") {
        add("pattern", "", odd());
    }
    if keywords.contains_key("format") {
        add("format", "", odd());
    }
}

fn amount(keywords: &Map<String, Value>, add: &mut impl FnMut(&'static str, &str, Vec<Value>)) {
    let beyond = |key: &str, step: i64| {
        let bound = keywords.get(key)?;
        match bound.as_i64() {
            Some(whole) => whole.checked_add(step).map(|value| json!(value)),
            None => bound.as_f64().map(|bound| {
                #[expect(clippy::cast_precision_loss, reason = "a step is 1")]
                let step = step as f64;
                json!(bound + step.max(bound.abs() * f64::EPSILON * 2.0 * step))
            }),
        }
    };
    for (keyword, step) in
        [("minimum", -1), ("maximum", 1), ("exclusiveMinimum", 0), ("exclusiveMaximum", 0)]
    {
        if let Some(value) = beyond(keyword, step) {
            add(keyword, "", vec![value]);
        }
    }
    if let Some(step) = keywords.get("multipleOf").and_then(Value::as_i64).filter(|step| *step > 1)
    {
        add("multipleOf", "", vec![json!(step + 1), json!(2 * step + 1)]);
    }
}

fn list(
    keywords: &Map<String, Value>,
    value: Option<&Value>,
    values: &Values<'_>,
    add: &mut impl FnMut(&'static str, &str, Vec<Value>),
) {
    let any = Value::Bool(true);
    let items = keywords.get("items").unwrap_or(&any);
    let own = value.and_then(Value::as_array);
    let least = number(keywords, "minItems");
    if least > 0 {
        let shorter = own.map(|own| own.iter().take(least - 1).cloned().collect());
        let shorter = shorter.or_else(|| values.several(items, least - 1, 0));
        add("minItems", "", shorter.map(Value::Array).into_iter().collect());
    }
    if keywords.contains_key("maxItems") {
        let count = number(keywords, "maxItems") + 1;
        let longer = (count <= 4096).then(|| values.several(items, count, 0)).flatten();
        add("maxItems", "", longer.map(Value::Array).into_iter().collect());
    }
    if keywords.get("uniqueItems") == Some(&Value::Bool(true)) {
        let one = own.and_then(|own| own.first()).cloned().or_else(|| values.least(items));
        add("uniqueItems", "", one.map(|one| json!([one, one])).into_iter().collect());
    }
}

fn object(
    keywords: &Map<String, Value>,
    value: Option<&Value>,
    add: &mut impl FnMut(&'static str, &str, Vec<Value>),
) {
    let own = value.and_then(Value::as_object);
    let least = number(keywords, "minProperties");
    if least > 0 {
        let fewer: Map<String, Value> = own
            .into_iter()
            .flatten()
            .take(least - 1)
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        add("minProperties", "", vec![Value::Object(fewer)]);
    }
    if keywords.contains_key("maxProperties") {
        let count = number(keywords, "maxProperties") + 1;
        let sample = own.and_then(|own| own.values().next()).cloned();
        let mut more = own.cloned().unwrap_or_default();
        for at in 0..count.min(4096) {
            if more.len() < count {
                more.insert(
                    format!("squall{at}"),
                    sample.clone().unwrap_or_else(|| json!("squall")),
                );
            }
        }
        add("maxProperties", "", vec![Value::Object(more)]);
    }
}
