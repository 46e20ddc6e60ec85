//! From types to schemas: what is received, what is sent, and what is asked for.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use squall_client::body::Content;
use squall_client::codec::DecodeError;
use squall_client::decode;
use squall_model::{Body, Merged};

/// What a response can be read as.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a response",
    label = "no type of a response",
    note = "it needs `serde::Deserialize` and `schemars::JsonSchema`, which can be derived"
)]
pub trait Received: DeserializeOwned + JsonSchema {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema> Received for T {}

/// What can be sent as a body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a body",
    label = "no type of a body",
    note = "it needs `serde::Serialize` and `schemars::JsonSchema`, which can be derived"
)]
pub trait Sent: Serialize + JsonSchema {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema> Sent for T {}

/// Reads a response.
pub fn read<T: Received>(content: Content<'_>) -> Result<T, DecodeError> {
    decode::serde(content)
}

/// Describes a response, as it is read.
pub fn received<T: Received>(envelope: Option<&str>) -> Body {
    body::<T>(SchemaSettings::draft2020_12().for_deserialize(), envelope)
}

/// Describes a body, as it is written.
pub fn sent<T: Sent>(envelope: Option<&str>) -> Body {
    body::<T>(SchemaSettings::draft2020_12().for_serialize(), envelope)
}

fn body<T: JsonSchema>(settings: SchemaSettings, envelope: Option<&str>) -> Body {
    let mut generator = settings.into_generator();
    let inner = generator.subschema_for::<T>().to_value();
    // A type that takes anything describes nothing.
    if matches!(&inner, Value::Bool(true)) || inner.as_object().is_some_and(Map::is_empty) {
        return Body::Unknown;
    }
    let schema = match envelope {
        Some(key) => json!({"type": "object", "properties": {key: inner}, "required": [key]}),
        None => inner,
    };
    Body::Described {
        media_type: "application/json".to_owned(),
        schema: Merged(with_definitions(schema, generator)),
    }
}

/// References lead to the root, whatever stands around what refers.
fn with_definitions(mut schema: Value, mut generator: SchemaGenerator) -> Value {
    let definitions = generator.take_definitions(true);
    if let (Value::Object(root), false) = (&mut schema, definitions.is_empty()) {
        root.insert("$defs".to_owned(), Value::Object(definitions));
    }
    schema
}

/// The parameters of a query.
#[derive(Debug)]
pub struct Query {
    generator: SchemaGenerator,
    parameters: Map<String, Value>,
    required: Vec<&'static str>,
}

impl Query {
    /// Starts without any.
    #[expect(clippy::new_without_default, reason = "only macros start one")]
    pub fn new() -> Self {
        let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
        Self { generator, parameters: Map::new(), required: Vec::new() }
    }

    /// Adds one that may be left out.
    #[must_use]
    pub fn optional<T: JsonSchema + ?Sized>(mut self, name: &'static str) -> Self {
        let schema = self.generator.subschema_for::<T>().to_value();
        self.parameters.insert(name.to_owned(), schema);
        self
    }

    /// Adds one that is always there.
    #[must_use]
    pub fn required<T: JsonSchema + ?Sized>(mut self, name: &'static str) -> Self {
        self.required.push(name);
        self.optional::<T>(name)
    }

    /// Gives the schema of all of them; none where there are none.
    pub(super) fn schema(self) -> Option<Merged> {
        if self.parameters.is_empty() {
            return None;
        }
        let mut schema = json!({
            "type": "object",
            "properties": self.parameters,
            "additionalProperties": false,
        });
        if !self.required.is_empty() {
            schema["required"] = json!(self.required);
        }
        Some(Merged(with_definitions(schema, self.generator)))
    }
}
