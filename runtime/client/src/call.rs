//! One request, as a value.

mod plan;
mod send;

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;
use squall_model::{Microversion, Operation};

use crate::codec::Encode;
use crate::decode::Decoder;
use crate::error::{Error, ErrorResponse};
use crate::negotiate::VersionChoice;
use crate::response::Response;
use crate::service::ServiceClient;

pub(crate) use plan::Plan;

/// An operation that lives as long as the program, or one made at run time.
#[derive(Debug, Clone)]
pub enum OperationRef {
    /// Of a generated table.
    Static(&'static Operation),
    /// Made at run time.
    Shared(Arc<Operation>),
}

impl Deref for OperationRef {
    type Target = Operation;

    fn deref(&self) -> &Operation {
        match self {
            Self::Static(operation) => operation,
            Self::Shared(operation) => operation,
        }
    }
}

impl From<&'static Operation> for OperationRef {
    fn from(operation: &'static Operation) -> Self {
        Self::Static(operation)
    }
}

impl From<Arc<Operation>> for OperationRef {
    fn from(operation: Arc<Operation>) -> Self {
        Self::Shared(operation)
    }
}

impl From<&Arc<Operation>> for OperationRef {
    fn from(operation: &Arc<Operation>) -> Self {
        Self::Shared(Arc::clone(operation))
    }
}

/// One call of an operation, which does nothing until it is sent.
///
/// A mistake in building it (a path parameter that is missing, two bodies) is
/// told when it is sent. It may be cloned and sent again.
#[must_use = "a call does nothing until it is sent"]
pub struct Call<T> {
    plan: Plan,
    decode: Decoder<T>,
}

impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        Self { plan: self.plan.clone(), decode: self.decode }
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plan.fmt(f)
    }
}

impl<T> Call<T> {
    /// Starts a call, see [`ServiceClient::call`].
    pub fn new(client: ServiceClient, operation: OperationRef, decode: Decoder<T>) -> Self {
        Self { plan: Plan::new(client, operation), decode }
    }

    /// Fills a parameter of the path in.
    pub fn path(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.plan.path(name, value.to_string());
        self
    }

    /// Adds a parameter to the query; the same name may come more than once.
    pub fn query(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.plan.query(name, value.to_string());
        self
    }

    /// Adds a parameter to the query, where there is a value.
    pub fn query_some(self, name: &'static str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Sets a parameter of the query in place of what it was.
    pub(crate) fn query_instead(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.plan.replace_query(name, value.to_string());
        self
    }

    /// Sets a header.
    pub fn header(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.plan.header(name, value.to_string());
        self
    }

    /// Sets the body: under the envelope's key, or as the whole.
    pub fn body(mut self, envelope: Option<&'static str>, body: impl Encode) -> Self {
        self.plan.body(envelope, body.encode());
        self
    }

    /// Sets the body from a type that has serde's `Serialize`.
    pub fn serde_body(mut self, envelope: Option<&'static str>, body: &impl Serialize) -> Self {
        self.plan.serde_body(envelope, serde_json::to_value(body));
        self
    }

    /// Sets a key of the body beside its envelope.
    pub fn body_field(mut self, key: &str, value: impl Encode) -> Self {
        self.plan.body_field(key, value.encode());
        self
    }

    /// Sets the whole body to a value, whatever was set before: for tests of
    /// what a service refuses.
    pub fn raw_body(mut self, body: Value) -> Self {
        self.plan.raw_body(body);
        self
    }

    /// Sets the body to bytes.
    pub fn bytes(mut self, bytes: impl Into<Bytes>, media_type: &str) -> Self {
        self.plan.bytes(bytes.into(), media_type);
        self
    }

    /// Sends it at this microversion and no other.
    pub fn at(self, version: Microversion) -> Self {
        self.version(version)
    }

    /// Chooses the microversion, in place of the client's choice.
    pub fn version(mut self, version: impl Into<VersionChoice>) -> Self {
        self.plan.version = Some(version.into());
        self
    }

    /// Decodes from what stands under this key of the response.
    pub fn envelope(mut self, key: &'static str) -> Self {
        self.plan.envelope = Some(key);
        self
    }

    /// Sends no token: for tests of what a service refuses.
    pub fn without_token(mut self) -> Self {
        self.plan.token = plan::TokenUse::None;
        self
    }

    /// Sends this token in place of the session's: for tests of what a service
    /// refuses. There is no new authentication when it is refused.
    pub fn with_token(mut self, token: &str) -> Self {
        self.plan.token = plan::TokenUse::Other(token.into());
        self
    }

    /// Gives the call a note for observers, which is never sent.
    pub fn note(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.plan.notes.push((key, value.into()));
        self
    }

    /// Gives the operation.
    pub fn operation(&self) -> &Operation {
        &self.plan.operation
    }

    /// Gives the client that it goes through.
    pub fn client(&self) -> &ServiceClient {
        &self.plan.client
    }

    /// Gives the parameters of the path that were filled in.
    pub fn path_parameters(&self) -> &[(&'static str, String)] {
        self.plan.path_parameters()
    }

    /// Gives the JSON body, where there is one.
    pub fn json_body(&self) -> Option<Value> {
        self.plan.json()
    }

    /// Reads the response with another decoder.
    pub fn decoded_by<U>(self, decode: Decoder<U>) -> Call<U> {
        Call { plan: self.plan, decode }
    }

    /// Sends it and reads the response.
    ///
    /// # Errors
    /// - it was built wrongly, no version fits, or an observer refused it;
    /// - no response came, after the attempts that the session allows;
    /// - the status is none of the operation's statuses of success;
    /// - the response violates its schema (all violations are told), or cannot
    ///   be decoded.
    pub async fn send(self) -> Result<Response<T>, Error> {
        let received = self.plan.send().await?;
        match (self.decode)(received.content(self.plan.envelope)?) {
            Ok(value) => Ok(received.into_response(value)),
            Err(error) => Err(received.undecoded(self.plan.envelope, error)),
        }
    }

    /// Sends it and expects the service to refuse with this status.
    ///
    /// # Errors
    /// Another refusal, a success, or no response.
    pub async fn expect_error(self, status: u16) -> Result<ErrorResponse, Error> {
        self.plan.expect_error(status).await
    }
}
