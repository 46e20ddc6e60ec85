//! A cache of compiled schemas, by operation, direction, status and interval.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use squall_model::{BodySchema, Finding, Merged, Microversion, Operation, OperationSchemas};

use super::{Schema, ValidationOutcome};
use crate::body::Body;
use crate::error::{Error, ErrorKind};
use crate::operation::OperationRef;

/// The schemas of operations, compiled when they are first needed.
///
/// A schema is compiled once for all microversions between two of the operation's
/// boundaries. Sessions share the cache.
#[derive(Debug, Default)]
pub struct Validators {
    operations: Mutex<HashMap<usize, Arc<Entry>>>,
}

/// The schemas of one operation.
#[derive(Debug)]
struct Entry {
    /// Kept so that no other operation can be allocated at the same address.
    _operation: OperationRef,
    schemas: Arc<OperationSchemas>,
    compiled: Mutex<HashMap<Key, Option<Arc<Schema>>>>,
}

/// A schema of an operation, and the boundary that its interval begins at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Request(Option<Microversion>),
    Query(Option<Microversion>),
    Response(u16, Option<Microversion>),
}

impl Validators {
    /// Returns the schemas of an operation.
    pub fn schemas(&self, operation: &OperationRef) -> Result<Arc<OperationSchemas>, Error> {
        Ok(Arc::clone(&self.entry(operation)?.schemas))
    }

    /// Validates the body of a response.
    ///
    /// - A status or a body that the spec does not describe is [`ValidationOutcome::UNKNOWN`].
    /// - A body where the spec declares none is a violation.
    /// - A body of another media type than JSON is not examined.
    ///
    /// # Errors
    /// A schema cannot be read or compiled.
    pub fn response(
        &self,
        operation: &OperationRef,
        status: u16,
        version: Option<Microversion>,
        body: &Body,
    ) -> Result<ValidationOutcome, Error> {
        let entry = self.entry(operation)?;
        let Some(response) = entry.schemas.response(status, version) else {
            return Ok(ValidationOutcome::UNKNOWN);
        };
        let fail = |message: &str| {
            let finding = Finding::error("response-does-not-match", place(operation), message);
            Ok(ValidationOutcome::found(vec![finding]))
        };
        match &response.body {
            BodySchema::Unknown => Ok(ValidationOutcome::UNKNOWN),
            // A response to HEAD has no body, whatever the spec says of GET.
            _ if operation.method == squall_model::Method::Head => {
                Ok(ValidationOutcome::found(Vec::new()))
            }
            BodySchema::None if body.is_empty() => Ok(ValidationOutcome::found(Vec::new())),
            BodySchema::None => fail("expected no body, found one"),
            BodySchema::Described { media_type, .. } if !crate::body::is_json(media_type) => {
                Ok(ValidationOutcome::found(Vec::new()))
            }
            BodySchema::Described { schema, .. } => {
                // Nova's schemas describe an empty body as `null`: nova 34.0.0,
                // `nova.api.openstack.compute.schemas.servers.create_image_response`.
                let value = match body.json() {
                    Some(value) => value,
                    None if body.is_empty() => &Value::Null,
                    None => {
                        let found = body.problem().unwrap_or_default();
                        return fail(&format!("expected JSON, found {found}"));
                    }
                };
                let start = start(version, &operation.response_boundaries);
                let schema =
                    entry.compiled(operation, Key::Response(status, start), schema, version)?;
                let Some(schema) = schema else { return Ok(ValidationOutcome::UNKNOWN) };
                let found = findings(&schema, value, operation, "response");
                if body.is_empty() && !found.is_empty() {
                    return fail("expected JSON, found no body");
                }
                Ok(ValidationOutcome::found(found))
            }
        }
    }

    /// Validates the body of a request.
    ///
    /// # Errors
    /// A schema cannot be read or compiled.
    pub fn request(
        &self,
        operation: &OperationRef,
        version: Option<Microversion>,
        body: Option<&Value>,
    ) -> Result<ValidationOutcome, Error> {
        let entry = self.entry(operation)?;
        let fail = |message: &str| {
            let finding = Finding::error("request-does-not-match", place(operation), message);
            Ok(ValidationOutcome::found(vec![finding]))
        };
        match (&entry.schemas.request, body) {
            (BodySchema::Unknown, _) => Ok(ValidationOutcome::UNKNOWN),
            (BodySchema::None, None) => Ok(ValidationOutcome::found(Vec::new())),
            (BodySchema::None, Some(_)) => fail("expected no body, found one"),
            (BodySchema::Described { media_type, .. }, _) if !crate::body::is_json(media_type) => {
                Ok(ValidationOutcome::found(Vec::new()))
            }
            (BodySchema::Described { schema, .. }, body) => {
                let start = start(version, &operation.request_boundaries);
                let schema = entry.compiled(operation, Key::Request(start), schema, version)?;
                match (schema, body) {
                    (None, _) => Ok(ValidationOutcome::UNKNOWN),
                    (Some(_), None) => fail("expected a body, found none"),
                    (Some(schema), Some(value)) => {
                        Ok(ValidationOutcome::found(findings(&schema, value, operation, "request")))
                    }
                }
            }
        }
    }

    /// Validates the query, as an object of its parameters.
    ///
    /// # Errors
    /// A schema cannot be read or compiled.
    pub fn query(
        &self,
        operation: &OperationRef,
        version: Option<Microversion>,
        query: &Value,
    ) -> Result<ValidationOutcome, Error> {
        let entry = self.entry(operation)?;
        let Some(schema) = &entry.schemas.query else { return Ok(ValidationOutcome::UNKNOWN) };
        let start = start(version, &operation.request_boundaries);
        let schema = entry.compiled(operation, Key::Query(start), schema, version)?;
        Ok(schema.map_or(ValidationOutcome::UNKNOWN, |schema| {
            ValidationOutcome::found(findings(&schema, query, operation, "query"))
        }))
    }

    fn entry(&self, operation: &OperationRef) -> Result<Arc<Entry>, Error> {
        let key = std::ptr::from_ref::<Operation>(operation).addr();
        let mut operations = self.operations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = operations.get(&key) {
            return Ok(Arc::clone(entry));
        }
        let schemas = operation
            .schemas
            .read()
            .map_err(|error| Error::new(ErrorKind::Schema(error.to_string())))?;
        let entry =
            Arc::new(Entry { _operation: operation.clone(), schemas, compiled: Mutex::default() });
        operations.insert(key, Arc::clone(&entry));
        Ok(entry)
    }
}

impl Entry {
    /// Compiles outside the lock: two threads may compile the same schema, but none waits.
    fn compiled(
        &self,
        operation: &Operation,
        key: Key,
        merged: &Merged,
        version: Option<Microversion>,
    ) -> Result<Option<Arc<Schema>>, Error> {
        let lock = || self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(schema) = lock().get(&key) {
            return Ok(schema.clone());
        }
        let schema = match merged.at(version) {
            Some(schema) => Some(Schema::compile(&schema).map(Arc::new).map_err(|error| {
                Error::new(ErrorKind::Schema(format!("{}: {error}", place(operation))))
            })?),
            None => None,
        };
        lock().insert(key, schema.clone());
        Ok(schema)
    }
}

/// Returns the start of the interval that contains a version.
fn start(version: Option<Microversion>, boundaries: &[Microversion]) -> Option<Microversion> {
    boundaries.iter().copied().filter(|boundary| Some(*boundary) <= version).max()
}

fn place(operation: &Operation) -> String {
    operation.id.to_string()
}

fn findings(schema: &Schema, value: &Value, operation: &Operation, what: &str) -> Vec<Finding> {
    schema
        .violations(value)
        .into_iter()
        .map(|violation| {
            let code = format!("{what}-does-not-match");
            Finding::error(&code, place(operation), violation.message)
                .with_pointer(violation.pointer)
                .with_evidence(format!("schema keyword {}", violation.schema_pointer))
        })
        .collect()
}
