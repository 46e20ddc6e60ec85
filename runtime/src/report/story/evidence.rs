//! What a test leaves that shows why it did not pass.

use std::collections::VecDeque;

use serde_json::Value;

use crate::client::{Exchange, redact};
use crate::journal::WaitReport;

/// How many of a test's last exchanges are kept.
const KEPT: usize = 50;

/// What shows why a test did not pass.
#[derive(Debug, Default)]
pub(in crate::report) struct Evidence {
    /// Its last exchanges before what it made was undone.
    pub(in crate::report) exchanges: VecDeque<Exchange>,
    /// How many there were in all.
    pub(in crate::report) sent: usize,
    /// Its waits that were in vain.
    pub(in crate::report) waits: Vec<WaitReport>,
    /// What it noted itself.
    pub(in crate::report) notes: Vec<(String, String)>,
    closed: bool,
}

impl Evidence {
    /// Keeps an exchange. What is sent to undo things shows nothing of why the test
    /// failed, so nothing is kept from then on.
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

    /// Keeps nothing more of what is sent.
    pub(in crate::report) fn close(&mut self) {
        self.closed = true;
    }

    /// Keeps a note, its secrets hidden: a test may note whole answers.
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
