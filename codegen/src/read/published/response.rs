//! A published response, with the schema that is read of it.

use serde_json::{Value, json};

use super::Pass;
use super::direction::Direction;
use crate::diagnostic::Diagnostics;

/// A response and the schema of the media type that is read.
pub(super) struct Response<'a> {
    pub(super) status: String,
    pub(super) content: Option<(&'a str, &'a Value, String)>,
}

impl<'a> Response<'a> {
    /// Writes the response with its own schema.
    pub(super) fn whole(&self, pass: &Pass<'a>, sink: &mut Diagnostics) -> Value {
        let schema = self.content.as_ref().map(|(media_type, schema, at)| {
            (*media_type, pass.schema(schema, Direction::Response, at, sink))
        });
        self.with(schema)
    }

    /// Writes the response with another schema, or without one: a published document does
    /// not distinguish an undescribed body from no body.
    pub(super) fn with(&self, schema: Option<(&str, Value)>) -> Value {
        let description = format!("Status {}.", self.status);
        match schema {
            Some((media_type, schema)) => json!({
                "description": description,
                "content": {media_type: {"schema": schema}},
            }),
            None => json!({"description": description}),
        }
    }
}
