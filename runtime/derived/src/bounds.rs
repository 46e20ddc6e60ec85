//! Values that just keep one keyword of a schema: at each bound, of each kind. Proposals, of
//! which the first that the schema accepts is taken.

use serde_json::{Map, Value, json};

use crate::broken::Proposal;
use crate::values::{Values, number, types};

/// The longest text that is made.
const LONGEST: usize = 1 << 17;

/// Returns a text with a character beyond the basic plane, which takes four bytes in UTF-8: every
/// text may have one, and not every database takes it.
pub(crate) fn wide(value: Option<&Value>) -> Option<Proposal> {
    let text = value?.as_str()?;
    let values = vec![json!(format!("{text}\u{1F991}"))];
    Some(Proposal { keyword: "type", which: "wide".to_owned(), values })
}

/// Returns values at the bounds of the keywords of a schema that are about the value itself.
pub(crate) fn proposals(
    keywords: &Map<String, Value>,
    value: Option<&Value>,
    values: &Values<'_>,
) -> Vec<Proposal> {
    let mut found = Vec::new();
    let mut add = |keyword, which: String, values: Vec<Value>| {
        found.push(Proposal { keyword, which, values });
    };
    let kinds = types(keywords);
    let has = |kind: &str| kinds.contains(&kind) && keywords.contains_key("type");
    let untyped = !keywords.contains_key("type");
    if let Some(Value::Array(all)) = keywords.get("enum") {
        for one in all {
            let which = one.as_str().map_or_else(|| one.to_string(), str::to_owned);
            add("enum", which, vec![one.clone()]);
        }
        return found;
    }
    if has("null") {
        add("type", "null".to_owned(), vec![Value::Null]);
    }
    if has("boolean") {
        for one in [true, false] {
            add("type", one.to_string(), vec![json!(one)]);
        }
    }
    if has("string") || untyped {
        let last = value.and_then(Value::as_str).and_then(|text| text.chars().last());
        for keyword in ["minLength", "maxLength"] {
            let length = number(keywords, keyword);
            if keywords.contains_key(keyword) && length <= LONGEST {
                let of = |c: char| json!(c.to_string().repeat(length));
                let begun = value.and_then(Value::as_str).map(|text| {
                    let kept: String = text.chars().take(length).collect();
                    let missing = length - kept.chars().count();
                    json!(format!("{kept}{}", last.unwrap_or('a').to_string().repeat(missing)))
                });
                let all = begun.into_iter().chain(['a', '1', 'A'].map(of));
                add(keyword, String::new(), all.collect());
            }
        }
    }
    for (keyword, step) in
        [("minimum", 0), ("maximum", 0), ("exclusiveMinimum", 1), ("exclusiveMaximum", -1)]
    {
        let bound = keywords.get(keyword);
        let at = match bound.and_then(Value::as_i64) {
            Some(whole) => whole.checked_add(step).map(|value| json!(value)),
            None => bound.filter(|_| step == 0).cloned(),
        };
        if let Some(at) = at.filter(|_| has("integer") || has("number") || untyped) {
            add(keyword, String::new(), vec![at]);
        }
    }
    if has("array") || untyped && keywords.contains_key("items") {
        let any = Value::Bool(true);
        let items = keywords.get("items").unwrap_or(&any);
        let least = number(keywords, "minItems");
        let mut several = |keyword, count| {
            let list = values.several(items, count, 0).filter(|_| count > 0);
            let list = list.or_else(|| (count == 0).then(Vec::new));
            add(keyword, String::new(), list.map(Value::Array).into_iter().collect());
        };
        several("minItems", least);
        if keywords.contains_key("maxItems") && number(keywords, "maxItems") <= 256 {
            several("maxItems", number(keywords, "maxItems"));
        }
    }
    found
}
