//! Compiled schemas, kept by operation, direction, status and interval.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use squall_model::{
    Body as BodySchema, Finding, Merged, Microversion, Operation, OperationSchemas,
};

use super::{Outcome, Schema};
use crate::body::Body;
use crate::call::OperationRef;
use crate::error::{Error, ErrorKind};

/// The schemas of operations, compiled when they are first needed.
///
/// A schema is compiled once for all versions between two of the operation's
/// boundaries. Sessions share it; it is filled from any thread.
#[derive(Debug, Default)]
pub struct Validators {
    operations: Mutex<HashMap<usize, Arc<Entry>>>,
}

/// The schemas of one operation.
#[derive(Debug)]
struct Entry {
    /// Kept so that no other operation can come to lie at the same address.
    _operation: OperationRef,
    schemas: Arc<OperationSchemas>,
    compiled: Mutex<HashMap<Key, Option<Arc<Schema>>>>,
}

/// Which schema of an operation, and from which boundary on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Request(Option<Microversion>),
    Query(Option<Microversion>),
    Response(u16, Option<Microversion>),
}

impl Validators {
    /// Gives the schemas of an operation, read once.
    pub fn schemas(&self, operation: &OperationRef) -> Result<Arc<OperationSchemas>, Error> {
        Ok(Arc::clone(&self.entry(operation)?.schemas))
    }

    /// Holds the body of a response against its schema.
    ///
    /// - A status that the spec describes nothing for is [`Outcome::UNKNOWN`],
    ///   and so is a body that nobody described.
    /// - A body where the spec says that there is none is a violation.
    /// - A body of another media type than JSON is not looked into.
    ///
    /// # Errors
    /// A schema that cannot be read or compiled.
    pub fn response(
        &self,
        operation: &OperationRef,
        status: u16,
        version: Option<Microversion>,
        body: &Body,
    ) -> Result<Outcome, Error> {
        let entry = self.entry(operation)?;
        let Some(response) = entry.schemas.response(status, version) else {
            return Ok(Outcome::UNKNOWN);
        };
        let fail = |message: &str| {
            let finding = Finding::error("response-does-not-match", place(operation), message);
            Ok(Outcome::found(vec![finding]))
        };
        match &response.body {
            BodySchema::Unknown => Ok(Outcome::UNKNOWN),
            // What answers HEAD has no body, whatever the spec says of GET.
            _ if operation.method == squall_model::Method::Head => Ok(Outcome::found(Vec::new())),
            BodySchema::None if body.is_empty() => Ok(Outcome::found(Vec::new())),
            BodySchema::None => fail("expected no body, found one"),
            BodySchema::Described { media_type, .. } if !crate::body::is_json(media_type) => {
                Ok(Outcome::found(Vec::new()))
            }
            BodySchema::Described { schema, .. } => {
                // Nova's schemas say `null` where a body is empty: nova 34.0.0,
                // `nova.api.openstack.compute.schemas.servers.create_image_response`.
                let value = match body.json() {
                    Some(value) => value,
                    None if body.is_empty() => &Value::Null,
                    None => return fail("expected JSON, found something else"),
                };
                let start = start(version, &operation.response_boundaries);
                let schema =
                    entry.compiled(operation, Key::Response(status, start), schema, version)?;
                let Some(schema) = schema else { return Ok(Outcome::UNKNOWN) };
                let found = findings(&schema, value, operation, "response");
                if body.is_empty() && !found.is_empty() {
                    return fail("expected JSON, found no body");
                }
                Ok(Outcome::found(found))
            }
        }
    }

    /// Holds the body of a request against its schema.
    ///
    /// # Errors
    /// A schema that cannot be read or compiled.
    pub fn request(
        &self,
        operation: &OperationRef,
        version: Option<Microversion>,
        body: Option<&Value>,
    ) -> Result<Outcome, Error> {
        let entry = self.entry(operation)?;
        let fail = |message: &str| {
            let finding = Finding::error("request-does-not-match", place(operation), message);
            Ok(Outcome::found(vec![finding]))
        };
        match (&entry.schemas.request, body) {
            (BodySchema::Unknown, _) => Ok(Outcome::UNKNOWN),
            (BodySchema::None, None) => Ok(Outcome::found(Vec::new())),
            (BodySchema::None, Some(_)) => fail("expected no body, found one"),
            (BodySchema::Described { media_type, .. }, _) if !crate::body::is_json(media_type) => {
                Ok(Outcome::found(Vec::new()))
            }
            (BodySchema::Described { schema, .. }, body) => {
                let start = start(version, &operation.request_boundaries);
                let schema = entry.compiled(operation, Key::Request(start), schema, version)?;
                match (schema, body) {
                    (None, _) => Ok(Outcome::UNKNOWN),
                    (Some(_), None) => fail("expected a body, found none"),
                    (Some(schema), Some(value)) => {
                        Ok(Outcome::found(findings(&schema, value, operation, "request")))
                    }
                }
            }
        }
    }

    /// Holds the query, as an object of its parameters, against its schema.
    ///
    /// # Errors
    /// A schema that cannot be read or compiled.
    pub fn query(
        &self,
        operation: &OperationRef,
        version: Option<Microversion>,
        query: &Value,
    ) -> Result<Outcome, Error> {
        let entry = self.entry(operation)?;
        let Some(schema) = &entry.schemas.query else { return Ok(Outcome::UNKNOWN) };
        let start = start(version, &operation.request_boundaries);
        let schema = entry.compiled(operation, Key::Query(start), schema, version)?;
        Ok(schema.map_or(Outcome::UNKNOWN, |schema| {
            Outcome::found(findings(&schema, query, operation, "query"))
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
    /// Compiles outside the lock: two threads may do it twice, none waits.
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

/// Gives the start of the interval that a version lies in.
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
