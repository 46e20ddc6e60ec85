//! Observers of a session's calls: journals, ledgers, guards.

use std::fmt;
use std::sync::Arc;

use squall_model::{Microversion, Operation};

use crate::exchange::Exchange;

/// Observes calls; all methods have a default that does nothing.
///
/// - [`before`](Self::before) runs once per call, before the first attempt, and
///   may refuse the call: then nothing is sent.
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

/// Why an observer refused a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub reason: String,
    /// What to do instead.
    pub help: Option<String>,
}

impl Refusal {
    /// Creates a refusal.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), help: None }
    }

    /// Adds what to do instead.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        self.help.iter().try_for_each(|help| write!(f, "; {help}"))
    }
}

impl std::error::Error for Refusal {}
