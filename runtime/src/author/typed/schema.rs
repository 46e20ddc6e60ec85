//! Schemas from types: of responses, of request bodies and of queries.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use squall_client::body::Content;
use squall_client::codec::DecodeError;
use squall_client::decode;
use squall_model::{BodySchema, Merged, Paging};

/// A type that a response can be decoded into.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a response",
    label = "not a response type",
    note = "derive `serde::Deserialize` and `schemars::JsonSchema` for it"
)]
pub trait Received: DeserializeOwned + JsonSchema {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema> Received for T {}

/// A type that can be sent as a request body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a body",
    label = "not a body type",
    note = "derive `serde::Serialize` and `schemars::JsonSchema` for it"
)]
pub trait Sent: Serialize + JsonSchema {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema> Sent for T {}

/// Decodes a response.
pub fn read<T: Received>(content: Content<'_>) -> Result<T, DecodeError> {
    decode::serde(content)
}

/// Returns the description of a response body, as it is deserialized.
pub fn received<T: Received>(envelope: Option<&str>) -> BodySchema {
    body::<T>(SchemaSettings::draft2020_12().for_deserialize(), envelope)
}

/// Returns the description of a request body, as it is serialized.
pub fn sent<T: Sent>(envelope: Option<&str>) -> BodySchema {
    body::<T>(SchemaSettings::draft2020_12().for_serialize(), envelope)
}

fn body<T: JsonSchema>(settings: SchemaSettings, envelope: Option<&str>) -> BodySchema {
    let mut generator = settings.into_generator();
    let inner = generator.subschema_for::<T>().to_value();
    // A type that accepts anything describes nothing.
    if matches!(&inner, Value::Bool(true)) || inner.as_object().is_some_and(Map::is_empty) {
        return BodySchema::Unknown;
    }
    let schema = match envelope {
        Some(key) => json!({"type": "object", "properties": {key: inner}, "required": [key]}),
        None => inner,
    };
    BodySchema::Described {
        media_type: "application/json".to_owned(),
        schema: Merged(with_definitions(schema, generator)),
    }
}

/// Adds the definitions at the root, where every reference points.
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
    /// Creates a query without parameters.
    #[expect(clippy::new_without_default, reason = "only macros create one")]
    pub fn new() -> Self {
        let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
        Self { generator, parameters: Map::new(), required: Vec::new() }
    }

    /// Adds an optional parameter.
    #[must_use]
    pub fn optional<T: JsonSchema + ?Sized>(mut self, name: &'static str) -> Self {
        let schema = self.generator.subschema_for::<T>().to_value();
        self.parameters.insert(name.to_owned(), schema);
        self
    }

    /// Adds a required parameter.
    #[must_use]
    pub fn required<T: JsonSchema + ?Sized>(mut self, name: &'static str) -> Self {
        self.required.push(name);
        self.optional::<T>(name)
    }

    /// Returns the schema of the query; `None` without parameters.
    ///
    /// A collection that is paged by marker has the parameter `marker`. One that is paged by
    /// links may have any: the service chooses those of the next page.
    pub(super) fn schema(mut self, paging: Option<&Paging>) -> Option<Merged> {
        if self.parameters.is_empty() {
            return None;
        }
        if let Some(Paging::Marker { .. }) = paging {
            let marker = || json!({"type": "string"});
            self.parameters.entry("marker").or_insert_with(marker);
        }
        let mut schema = json!({
            "type": "object",
            "properties": self.parameters,
            "additionalProperties": matches!(paging, Some(Paging::Link { .. })),
        });
        if !self.required.is_empty() {
            schema["required"] = json!(self.required);
        }
        Some(Merged(with_definitions(schema, self.generator)))
    }
}
