//! One compiled schema.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use jsonschema::{
    Draft, PatternCache, PatternOptions, ValidationError, ValidationOptions, Validator,
    error::ValidationErrorKind,
};
use serde_json::Value;

use super::formats;

/// A JSON Schema of 2020-12, compiled.
///
/// Formats are asserted, including OpenStack's own; unknown formats are ignored.
/// Patterns may use look-around, as Python's may.
///
/// ```
/// use serde_json::json;
/// use squall_client::validate::Schema;
///
/// let schema = Schema::compile(&json!({
///     "type": "object",
///     "properties": {"id": {"format": "uuid"}, "ram": {"minimum": 0}},
///     "required": ["name"],
/// }))?;
/// let found: Vec<String> = schema
///     .violations(&json!({"id": "nova", "ram": -1}))
///     .iter()
///     .map(|violation| format!("{}: {}", violation.pointer, violation.keyword))
///     .collect();
/// assert_eq!(found, [": required", "/id: format", "/ram: minimum"]);
/// # Ok::<(), squall_client::validate::SchemaError>(())
/// ```
pub struct Schema(Validator);

/// One violation of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The JSON pointer to the value, empty for the whole document.
    pub pointer: String,
    /// The violated keyword of the schema.
    pub keyword: String,
    /// The JSON pointer to that keyword in the schema.
    pub schema_pointer: String,
    /// The properties that it is about: those that are missing, or that are not described.
    pub names: Vec<String>,
    /// What is wrong, in one line, without secrets.
    pub message: String,
}

/// A third of the longest message.
const SHOWN: usize = 120;

/// What all schemas are compiled with. The same few patterns stand in many schemas, and
/// compiling one costs more than the rest of a small schema.
static OPTIONS: LazyLock<ValidationOptions<'static>> = LazyLock::new(|| {
    let options = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .with_pattern_options(PatternOptions::fancy_regex())
        .with_pattern_cache(PatternCache::new())
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true);
    formats::with_openstacks(options)
});

impl Schema {
    /// Compiles a schema.
    ///
    /// # Errors
    /// The schema is invalid: a keyword has a value of the wrong type, a pattern
    /// cannot be parsed, or a reference has no target.
    pub fn compile(schema: &Value) -> Result<Self, SchemaError> {
        OPTIONS.build(schema).map(Self).map_err(|error| SchemaError {
            pointer: error.instance_path().to_string(),
            message: error.to_string(),
        })
    }

    /// Whether a value matches the schema.
    pub fn is_valid(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }

    /// Returns all violations of the schema.
    pub fn violations(&self, value: &Value) -> Vec<Violation> {
        // Most values match, and to see that costs a third of looking for errors.
        if self.0.is_valid(value) {
            return Vec::new();
        }
        let mut found: Vec<_> = self.0.iter_errors(value).map(|e| violation(&e)).collect();
        // By location, not in the order in which the compiler arranged the keywords.
        found.sort_by(|a, b| (&a.pointer, &a.schema_pointer).cmp(&(&b.pointer, &b.schema_pointer)));
        found
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Schema")
    }
}

fn violation(error: &ValidationError<'_>) -> Violation {
    let pointer = error.instance_path().to_string();
    let secret = pointer.rsplit('/').next().is_some_and(crate::redact::is_secret);
    // A container can be found by its pointer, and may contain secrets.
    let masked = secret || error.instance().is_object() || error.instance().is_array();
    let mut message = if masked {
        let kind = crate::codec::kind(error.instance());
        error.masked_with(if secret { "the secret" } else { kind }).to_string()
    } else {
        error.to_string()
    };
    if let Cow::Owned(redacted) = crate::redact::text(&message) {
        message = redacted;
    }
    if let Some((end, _)) = message.char_indices().nth(SHOWN * 3) {
        message.truncate(end);
        message.push('…');
    }
    Violation {
        pointer,
        keyword: error.kind().keyword().to_owned(),
        schema_pointer: error.schema_path().to_string(),
        names: names(error.kind()),
        message,
    }
}

/// Returns the properties that an error is about.
fn names(kind: &ValidationErrorKind) -> Vec<String> {
    match kind {
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => unexpected.clone(),
        ValidationErrorKind::Required { property } => {
            property.as_str().map(str::to_owned).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Why a schema cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaError {
    /// The JSON pointer to the mistake in the schema.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the schema is not valid: {}: {}", self.pointer, self.message)
    }
}

impl std::error::Error for SchemaError {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_secret_is_not_told_by_a_violation() {
        let schema = Schema::compile(&json!({"properties": {
            "adminPass": {"maxLength": 3}, "server": {"required": ["id"]},
        }}))
        .unwrap();
        let found = schema.violations(&json!({
            "adminPass": "hunter2", "server": {"adminPass": "hunter2"},
        }));
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|v| !v.message.contains("hunter2")), "{found:?}");
        // No name says that these are secret: a container, and a text inside of another.
        let schema = Schema::compile(&json!({"properties": {
            "keys": {"type": "string"}, "id": {"format": "uuid"},
        }}))
        .unwrap();
        let found = schema.violations(&json!({
            "keys": {"plain": "hunter2"}, "id": "password=hunter2",
        }));
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|v| !v.message.contains("hunter2")), "{found:?}");
    }

    #[test]
    fn formats_tell_addresses_apart() {
        let schema =
            Schema::compile(&json!({"oneOf": [{"format": "ipv4"}, {"format": "ipv6"}]})).unwrap();
        assert!(schema.is_valid(&json!("10.0.0.1")));
        assert!(schema.is_valid(&json!("fe80::1")));
        assert!(!schema.is_valid(&json!("ten")));
    }

    #[test]
    fn patterns_may_look_around() {
        let schema = Schema::compile(&json!({"pattern": "^(?! )[ a-z]+(?<! )$"})).unwrap();
        assert!(schema.is_valid(&json!("a b")));
        assert!(!schema.is_valid(&json!(" a")));
    }

    #[test]
    fn what_is_no_schema_is_refused() {
        let error = Schema::compile(&json!({"type": "strange"})).unwrap_err();
        assert!(error.message.contains("strange"), "{error}");
    }
}
