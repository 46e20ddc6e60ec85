//! The parts of a call that do not depend on its result type, so that they are
//! compiled once and not once per type.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Extensions, HeaderMap};
use secrecy::SecretString;
use serde_json::{Map, Value};

use super::OperationRef;
use crate::endpoint;
use crate::negotiate::VersionChoice;
use crate::redact;
use crate::service::ServiceClient;

/// Whose token a call is sent with.
#[derive(Debug, Clone, Default)]
pub(crate) enum TokenUse {
    #[default]
    Session,
    Other(SecretString),
    None,
}

#[derive(Debug, Clone, Default)]
enum Payload {
    #[default]
    None,
    /// An object of an envelope's key and those beside it.
    Fields(Value),
    Whole(Value),
    Bytes(Bytes, String),
}

/// A call without its result type.
#[derive(Clone)]
pub(crate) struct UntypedCall {
    pub(crate) client: ServiceClient,
    pub(crate) operation: OperationRef,
    pub(crate) version: Option<VersionChoice>,
    pub(crate) envelope: Option<&'static str>,
    pub(crate) token: TokenUse,
    pub(crate) notes: Vec<(&'static str, String)>,
    pub(crate) extensions: Extensions,
    pub(crate) headers: HeaderMap,
    path: Vec<(&'static str, String)>,
    query: Vec<(Cow<'static, str>, String)>,
    payload: Payload,
    /// Mistakes made while building the call, reported when it is sent.
    faults: Vec<String>,
}

impl UntypedCall {
    pub(crate) fn new(client: ServiceClient, operation: OperationRef) -> Self {
        Self {
            client,
            operation,
            version: None,
            envelope: None,
            token: TokenUse::Session,
            notes: Vec::new(),
            extensions: Extensions::new(),
            headers: HeaderMap::new(),
            path: Vec::new(),
            query: Vec::new(),
            payload: Payload::None,
            faults: Vec::new(),
        }
    }

    pub(crate) fn path(&mut self, name: &'static str, value: String) {
        // Where slashes stay, so does what is between them.
        let keeps_slashes = self.client.service().profile().keeps_slashes;
        let leads_elsewhere = |part: &str| matches!(part, "." | "..");
        if value.is_empty()
            || leads_elsewhere(&value)
            || keeps_slashes && value.split('/').any(leads_elsewhere)
        {
            self.faults.push(format!("`{value}` as path parameter `{name}` would change the path"));
        }
        self.path.push((name, value));
    }

    pub(crate) fn path_parameters(&self) -> &[(&'static str, String)] {
        &self.path
    }

    pub(crate) fn query(&mut self, name: &'static str, value: String) {
        self.query.push((name.into(), value));
    }

    /// Replaces a query parameter.
    pub(crate) fn replace_query(&mut self, name: &'static str, value: String) {
        self.query.retain(|(held, _)| *held != name);
        self.query(name, value);
    }

    /// Whether the query selects the fields of the answer, so that it may lack others.
    pub(crate) fn selects_fields(&self) -> bool {
        self.query.iter().any(|(name, _)| name == "fields")
    }

    /// Replaces the whole query.
    pub(crate) fn whole_query(&mut self, query: Vec<(String, String)>) {
        self.query = query.into_iter().map(|(name, value)| (name.into(), value)).collect();
    }

    pub(crate) fn header(&mut self, name: &str, value: String) {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
            }
            _ => self.faults.push(format!(
                "the header `{name}` or its value has characters that HTTP does not allow"
            )),
        }
    }

    pub(crate) fn body(&mut self, envelope: Option<&'static str>, body: Value) {
        match (envelope, std::mem::take(&mut self.payload)) {
            (Some(key), Payload::None) => {
                let fields = Map::from_iter([(key.to_owned(), body)]);
                self.payload = Payload::Fields(Value::Object(fields));
            }
            (Some(key), Payload::Fields(Value::Object(mut fields)))
                if !fields.contains_key(key) =>
            {
                fields.insert(key.to_owned(), body);
                self.payload = Payload::Fields(Value::Object(fields));
            }
            (None, Payload::None) => self.payload = Payload::Whole(body),
            (_, held) => {
                self.payload = held;
                self.faults.push("the call has two bodies".to_owned());
            }
        }
    }

    pub(crate) fn serde_body(
        &mut self,
        envelope: Option<&'static str>,
        body: serde_json::Result<Value>,
    ) {
        match body {
            Ok(body) => self.body(envelope, body),
            Err(error) => self.faults.push(format!(
                "the body cannot be written as JSON: {}",
                redact::quoted(&error.to_string())
            )),
        }
    }

    pub(crate) fn body_field(&mut self, key: &str, value: Value) {
        match &mut self.payload {
            Payload::None => {
                let fields = Map::from_iter([(key.to_owned(), value)]);
                self.payload = Payload::Fields(Value::Object(fields));
            }
            Payload::Fields(Value::Object(fields)) | Payload::Whole(Value::Object(fields)) => {
                fields.insert(key.to_owned(), value);
            }
            Payload::Fields(_) | Payload::Whole(_) | Payload::Bytes(..) => {
                self.faults
                    .push(format!("the body is not an object, so it cannot have the key `{key}`"));
            }
        }
    }

    pub(crate) fn body_value(&mut self, pointer: &str, value: Value) {
        let body = match &mut self.payload {
            Payload::Fields(body) | Payload::Whole(body) => Some(body),
            Payload::None | Payload::Bytes(..) => None,
        };
        let split = pointer.rsplit_once('/');
        let parent = body.zip(split).and_then(|(body, (parent, _))| body.pointer_mut(parent));
        match (parent.and_then(Value::as_object_mut), split) {
            (Some(object), Some((_, key))) => {
                object.insert(key.to_owned(), value);
            }
            _ => self.faults.push(format!("the body has no object for a value at `{pointer}`")),
        }
    }

    pub(crate) fn raw_body(&mut self, body: Value) {
        self.payload = Payload::Whole(body);
    }

    pub(crate) fn bytes(&mut self, bytes: Bytes, media_type: &str) {
        if matches!(self.payload, Payload::None) {
            self.payload = Payload::Bytes(bytes, media_type.to_owned());
        } else {
            self.faults.push("the call has two bodies".to_owned());
        }
    }

    /// Returns the path with its parameters substituted, and the query.
    ///
    /// # Errors
    /// All mistakes made while building the call.
    pub(crate) fn target(&self) -> Result<String, String> {
        let mut faults = self.faults.clone();
        let keep_slashes = self.client.service().profile().keeps_slashes;
        let mut target = String::new();
        let mut used = Vec::new();
        let mut rest: &str = &self.operation.path;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            target.push_str(before);
            match self.path.iter().find(|(held, _)| *held == name) {
                Some((_, value)) => {
                    target.push_str(&endpoint::encode_segment(value, keep_slashes));
                }
                None => faults.push(format!("path parameter `{name}` is missing")),
            }
            used.push(name);
            rest = after;
        }
        target.push_str(rest);
        for (name, _) in self.path.iter().filter(|(name, _)| !used.contains(name)) {
            faults.push(format!("`{}` has no path parameter `{name}`", self.operation.path));
        }
        if !faults.is_empty() {
            return Err(faults.join("; "));
        }
        for (index, (name, value)) in self.query.iter().enumerate() {
            target.push(if index == 0 { '?' } else { '&' });
            target.push_str(&endpoint::encode_query(name));
            target.push('=');
            target.push_str(&endpoint::encode_query(value));
        }
        Ok(target)
    }

    /// Returns the JSON body, if there is one.
    pub(crate) fn json(&self) -> Option<&Value> {
        match &self.payload {
            Payload::Fields(value) | Payload::Whole(value) => Some(value),
            Payload::None | Payload::Bytes(..) => None,
        }
    }

    /// Returns the bytes to send, and sets `Content-Type` unless it is set already.
    pub(crate) fn payload(&self, headers: &mut HeaderMap, described: Option<&str>) -> Bytes {
        let (bytes, media_type) = match &self.payload {
            Payload::None => return Bytes::new(),
            Payload::Bytes(bytes, media_type) => (bytes.clone(), media_type.as_str()),
            Payload::Fields(value) | Payload::Whole(value) => {
                let text = serde_json::to_vec(value).unwrap_or_default();
                let described = described.filter(|media_type| !media_type.contains('*'));
                (Bytes::from(text), described.unwrap_or("application/json"))
            }
        };
        if let Ok(value) = HeaderValue::try_from(media_type) {
            headers.entry(CONTENT_TYPE).or_insert(value);
        }
        bytes
    }
}

impl fmt::Debug for UntypedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.json().map(|json| redact::json(json).to_string());
        f.debug_struct("Call")
            .field("operation", &self.operation.id)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("headers", &redact::headers(&self.headers))
            .field("body", &body)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}
