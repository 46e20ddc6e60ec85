//! A cache of compiled schemas: of each operation by direction, status and interval, and of
//! each service for what its operations share.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use squall_model::materialise::{Circumstances, Extensions};
use squall_model::{
    BodySchema, ErrorSchema, Finding, FormSource, HeaderSchema, Merged, Microversion, Operation,
    OperationSchemas, SharedSchemas,
};

use super::headers::HeaderChecks;
use super::{
    Deviation, DeviationKind, ResponseParts, Schema, UnknownKeys, ValidationOutcome, Violation,
};
use crate::error::{Error, ErrorKind};
use crate::operation::OperationRef;

/// The schemas of operations, compiled when they are first needed.
///
/// A schema is compiled once for all microversions between two of the operation's
/// boundaries. Sessions share the cache.
#[derive(Debug, Default)]
pub struct Validators {
    operations: Mutex<HashMap<usize, Arc<Entry>>>,
    /// By the address of the service's blob.
    shared: Mutex<HashMap<usize, Arc<Shared>>>,
    /// Whether unknown keys in responses are warnings.
    warns_of_unknown_keys: AtomicBool,
}

/// A status, and the version at which its headers last changed.
type HeaderKey = (u16, Option<Microversion>);

/// The schemas of one operation.
#[derive(Debug)]
pub(super) struct Entry {
    /// Kept so that no other operation can be allocated at the same address.
    _operation: OperationRef,
    pub(super) schemas: Arc<OperationSchemas>,
    /// What it shares with the other operations of its service.
    pub(super) shared: Arc<Shared>,
    /// Whether a response's schema depends on the cloud's extensions.
    depends_on_extensions: bool,
    compiled: Compiled<Key>,
    headers: Mutex<HashMap<HeaderKey, Option<Arc<HeaderChecks>>>>,
    /// The versions at which a header of a response may change.
    header_boundaries: Vec<Microversion>,
}

/// What the operations of a service share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) schemas: Arc<SharedSchemas>,
    /// The schemas of errors, by form and media type.
    compiled: Compiled<(String, String, Option<Microversion>)>,
    headers: Mutex<HashMap<Option<Microversion>, Arc<HeaderChecks>>>,
    header_boundaries: Vec<Microversion>,
}

/// A schema of an operation, and the boundary that its interval begins at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Request(Option<Microversion>),
    Query(Option<Microversion>),
    Response(u16, Option<Microversion>, Variation),
    Error(u16, Option<Microversion>),
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
                let key = Key::Request(start);
                let at = only(version);
                let schema = entry.compiled.get(key, schema, &at, || place(operation))?;
                match (schema, body) {
                    (None, _) => Ok(ValidationOutcome::UNKNOWN),
                    (Some(_), None) => fail("expected a body, found none"),
                    (Some(schema), Some(value)) => {
                        let found = findings(&schema, value, operation, "request");
                        Ok(ValidationOutcome::found(found))
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
        let at = only(version);
        let schema = entry.compiled.get(Key::Query(start), schema, &at, || place(operation))?;
        Ok(schema.map_or(ValidationOutcome::UNKNOWN, |schema| {
            ValidationOutcome::found(findings(&schema, query, operation, "query"))
        }))
    }

    /// Whether unknown keys in responses are warnings.
    pub(super) fn warns_of_unknown_keys(&self) -> bool {
        self.warns_of_unknown_keys.load(Ordering::Relaxed)
    }

    pub(super) fn entry(&self, operation: &OperationRef) -> Result<Arc<Entry>, Error> {
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
        let shared = self.shared(operation)?;
        let own = schemas.responses.iter().flat_map(|response| &response.headers);
        let forms = schemas.errors.iter().filter_map(|error| error.form(&shared.schemas));
        let header_boundaries = boundaries(own.chain(forms.flat_map(|form| &form.headers)));
        let entry = Arc::new(Entry {
            _operation: operation.clone(),
            schemas,
            shared,
            depends_on_extensions,
            compiled: Compiled::default(),
            headers: Mutex::default(),
            header_boundaries,
        });
        operations.insert(key, Arc::clone(&entry));
        Ok(entry)
    }

    fn shared(&self, operation: &Operation) -> Result<Arc<Shared>, Error> {
        let Some(blob) = operation.schemas.blob() else { return Ok(Arc::default()) };
        let mut all = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = all.get(&blob.bytes.as_ptr().addr()) {
            return Ok(Arc::clone(shared));
        }
        let schemas =
            blob.shared().map_err(|error| Error::new(ErrorKind::Schema(error.to_string())))?;
        let header_boundaries = boundaries(&schemas.response_headers);
        let shared = Arc::new(Shared { schemas, header_boundaries, ..Shared::default() });
        all.insert(blob.bytes.as_ptr().addr(), Arc::clone(&shared));
        Ok(shared)
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

    /// Returns the compiled schema of the body of a success.
    pub(super) fn response_schema(
        &self,
        operation: &Operation,
        status: u16,
        merged: &Merged,
        at: &Circumstances<'_>,
    ) -> Result<Option<Arc<Schema>>, Error> {
        let start = start(at.version, &operation.response_boundaries);
        let key = Key::Response(status, start, self.variation(at));
        self.compiled.get(key, merged, at, || place(operation))
    }

    /// Returns the compiled schema of the body of an error.
    pub(super) fn error_schema(
        &self,
        operation: &Operation,
        error: &ErrorSchema,
        media_type: &str,
        merged: &Merged,
        version: Option<Microversion>,
    ) -> Result<Option<Arc<Schema>>, Error> {
        let changes: Vec<Microversion> = merged.boundaries().into_iter().collect();
        let (start, at) = (start(version, &changes), only(version));
        match &error.form {
            FormSource::Shared(name) => {
                let key = (name.clone(), media_type.to_owned(), start);
                self.shared.compiled.get(key, merged, &at, || format!("the form {name}"))
            }
            FormSource::Own(_) => {
                let key = Key::Error(error.status, start);
                self.compiled.get(key, merged, &at, || place(operation))
            }
        }
    }

    /// Returns what is wrong with the headers of a response: those that every response of the
    /// service has, and those of its status.
    pub(super) fn header_deviations(
        &self,
        operation: &Operation,
        parts: &ResponseParts<'_>,
        version: Option<Microversion>,
    ) -> Result<Vec<Deviation>, Error> {
        let own = self.own_headers(operation, parts.status, version)?;
        let own = own.as_deref();
        let mut found =
            own.map_or_else(Vec::new, |own| own.deviations(parts.headers, None, &operation.id));
        if !self.shared.schemas.response_headers.is_empty() {
            let shared = self.shared.headers(operation.service(), version)?;
            found.extend(shared.deviations(parts.headers, own, &operation.id));
        }
        Ok(found)
    }

    fn own_headers(
        &self,
        operation: &Operation,
        status: u16,
        version: Option<Microversion>,
    ) -> Result<Option<Arc<HeaderChecks>>, Error> {
        let lock = || self.headers.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (status, start(version, &self.header_boundaries));
        if let Some(checks) = lock().get(&key) {
            return Ok(checks.clone());
        }
        let response = self.schemas.response(status, version);
        let error = self.schemas.error(status, version);
        let form = error.and_then(|error| error.form(&self.shared.schemas));
        let described = response.map(|r| &r.headers).or_else(|| form.map(|form| &form.headers));
        let checks = match described.filter(|headers| !headers.is_empty()) {
            Some(headers) => {
                let place = format!("the responses {status} of {}", operation.id);
                Some(Arc::new(checks(headers, version, &place)?))
            }
            None => None,
        };
        lock().insert(key, checks.clone());
        Ok(checks)
    }
}

impl Shared {
    fn headers(
        &self,
        service: &str,
        version: Option<Microversion>,
    ) -> Result<Arc<HeaderChecks>, Error> {
        let lock = || self.headers.lock().unwrap_or_else(PoisonError::into_inner);
        let key = start(version, &self.header_boundaries);
        if let Some(checks) = lock().get(&key) {
            return Ok(Arc::clone(checks));
        }
        let place = format!("the response-headers of {service}");
        let checks = Arc::new(checks(&self.schemas.response_headers, version, &place)?);
        lock().insert(key, Arc::clone(&checks));
        Ok(checks)
    }
}

/// Compiled schemas; `None` where the schema is absent.
#[derive(Debug)]
struct Compiled<K>(Mutex<HashMap<K, Option<Arc<Schema>>>>);

impl<K> Default for Compiled<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash> Compiled<K> {
    /// Compiles outside the lock: two threads may compile the same schema, but none waits.
    fn get(
        &self,
        key: K,
        merged: &Merged,
        at: &Circumstances<'_>,
        place: impl Fn() -> String,
    ) -> Result<Option<Arc<Schema>>, Error> {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(schema) = lock().get(&key) {
            return Ok(schema.clone());
        }
        let schema =
            match merged.under(at) {
                Some(schema) => Some(Schema::compile(&schema).map(Arc::new).map_err(|error| {
                    Error::new(ErrorKind::Schema(format!("{}: {error}", place())))
                })?),
                None => None,
            };
        lock().insert(key, schema.clone());
        Ok(schema)
    }
}

fn checks(
    headers: &[HeaderSchema],
    version: Option<Microversion>,
    place: &str,
) -> Result<HeaderChecks, Error> {
    HeaderChecks::new(headers, version, place.to_owned())
        .map_err(|error| Error::new(ErrorKind::Schema(format!("{place}: {error}"))))
}

/// Returns the versions at which headers may change, ascending.
fn boundaries<'a>(headers: impl IntoIterator<Item = &'a HeaderSchema>) -> Vec<Microversion> {
    let all: BTreeSet<Microversion> =
        headers.into_iter().flat_map(HeaderSchema::boundaries).collect();
    all.into_iter().collect()
}

/// Circumstances of which only the version matters.
fn only(version: Option<Microversion>) -> Circumstances<'static> {
    Circumstances { version, ..Circumstances::default() }
}

/// Returns the start of the interval that contains a version.
fn start(version: Option<Microversion>, boundaries: &[Microversion]) -> Option<Microversion> {
    boundaries.iter().copied().filter(|boundary| Some(*boundary) <= version).max()
}

pub(super) fn place(operation: &Operation) -> String {
    operation.id.to_string()
}

/// The code of a finding about a key in a response that the spec does not have.
pub(super) const UNKNOWN_KEY: &str = "response-has-unknown-key";

/// Whether a violation is about a key that the schema does not have.
fn is_unknown_key(violation: &Violation) -> bool {
    ["additionalProperties", "unevaluatedProperties"].contains(&violation.keyword.as_str())
}

/// Returns the violations of a request's schema as findings.
fn findings(schema: &Schema, value: &Value, operation: &Operation, what: &str) -> Vec<Finding> {
    let all = deviations(schema, value, operation, what, "");
    all.into_iter().map(|deviation| deviation.finding).collect()
}

/// Returns the violations of a schema; `of` names the schema, unless it is the operation's own.
pub(super) fn deviations(
    schema: &Schema,
    value: &Value,
    operation: &Operation,
    what: &str,
    of: &str,
) -> Vec<Deviation> {
    let of = if of.is_empty() { String::new() } else { format!(" of {of}") };
    schema
        .violations(value)
        .into_iter()
        .map(|violation| {
            let code = match what {
                "response" if is_unknown_key(&violation) => UNKNOWN_KEY.to_owned(),
                _ => format!("{what}-does-not-match"),
            };
            let finding = Finding::error(&code, place(operation), violation.message.clone())
                .with_pointer(violation.pointer.clone())
                .with_evidence(format!("schema keyword {}{of}", violation.schema_pointer));
            Deviation { kind: DeviationKind::Value(violation), finding }
        })
        .collect()
}
