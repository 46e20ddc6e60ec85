//! Reading a ledger back, torn lines and all.

use std::fs;
use std::io;
use std::path::Path;

use super::{FILE, LedgerError, Record};

/// What a ledger says.
#[derive(Debug, Default)]
pub struct Reading {
    /// Its records, in the order of the file.
    pub records: Vec<Record>,
    /// The numbers (from 1) of lines that are no records.
    ///
    /// A writer that was killed leaves one. Nothing is lost by skipping it: the
    /// request of a torn intent never went out, and any other record only says
    /// that less is left to undo.
    pub damaged: Vec<usize>,
}

/// Reads the ledger in `run_dir`; a run that never wrote one has made nothing.
pub fn read(run_dir: &Path) -> Result<Reading, LedgerError> {
    read_file(&run_dir.join(FILE))
}

/// Returns the highest number in use.
pub(super) fn last_seq(path: &Path) -> Result<u64, LedgerError> {
    Ok(read_file(path)?.records.iter().map(|r| r.seq).max().unwrap_or(0))
}

fn read_file(path: &Path) -> Result<Reading, LedgerError> {
    match fs::read(path) {
        Ok(bytes) => Ok(parse(&bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Reading::default()),
        Err(source) => Err(LedgerError::Io { path: path.to_owned(), source }),
    }
}

/// Bytes and not text: a line may be torn inside a character.
pub(super) fn parse(bytes: &[u8]) -> Reading {
    let mut reading = Reading::default();
    for (index, line) in bytes.split(|b| *b == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        match serde_json::from_slice(line) {
            Ok(record) => reading.records.push(record),
            Err(_) => reading.damaged.push(index + 1),
        }
    }
    reading
}
