//! The JSON Schema of a topology, for editors and for ourselves: a document is
//! held against it before it is read.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Document;

/// Gives the schema of a topology, JSON Schema 2020-12.
pub fn schema() -> Value {
    SchemaGenerator::new(SchemaSettings::draft2020_12()).into_root_schema_for::<Document>().into()
}
