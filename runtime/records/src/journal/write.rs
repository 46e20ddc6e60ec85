//! Writing the journal, and sending events to it.

use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Entry, Event, FILE, line};

/// The journal of a run, open for writing.
#[derive(Debug)]
pub struct Journal {
    file: File,
    /// Whole lines not yet written.
    lines: Vec<u8>,
}

impl Journal {
    /// Opens the journal in `run_dir`, or creates it.
    ///
    /// The file is readable by its owner alone, and locked for as long as it is open:
    /// that is how a run shows that it is under way.
    ///
    /// # Errors
    /// The file cannot be opened, or another process has it open.
    pub fn open(run_dir: &Path) -> io::Result<Self> {
        let path = run_dir.join(FILE);
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file, lines: Vec::new() }),
            Err(TryLockError::WouldBlock) => {
                Err(io::Error::other("the run is still going on in another process"))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Writes an entry, after everything added before.
    pub fn append(&mut self, entry: &Entry) -> io::Result<()> {
        self.lines.extend_from_slice(line(entry)?.as_bytes());
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

/// Creates the directory of a run and those above it, each for its owner alone.
pub fn create_dir(dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)
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
