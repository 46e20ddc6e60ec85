//! The JSON Schema of a topology, for editors and for reading: a document is validated
//! against it before it is read.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Document;

/// Returns the JSON Schema (2020-12) of a topology.
pub fn schema() -> Value {
    SchemaGenerator::new(SchemaSettings::draft2020_12()).into_root_schema_for::<Document>().into()
}
