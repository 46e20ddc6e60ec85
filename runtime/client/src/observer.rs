//! Who watches a session's calls: journals, ledgers, guards.

use std::fmt;
use std::sync::Arc;

use squall_model::{Microversion, Operation};

use crate::exchange::Exchange;

/// Watches calls; all methods have a default that does nothing.
///
/// - [`before`](Self::before) is asked once a call, before its first attempt,
///   and may refuse it: then nothing is sent.
/// - [`after`](Self::after) is told of every attempt, also of those that a
///   session makes by itself to get a token or a service's versions.
pub trait Observer: Send + Sync + 'static {
    /// Lets a call go or refuses it.
    ///
    /// # Errors
    /// The refusal, which the caller of [`Call::send`](crate::Call::send) gets.
    fn before(&self, call: &CallInfo<'_>) -> Result<(), Refusal> {
        let _ = call;
        Ok(())
    }

    /// Takes note of an attempt.
    fn after(&self, exchange: &Exchange) {
        let _ = exchange;
    }
}

/// Observers one after another: the first refusal holds.
impl Observer for Vec<Arc<dyn Observer>> {
    fn before(&self, call: &CallInfo<'_>) -> Result<(), Refusal> {
        self.iter().try_for_each(|observer| observer.before(call))
    }

    fn after(&self, exchange: &Exchange) {
        for observer in self {
            observer.after(exchange);
        }
    }
}

/// A call that is about to be sent.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct CallInfo<'a> {
    /// What it does.
    pub operation: &'a Operation,
    /// Who asks: the session's label.
    pub identity: Option<&'a str>,
    /// The whole URL.
    pub url: &'a str,
    /// The microversion it is sent at.
    pub version: Option<Microversion>,
    /// The JSON body, with its secrets.
    pub body: Option<&'a serde_json::Value>,
    /// The notes it was given, see [`Call::note`](crate::Call::note).
    pub notes: &'a [(&'static str, String)],
}

impl CallInfo<'_> {
    /// Gives a note of the call.
    pub fn note(&self, key: &str) -> Option<&str> {
        self.notes.iter().find(|(name, _)| *name == key).map(|(_, value)| value.as_str())
    }
}

/// Why an observer did not let a call go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: String,
    /// What to do instead.
    pub help: Option<String>,
}

impl Refusal {
    /// Makes a refusal.
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
