//! One request, as a value.

mod curl;
mod send;
mod untyped;

use std::fmt;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;
use squall_model::{Microversion, Operation};

use crate::codec::Encode;
use crate::decode::Decoder;
use crate::error::{Error, ErrorResponse};
use crate::negotiate::VersionChoice;
use crate::redact;
use crate::response::Response;
use crate::service::ServiceClient;

pub(crate) use untyped::UntypedCall;

pub use crate::operation::OperationRef;

impl ServiceClient {
    /// Creates a call of an operation.
    pub fn call<T>(&self, operation: impl Into<OperationRef>, decode: Decoder<T>) -> Call<T> {
        Call::new(self.clone(), operation.into(), decode)
    }
}

/// One call of an operation, which does nothing until it is sent.
///
/// A mistake in building it (a missing path parameter, two bodies) is reported
/// when it is sent. It may be cloned and sent again.
#[must_use = "a call does nothing until it is sent"]
pub struct Call<T> {
    inner: UntypedCall,
    decode: Decoder<T>,
}

impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), decode: self.decode }
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl<T> Call<T> {
    /// Creates a call; see [`ServiceClient::call`].
    pub fn new(client: ServiceClient, operation: OperationRef, decode: Decoder<T>) -> Self {
        Self { inner: UntypedCall::new(client, operation), decode }
    }

    /// Sets a path parameter.
    pub fn path(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.inner.path(name, value.to_string());
        self
    }

    /// Adds a query parameter; a name may be added more than once.
    pub fn query(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.inner.query(name, value.to_string());
        self
    }

    /// Adds a query parameter if there is a value.
    pub fn query_some(self, name: &'static str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Replaces a query parameter, or adds it.
    pub fn query_instead(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.inner.replace_query(name, value.to_string());
        self
    }

    /// Replaces the whole query.
    pub fn whole_query(mut self, query: Vec<(String, String)>) -> Self {
        self.inner.whole_query(query);
        self
    }

    /// Sets a header.
    pub fn header(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.inner.header(name, value.to_string());
        self
    }

    /// Sets the body: under the envelope's key, or as the whole body.
    pub fn body(mut self, envelope: Option<&'static str>, body: impl Encode) -> Self {
        self.inner.body(envelope, body.encode());
        self
    }

    /// Sets the body from a type that implements serde's `Serialize`.
    pub fn serde_body(mut self, envelope: Option<&'static str>, body: &impl Serialize) -> Self {
        self.inner.serde_body(envelope, serde_json::to_value(body));
        self
    }

    /// Adds a key to the body beside its envelope.
    pub fn body_field(mut self, key: &str, value: impl Encode) -> Self {
        self.inner.body_field(key, value.encode());
        self
    }

    /// Sets a value of the JSON body at a JSON pointer. Its parent has to be an object of the
    /// body.
    pub fn body_value(mut self, pointer: &str, value: impl Encode) -> Self {
        self.inner.body_value(pointer, value.encode());
        self
    }

    /// Replaces the whole body: for tests of what a service refuses.
    pub fn raw_body(mut self, body: Value) -> Self {
        self.inner.raw_body(body);
        self
    }

    /// Sets the body to bytes.
    pub fn bytes(mut self, bytes: impl Into<Bytes>, media_type: &str) -> Self {
        self.inner.bytes(bytes.into(), media_type);
        self
    }

    /// Sends it at this microversion and no other.
    pub fn at(self, version: Microversion) -> Self {
        self.version(version)
    }

    /// Overrides the client's choice of microversion.
    pub fn version(mut self, version: impl Into<VersionChoice>) -> Self {
        self.inner.version = Some(version.into());
        self
    }

    /// Decodes the value under this key of the response.
    pub fn envelope(mut self, key: &'static str) -> Self {
        self.inner.envelope = Some(key);
        self
    }

    /// Sends no token: for tests of what a service refuses.
    pub fn without_token(mut self) -> Self {
        self.inner.token = untyped::TokenUse::None;
        self
    }

    /// Sends this token instead of the session's: for tests of what a service
    /// refuses. A refusal does not lead to a new authentication.
    pub fn with_token(mut self, token: &str) -> Self {
        redact::learn_if_random(token);
        self.inner.token = untyped::TokenUse::Other(token.into());
        self
    }

    /// Returns the call a note for observers, which is never sent.
    pub fn note(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.inner.notes.push((key, value.into()));
        self
    }

    /// Attaches a value for observers, which is never sent and not kept in exchanges.
    ///
    /// An observer finds it by its type: [`CallInfo::extension`](crate::CallInfo::extension).
    pub fn extension<V: Clone + Send + Sync + 'static>(mut self, value: V) -> Self {
        self.inner.extensions.insert(value);
        self
    }

    /// Returns the operation.
    pub fn operation(&self) -> &Operation {
        &self.inner.operation
    }

    /// Returns the client it is sent through.
    pub fn client(&self) -> &ServiceClient {
        &self.inner.client
    }

    /// Returns the path parameters set so far.
    pub fn path_parameters(&self) -> &[(&'static str, String)] {
        self.inner.path_parameters()
    }

    /// Returns the JSON body, if there is one.
    pub fn json_body(&self) -> Option<&Value> {
        self.inner.json()
    }

    /// Decodes the response with another decoder.
    pub fn decoded_by<U>(self, decode: Decoder<U>) -> Call<U> {
        Call { inner: self.inner, decode }
    }

    /// Returns the request as a `curl` line that repeats it: with `$OS_TOKEN` in place of the
    /// token, and with secrets masked.
    ///
    /// # Errors
    /// The call was built wrongly, no microversion fits, or the service is not in the catalog.
    pub async fn curl(&self) -> Result<String, Error> {
        self.inner.curl().await
    }

    /// Sends the request and decodes the response.
    ///
    /// # Errors
    /// - The call was built wrongly, no microversion fits, or an observer refused it.
    /// - No response came within the attempts that the session allows.
    /// - The status is not one of the operation's success statuses.
    /// - The response violates its schema (all violations are listed), or cannot
    ///   be decoded.
    pub async fn send(self) -> Result<Response<T>, Error> {
        let received = self.inner.send().await?;
        match (self.decode)(received.content(self.inner.envelope)?) {
            Ok(value) => Ok(received.into_response(value)),
            Err(error) => Err(received.undecoded(self.inner.envelope, error)),
        }
    }

    /// Sends the request and expects the service to refuse it with this status.
    ///
    /// # Errors
    /// Another status, a success, or no response.
    pub async fn expect_error(self, status: u16) -> Result<ErrorResponse, Error> {
        self.inner.expect_error(status).await
    }
}
