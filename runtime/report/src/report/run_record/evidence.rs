//! The evidence that a test left.

use std::collections::VecDeque;

use serde_json::Value;

use crate::client::{Exchange, redact};
use crate::journal::WaitReport;

/// How many of a test's last requests are kept.
const KEPT: usize = 50;

/// The evidence for a failure.
#[derive(Debug, Default)]
pub(in crate::report) struct Evidence {
    /// Its last requests, excluding cleanup.
    pub(in crate::report) exchanges: VecDeque<Exchange>,
    /// The total number of requests.
    pub(in crate::report) sent: usize,
    /// Its waits that failed.
    pub(in crate::report) waits: Vec<WaitReport>,
    /// Its notes.
    pub(in crate::report) notes: Vec<(String, String)>,
    closed: bool,
}

impl Evidence {
    /// Keeps a request. Requests of the cleanup do not explain the failure, so none is kept
    /// after [`close`](Self::close).
    pub(in crate::report) fn send(&mut self, exchange: &Exchange) {
        if self.closed {
            return;
        }
        if self.exchanges.len() == KEPT {
            self.exchanges.pop_front();
        }
        self.exchanges.push_back(exchange.clone());
        self.sent += 1;
    }

    /// Stops keeping requests.
    pub(in crate::report) fn close(&mut self) {
        self.closed = true;
    }

    /// Keeps a note with its secrets hidden, because a test may note whole answers.
    pub(in crate::report) fn note(&mut self, key: &str, value: &Value) {
        let text = match value {
            Value::String(_) | Value::Number(_) if redact::is_secret(key) => {
                redact::HIDDEN.to_owned()
            }
            Value::String(text) => text.clone(),
            other => redact::json(other).to_string(),
        };
        self.notes.push((key.to_owned(), text));
    }
}
