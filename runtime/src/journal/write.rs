//! Writing the journal, and the way to it for whoever has something to say.

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
    /// Whole lines that are not written yet.
    lines: Vec<u8>,
}

impl Journal {
    /// Opens the journal in `run_dir`, made if it is not there.
    pub fn open(run_dir: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(run_dir.join(FILE))?;
        Ok(Self { file, lines: Vec::new() })
    }

    /// Writes one line, and what was added before.
    pub fn append(&mut self, entry: &Entry) -> io::Result<()> {
        serde_json::to_writer(&mut self.lines, entry)?;
        self.lines.push(b'\n');
        self.flush()
    }

    /// Adds a line that is an entry as [`append`](Self::append) writes it; it is in the file
    /// after the next [`flush`](Self::flush).
    pub fn add(&mut self, line: &[u8]) {
        self.lines.extend_from_slice(line);
        self.lines.push(b'\n');
    }

    /// Writes what was added, all of it at once.
    pub fn flush(&mut self) -> io::Result<()> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let written = self.file.write_all(&self.lines);
        self.lines.clear();
        written
    }
}

/// Where events go: a cheap handle that any part of a run may hold.
#[derive(Clone)]
pub struct Sink(Arc<dyn Fn(Entry) + Send + Sync>);

impl Sink {
    /// Makes a sink from what is done with each entry; it must not block for long.
    pub fn new(take: impl Fn(Entry) + Send + Sync + 'static) -> Self {
        Self(Arc::new(take))
    }

    /// Makes a sink that keeps nothing.
    pub fn nowhere() -> Self {
        Self::new(|_| ())
    }

    /// Sends an event, dated now.
    pub fn send(&self, event: Event) {
        (self.0)(Entry::now(event));
    }
}

impl Entry {
    /// Dates an event.
    pub fn now(event: Event) -> Self {
        Self { at: Timestamp::now(), event }
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sink")
    }
}
