//! Recognises the schemas by which OpenStack takes a boolean or an integer in
//! other spellings too, as in `"True"`, `"yes"` or `"12"`.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// What a lenient schema means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lenient {
    /// A boolean, or a string that spells one.
    Boolean,
    /// An integer, or a string of digits.
    Integer,
}

impl Lenient {
    /// Gives the name of the type it means.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
        }
    }
}

/// Spellings of true and false in `oslo_utils.strutils` and nova's `parameter_types`.
const BOOLEANS: [&str; 12] =
    ["1", "0", "t", "f", "true", "false", "on", "off", "y", "n", "yes", "no"];

/// Tells what a JSON Schema means that lists a type, string and maybe null.
///
/// - A boolean takes an `enum`, all of whose strings spell one.
/// - An integer takes strings by a `pattern` of digits, or any string.
pub fn lenient(schema: &Map<String, Value>) -> Option<Lenient> {
    let types: BTreeSet<&str> =
        schema.get("type")?.as_array()?.iter().filter_map(Value::as_str).collect();
    let of = |name: &str| {
        types.contains(name)
            && types.contains("string")
            && types.iter().all(|t| [name, "string", "null"].contains(t))
    };
    if of("boolean") {
        let spellings = schema.get("enum")?.as_array()?;
        return spellings.iter().all(spells_boolean).then_some(Lenient::Boolean);
    }
    let digits = schema.get("pattern").is_none_or(|p| p.as_str().is_some_and(is_digits));
    (of("integer") && !schema.contains_key("enum") && digits).then_some(Lenient::Integer)
}

fn spells_boolean(value: &Value) -> bool {
    match value {
        Value::Bool(_) | Value::Null => true,
        Value::String(text) => BOOLEANS.contains(&text.to_ascii_lowercase().as_str()),
        _ => false,
    }
}

fn is_digits(pattern: &str) -> bool {
    pattern.contains("0-9") && pattern.chars().all(|c| "^$[]09-+*?".contains(c))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(schema: &Value) -> Option<Lenient> {
        lenient(schema.as_object().unwrap())
    }

    #[test]
    fn a_boolean_has_spellings_and_an_integer_digits() {
        let flag =
            json!({"type": ["boolean", "string"], "enum": [true, "True", "yes", false, "0"]});
        let count = json!({"type": ["integer", "string"], "pattern": "^-?[0-9]+$", "minimum": -1});
        assert_eq!([of(&flag), of(&count)], [Some(Lenient::Boolean), Some(Lenient::Integer)]);
    }

    #[test]
    fn another_word_among_the_spellings_makes_it_a_plain_enum() {
        assert_eq!(of(&json!({"type": ["boolean", "string"], "enum": [true, "auto"]})), None);
        assert_eq!(of(&json!({"type": ["integer", "string"], "pattern": "^[a-z]$"})), None);
    }
}
