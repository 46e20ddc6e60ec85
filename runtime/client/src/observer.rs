//! Observers of a session's calls: journals, ledgers, guards.

use std::sync::Arc;

use http::HeaderMap;
use squall_model::materialise::Circumstances;
use squall_model::{Finding, Microversion, Operation};

use crate::exchange::Exchange;
use crate::operation::OperationRef;
use crate::refusal::Refusal;
use crate::validate::{ResponseComparison, ResponseParts, Validators};

/// Observes calls; all methods have a default that does nothing.
///
/// - [`before`](Self::before) runs once per call, before the first attempt, and
///   may refuse the call: then nothing is sent.
/// - [`headers`](Self::headers) runs once per call that is permitted.
/// - [`answered`](Self::answered) runs once per call that was answered.
/// - [`after`](Self::after) runs after every attempt, including a session's own
///   requests for a token or for a service's versions.
pub trait Observer: Send + Sync + 'static {
    /// Permits a call or refuses it.
    ///
    /// # Errors
    /// The refusal, which [`Call::send`](crate::Call::send) returns.
    fn before(&self, call: &CallInfo<'_>) -> Result<(), Refusal> {
        let _ = call;
        Ok(())
    }

    /// Returns headers to add to a call's requests; they replace those of the same names.
    fn headers(&self, call: &CallInfo<'_>) -> HeaderMap {
        let _ = call;
        HeaderMap::new()
    }

    /// Receives the whole response to a call, with its secrets. Responses after which the call
    /// is tried again are left out.
    fn answered(&self, answer: &AnswerInfo<'_>) {
        let _ = answer;
    }

    /// Receives an attempt.
    fn after(&self, exchange: Box<Exchange>) {
        let _ = exchange;
    }
}

/// Asks the observers in order; the first refusal decides.
impl Observer for Vec<Arc<dyn Observer>> {
    fn before(&self, call: &CallInfo<'_>) -> Result<(), Refusal> {
        self.iter().try_for_each(|observer| observer.before(call))
    }

    fn headers(&self, call: &CallInfo<'_>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for observer in self {
            headers.extend(observer.headers(call));
        }
        headers
    }

    fn answered(&self, answer: &AnswerInfo<'_>) {
        for observer in self {
            observer.answered(answer);
        }
    }

    fn after(&self, exchange: Box<Exchange>) {
        if let Some((last, others)) = self.split_last() {
            for observer in others {
                observer.after(exchange.clone());
            }
            last.after(exchange);
        }
    }
}

/// A call that is about to be sent.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct CallInfo<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// The session's label.
    pub identity: Option<&'a str>,
    /// The whole URL.
    pub url: &'a str,
    /// The path parameters; what else is in the URL may belong to the endpoint.
    pub path: &'a [(&'static str, String)],
    /// The microversion of the request.
    pub version: Option<Microversion>,
    /// The JSON body, including its secrets.
    pub body: Option<&'a serde_json::Value>,
    /// The call's notes; see [`Call::note`](crate::Call::note).
    pub notes: &'a [(&'static str, String)],
    pub(crate) extensions: &'a http::Extensions,
}

impl CallInfo<'_> {
    /// Returns a value that the call was given by its type; see
    /// [`Call::extension`](crate::Call::extension).
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.extensions.get()
    }

    /// Returns a note by its key.
    pub fn note(&self, key: &str) -> Option<&str> {
        self.notes.iter().find(|(name, _)| *name == key).map(|(_, value)| value.as_str())
    }
}

/// The response to a call, and what its spec is to be read for.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AnswerInfo<'a> {
    /// The operation.
    pub operation: &'a OperationRef,
    /// What compares the response with the spec.
    pub validators: &'a Validators,
    /// The microversion, the cloud's extensions as far as they matter, and whether the request
    /// selected fields.
    pub at: &'a Circumstances<'a>,
    /// The response.
    pub parts: &'a ResponseParts<'a>,
    /// How it differs from the spec, where responses are validated.
    pub comparison: Option<&'a ResponseComparison>,
    /// What is wrong if a success is not at the microversion of the request.
    pub version_finding: Option<&'a Finding>,
}
