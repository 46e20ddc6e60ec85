//! Writing the journal, and sending events to it.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Entry, Event, FILE};

/// The journal of a run, open for writing.
#[derive(Debug)]
pub struct Journal {
    file: File,
    /// Whole lines not yet written.
    lines: Vec<u8>,
}

impl Journal {
    /// Opens the journal in `run_dir`, or creates it.
    pub fn open(run_dir: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(run_dir.join(FILE))?;
        Ok(Self { file, lines: Vec::new() })
    }

    /// Writes an entry, after everything added before.
    pub fn append(&mut self, entry: &Entry) -> io::Result<()> {
        serde_json::to_writer(&mut self.lines, entry)?;
        self.lines.push(b'\n');
        self.flush()
    }

    /// Adds an encoded entry; it is written by the next [`flush`](Self::flush).
    pub fn add(&mut self, line: &[u8]) {
        self.lines.extend_from_slice(line);
        self.lines.push(b'\n');
    }

    /// Writes everything added, at once.
    pub fn flush(&mut self) -> io::Result<()> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let written = self.file.write_all(&self.lines);
        self.lines.clear();
        written
    }
}

/// Where events are sent: a handle that is cheap to clone.
#[derive(Clone)]
pub struct Sink(Arc<dyn Fn(Entry) + Send + Sync>);

impl Sink {
    /// Creates a sink from a function; it must not block for long.
    pub fn new(take: impl Fn(Entry) + Send + Sync + 'static) -> Self {
        Self(Arc::new(take))
    }

    /// Creates a sink that keeps nothing.
    pub fn nowhere() -> Self {
        Self::new(|_| ())
    }

    /// Sends an event with the current time.
    pub fn send(&self, event: Event) {
        (self.0)(Entry::now(event));
    }
}

impl Entry {
    /// Creates an entry with the current time.
    pub fn now(event: Event) -> Self {
        Self { at: Timestamp::now(), event }
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sink")
    }
}
