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
}

impl Journal {
    /// Opens the journal in `run_dir`, made if it is not there.
    pub fn open(run_dir: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(run_dir.join(FILE))?;
        Ok(Self { file })
    }

    /// Writes one line.
    pub fn append(&mut self, entry: &Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        self.file.write_all(&line)
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
