//! Scalars that are text whatever they look like: `2026.10` is not a number.

use std::borrow::Cow;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

/// Text, kept as written even where it looks like a number or a boolean.
///
/// The parser passes the characters of an unquoted scalar to a field that asks for
/// text, so that no value is parsed as a number and printed again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Text(String);

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// The schema of an option's value.
pub(super) struct Scalar;

impl JsonSchema for Scalar {
    fn schema_name() -> Cow<'static, str> {
        "Scalar".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The value of an option; numbers and booleans are kept as written.",
            "type": ["string", "number", "boolean"],
        })
    }
}

/// The schema of a release, written with quotes or without.
pub(super) struct Release;

impl JsonSchema for Release {
    fn schema_name() -> Cow<'static, str> {
        "Release".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A release by its name, as in `2026.2`.",
            "type": ["string", "number"],
        })
    }
}
