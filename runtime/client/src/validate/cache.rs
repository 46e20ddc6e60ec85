//! A cache of compiled schemas, by operation, direction, status and interval.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use squall_model::materialise::{Circumstances, Extensions};
use squall_model::{
    BodySchema, Finding, Merged, Microversion, Operation, OperationSchemas, Severity,
};

use super::{Schema, UnknownKeys, ValidationOutcome, Violation};
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
    /// Whether unknown keys in responses are warnings.
    warns_of_unknown_keys: AtomicBool,
}

/// The schemas of one operation.
#[derive(Debug)]
struct Entry {
    /// Kept so that no other operation can be allocated at the same address.
    _operation: OperationRef,
    schemas: Arc<OperationSchemas>,
    /// Whether a response's schema depends on the cloud's extensions.
    depends_on_extensions: bool,
    compiled: Mutex<HashMap<Key, Option<Arc<Schema>>>>,
}

/// A schema of an operation, and the boundary that its interval begins at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Request(Option<Microversion>),
    Query(Option<Microversion>),
    Response(u16, Option<Microversion>, Variation),
}

/// What a response's schema depends on beside the version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Variation {
    /// A digest of the cloud's extensions, where the schema depends on them.
    extensions: u64,
    fields_selected: bool,
}

impl Validators {
    /// Returns the schemas of an operation.
    pub fn schemas(&self, operation: &OperationRef) -> Result<Arc<OperationSchemas>, Error> {
        Ok(Arc::clone(&self.entry(operation)?.schemas))
    }

    /// Whether the schemas of the operation's responses depend on the cloud's extensions.
    ///
    /// # Errors
    /// The schemas cannot be read.
    pub fn depends_on_extensions(&self, operation: &OperationRef) -> Result<bool, Error> {
        Ok(self.entry(operation)?.depends_on_extensions)
    }

    /// Sets what unknown keys in responses are, for every session that shares these schemas.
    pub fn set_unknown_keys(&self, unknown_keys: UnknownKeys) {
        self.warns_of_unknown_keys.store(unknown_keys == UnknownKeys::Warn, Ordering::Relaxed);
    }

    /// Validates the body of a response, not knowing the cloud's extensions.
    ///
    /// # Errors
    /// As for [`response_under`](Self::response_under).
    pub fn response(
        &self,
        operation: &OperationRef,
        status: u16,
        version: Option<Microversion>,
        body: &Body,
    ) -> Result<ValidationOutcome, Error> {
        let at = Circumstances { version, ..Circumstances::default() };
        self.response_under(operation, status, &at, body)
    }

    /// Validates the body of a response.
    ///
    /// - A status or a body that the spec does not describe is [`ValidationOutcome::UNKNOWN`].
    /// - A body where the spec declares none is a violation.
    /// - A body of another media type than JSON is not examined.
    ///
    /// # Errors
    /// A schema cannot be read or compiled.
    pub fn response_under(
        &self,
        operation: &OperationRef,
        status: u16,
        at: &Circumstances<'_>,
        body: &Body,
    ) -> Result<ValidationOutcome, Error> {
        let entry = self.entry(operation)?;
        let Some(response) = entry.schemas.response(status, at.version) else {
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
                let start = start(at.version, &operation.response_boundaries);
                let key = Key::Response(status, start, entry.variation(at));
                let schema = entry.compiled(operation, key, schema, at)?;
                let Some(schema) = schema else { return Ok(ValidationOutcome::UNKNOWN) };
                let mut found = findings(&schema, value, operation, "response");
                if self.warns_of_unknown_keys.load(Ordering::Relaxed) {
                    found.iter_mut().filter(|f| f.code == UNKNOWN_KEY).for_each(|finding| {
                        finding.severity = Severity::Warning;
                    });
                }
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
                let schema =
                    entry.compiled(operation, Key::Request(start), schema, &only(version))?;
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
        let schema = entry.compiled(operation, Key::Query(start), schema, &only(version))?;
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
        let depends_on_extensions = schemas
            .responses
            .iter()
            .any(|response| response.body.schema().is_some_and(Merged::depends_on_extensions));
        let entry = Arc::new(Entry {
            _operation: operation.clone(),
            schemas,
            depends_on_extensions,
            compiled: Mutex::default(),
        });
        operations.insert(key, Arc::clone(&entry));
        Ok(entry)
    }
}

impl Entry {
    fn variation(&self, at: &Circumstances<'_>) -> Variation {
        let mut hasher = DefaultHasher::new();
        match at.extensions {
            Extensions::These(aliases) if self.depends_on_extensions => aliases.hash(&mut hasher),
            Extensions::All => 1.hash(&mut hasher),
            Extensions::These(_) | Extensions::Unknown => {}
        }
        Variation { extensions: hasher.finish(), fields_selected: at.fields_selected }
    }

    /// Compiles outside the lock: two threads may compile the same schema, but none waits.
    fn compiled(
        &self,
        operation: &Operation,
        key: Key,
        merged: &Merged,
        at: &Circumstances<'_>,
    ) -> Result<Option<Arc<Schema>>, Error> {
        let lock = || self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(schema) = lock().get(&key) {
            return Ok(schema.clone());
        }
        let schema = match merged.under(at) {
            Some(schema) => Some(Schema::compile(&schema).map(Arc::new).map_err(|error| {
                Error::new(ErrorKind::Schema(format!("{}: {error}", place(operation))))
            })?),
            None => None,
        };
        lock().insert(key, schema.clone());
        Ok(schema)
    }
}

/// Circumstances of which only the version matters.
fn only(version: Option<Microversion>) -> Circumstances<'static> {
    Circumstances { version, ..Circumstances::default() }
}

/// Returns the start of the interval that contains a version.
fn start(version: Option<Microversion>, boundaries: &[Microversion]) -> Option<Microversion> {
    boundaries.iter().copied().filter(|boundary| Some(*boundary) <= version).max()
}

fn place(operation: &Operation) -> String {
    operation.id.to_string()
}

/// The code of a finding about a key in a response that the spec does not have.
const UNKNOWN_KEY: &str = "response-has-unknown-key";

/// Whether a violation is about a key that the schema does not have.
fn is_unknown_key(violation: &Violation) -> bool {
    ["additionalProperties", "unevaluatedProperties"].contains(&violation.keyword.as_str())
}

fn findings(schema: &Schema, value: &Value, operation: &Operation, what: &str) -> Vec<Finding> {
    schema
        .violations(value)
        .into_iter()
        .map(|violation| {
            let code = match what {
                "response" if is_unknown_key(&violation) => UNKNOWN_KEY.to_owned(),
                _ => format!("{what}-does-not-match"),
            };
            Finding::error(&code, place(operation), violation.message)
                .with_pointer(violation.pointer)
                .with_evidence(format!("schema keyword {}", violation.schema_pointer))
        })
        .collect()
}
