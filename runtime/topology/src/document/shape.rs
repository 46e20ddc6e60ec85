//! Validates a document's shape against its schema, and reports every mistake.

use std::sync::LazyLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;
use squall_model::pointer::{join, keys};
use squall_model::program;
use squall_model::suggest::did_you_mean;
use squall_yaml::Position;

use super::mistake::Mistake;
use super::schema::schema;
use super::source::Source;

static SCHEMA: LazyLock<Value> = LazyLock::new(schema);

/// `None` where the schema itself is broken, which a test would show. Documents are
/// then read without it, and only their first mistake is reported.
static VALIDATOR: LazyLock<Option<Validator>> =
    LazyLock::new(|| jsonschema::validator_for(&SCHEMA).ok());

/// Returns the mistakes of a document's shape.
pub(super) fn mistakes(source: &Source) -> Vec<Mistake> {
    let repeated = source.root().repeated().into_iter().map(|(key, position)| {
        let help = "merge the two entries into one";
        Mistake::new(source, position, format!("duplicate key `{key}`"), help)
    });
    let mut mistakes: Vec<Mistake> = repeated.collect();
    let value = source.root().value();
    for error in VALIDATOR.iter().flat_map(|validator| validator.iter_errors(&value)) {
        tell(source, &error, &mut mistakes);
    }
    mistakes
}

fn tell(source: &Source, error: &ValidationError<'_>, mistakes: &mut Vec<Mistake>) {
    let pointer = error.instance_path().as_str();
    let position = source.at(pointer);
    let subject = subject(pointer);
    let mut push = |position: Position, what: String, help: String| {
        mistakes.push(Mistake::new(source, position, what, help));
    };
    match error.kind() {
        ValidationErrorKind::AnyOf { context } => {
            if let Some(branch) = meant(context, pointer) {
                for error in branch {
                    tell(source, error, mistakes);
                }
            } else {
                let what = format!("{subject} is {}", kind(error.instance()));
                push(position, what, format!("see `{} topology schema`", program::name()));
            }
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let known = properties(error);
            for field in unexpected {
                let position = source.key(&join(pointer, field));
                push(
                    position,
                    format!("unknown field `{field}` in {subject}"),
                    choice(field, &known),
                );
            }
        }
        ValidationErrorKind::Required { property } => {
            let property = property.as_str().unwrap_or_default();
            push(position, format!("{subject} has no `{property}`"), format!("add `{property}:`"));
        }
        ValidationErrorKind::OneOfNotValid { context } => {
            // One of several words, each with its own description.
            let word = word(error.instance());
            push(
                position,
                format!("{subject} cannot be `{word}`"),
                choice(&word, &constants(context)),
            );
        }
        ValidationErrorKind::Type { kind: expected } => {
            let what = format!("{subject} is {}", kind(error.instance()));
            push(position, what, format!("it has to be {}", expectation(expected)));
        }
        ValidationErrorKind::Minimum { limit } => {
            let what = format!("{subject} is {}", word(error.instance()));
            push(position, what, format!("it has to be at least {}", word(limit)));
        }
        ValidationErrorKind::Maximum { limit } => {
            let what = format!("{subject} is {}", word(error.instance()));
            push(position, what, format!("it may be at most {}", word(limit)));
        }
        ValidationErrorKind::MinItems { .. } => {
            push(position, format!("{subject} is empty"), "name one, or leave it out".to_owned());
        }
        _ => push(position, format!("{subject}: {error}"), String::new()),
    }
}

/// Of several shapes, the one for the value's type.
fn meant<'a>(
    context: &'a [Vec<ValidationError<'static>>],
    pointer: &str,
) -> Option<&'a Vec<ValidationError<'static>>> {
    let other_kind = |error: &ValidationError<'_>| {
        matches!(error.kind(), ValidationErrorKind::Type { .. })
            && error.instance_path().as_str() == pointer
    };
    let mut branches = context.iter().filter(|branch| !branch.iter().any(other_kind));
    // Where no shape has its type, the first says what was expected.
    branches.next().or_else(|| context.first())
}

/// The allowed constants.
fn constants(context: &[Vec<ValidationError<'static>>]) -> Vec<String> {
    let constant = |error: &ValidationError<'_>| match error.kind() {
        ValidationErrorKind::Constant { expected_value } => Some(word(expected_value)),
        _ => None,
    };
    context.iter().flatten().filter_map(constant).collect()
}

/// The fields that are allowed here.
fn properties(error: &ValidationError<'_>) -> Vec<String> {
    let path = error.schema_path().as_str();
    let object = path.rsplit_once('/').and_then(|(object, _)| SCHEMA.pointer(object));
    let properties = object.and_then(|object| object.get("properties")?.as_object());
    properties.map(|all| all.keys().cloned().collect()).unwrap_or_default()
}

fn choice(word: &str, known: &[String]) -> String {
    did_you_mean(word, known.iter().map(String::as_str)).unwrap_or_else(|| match known {
        [] => "leave it out".to_owned(),
        known => format!("known: {}", known.join(", ")),
    })
}

/// The name of what a pointer leads to, in terms of the document.
fn subject(pointer: &str) -> String {
    if pointer.is_empty() {
        return "the document".to_owned();
    }
    format!("`{}`", keys(pointer).collect::<Vec<_>>().join("."))
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

fn expectation(kind: &TypeKind) -> String {
    let named = |kind: &str| match kind {
        "array" => "a list".to_owned(),
        "boolean" => "true or false".to_owned(),
        "integer" => "a whole number".to_owned(),
        "null" => "null".to_owned(),
        "number" => "a number".to_owned(),
        "object" => "a mapping".to_owned(),
        _ => "a text".to_owned(),
    };
    match kind {
        TypeKind::Single(single) => named(&single.to_string()),
        TypeKind::Multiple(several) => {
            let names = several.iter().map(|kind| kind.to_string());
            let names: Vec<String> =
                names.filter(|name| name != "null").map(|name| named(&name)).collect();
            names.join(" or ")
        }
    }
}
