//! The events of a run as JSON.

use std::io::Write;

use super::Reporter;
use crate::journal::Entry;

/// Writes each event as one line of JSON.
#[derive(Debug)]
pub struct Json<W>(W);

impl<W: Write> Json<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self(out)
    }
}

impl<W: Write> Reporter for Json<W> {
    fn wants_everything(&self) -> bool {
        true
    }

    fn see(&mut self, entry: &Entry) {
        // The reader may have closed the pipe; the journal is complete anyway.
        if let Ok(line) = serde_json::to_string(entry) {
            let _ = writeln!(self.0, "{line}").and_then(|()| self.0.flush());
        }
    }
}
