//! Recognises the schemas with which OpenStack also accepts a boolean or an integer as a
//! string, as in `"True"`, `"yes"` or `"12"`.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// What a lenient schema stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lenient {
    /// A boolean, or a string that stands for one.
    Boolean,
    /// An integer, or a string of digits.
    Integer,
}

impl Lenient {
    /// Returns the name of the type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
        }
    }
}

/// Strings for true and false in `oslo_utils.strutils` and nova's `parameter_types`.
const BOOLEANS: [&str; 12] =
    ["1", "0", "t", "f", "true", "false", "on", "off", "y", "n", "yes", "no"];

/// Returns the type that a schema stands for if it lists a type, string and possibly null.
///
/// - A boolean has an `enum` of which every string stands for true or false.
/// - An integer allows strings by a `pattern` of digits, or any string.
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
    fn a_boolean_has_an_enum_and_an_integer_a_pattern_of_digits() {
        let flag =
            json!({"type": ["boolean", "string"], "enum": [true, "True", "yes", false, "0"]});
        let count = json!({"type": ["integer", "string"], "pattern": "^-?[0-9]+$", "minimum": -1});
        assert_eq!([of(&flag), of(&count)], [Some(Lenient::Boolean), Some(Lenient::Integer)]);
    }

    #[test]
    fn an_enum_with_any_other_string_is_not_lenient() {
        assert_eq!(of(&json!({"type": ["boolean", "string"], "enum": [true, "auto"]})), None);
        assert_eq!(of(&json!({"type": ["integer", "string"], "pattern": "^[a-z]$"})), None);
    }
}
