//! Writing the ledger: one `write` per record, before its request is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{FILE, Intent, LedgerEntry, LedgerError, Record, RecordedChange};

/// How long to wait for the lock of a process that was just killed.
const PATIENCE: Duration = Duration::from_secs(2);

/// The ledger of a run, open for writing.
///
/// One process writes at a time; the lock ends with the process. Records are not synced
/// to disk: they have to outlive this process, not a power failure.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    run: String,
    open: Mutex<Open>,
}

#[derive(Debug)]
struct Open {
    file: File,
    /// How much of the file is whole lines.
    len: u64,
    next: u64,
    made: BTreeSet<String>,
    /// What was there before the run changed it, by operation and parameters.
    was: BTreeMap<Changed, Value>,
}

/// What an operation changes: its id, and the parameters of its path.
type Changed = (String, BTreeMap<String, String>);

impl Ledger {
    /// Opens the ledger in `run_dir`, or creates it.
    pub fn open(run_dir: &Path, run: &str) -> Result<Self, LedgerError> {
        let path = run_dir.join(FILE);
        let failed = |source| LedgerError::Io { path: path.clone(), source };
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        lock(&file, &path)?;
        let records = super::read::read_file(&path)?.records;
        let next = records.iter().map(|record| record.seq).max().unwrap_or(0) + 1;
        let len = drop_torn_line(&mut file).map_err(failed)?;
        let mut open = Open { file, len, next, made: BTreeSet::new(), was: BTreeMap::new() };
        // A worker that follows one that crashed must not take its changes for what was there.
        for record in &records {
            open.remember(&record.entry);
        }
        Ok(Self { path, run: run.to_owned(), open: Mutex::new(open) })
    }

    /// Writes one record and gives its number.
    ///
    /// The write blocks: a few hundred bytes into the page cache cost less than a switch
    /// to another thread.
    pub fn append(&self, entry: LedgerEntry) -> Result<u64, LedgerError> {
        let failed = |source| LedgerError::Io { path: self.path.clone(), source };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let seq = open.next;
        let at = jiff::Timestamp::now().to_string();
        let record = Record { seq, at, run: self.run.clone(), entry };
        let mut line = serde_json::to_string(&record).map_err(|e| failed(e.into()))?;
        super::seal::close(&mut line);
        line.push('\n');
        // Half a line, as of a full disk, would spoil the next one.
        open.file
            .set_len(open.len)
            .and_then(|()| open.file.write_all(line.as_bytes()))
            .map_err(failed)?;
        open.len += line.len() as u64;
        open.next += 1;
        open.remember(&record.entry);
        if let LedgerEntry::Made { id, .. } = record.entry {
            open.made.insert(id);
        }
        Ok(seq)
    }

    /// Returns what was there before the run first changed it by this operation, with these
    /// parameters in its path.
    pub fn was(&self, operation: &str, params: &BTreeMap<String, String>) -> Option<Value> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.was.get(&(operation.to_owned(), params.clone())).cloned()
    }

    /// Whether something with this id was created through this ledger since it was
    /// opened.
    pub fn has_made(&self, id: &str) -> bool {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).made.contains(id)
    }

    /// Returns the ids of all that was created through this ledger since it was opened.
    pub fn all_made(&self) -> Vec<String> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.made.iter().cloned().collect()
    }

    /// Returns the number of the last record.
    pub fn last(&self) -> u64 {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).next - 1
    }

    /// Returns the run's id.
    pub fn run(&self) -> &str {
        &self.run
    }
}

impl Open {
    fn remember(&mut self, entry: &LedgerEntry) {
        if let LedgerEntry::Intent(Intent { change, params, .. }) = entry
            && let Some(RecordedChange::Restored(restoration)) = change
        {
            let changed = (restoration.operation.clone(), params.clone());
            self.was.entry(changed).or_insert_with(|| restoration.was.clone());
        }
    }
}

fn lock(file: &File, path: &Path) -> Result<(), LedgerError> {
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(LedgerError::Busy { path: path.to_owned() });
            }
            Err(TryLockError::Error(source)) => {
                return Err(LedgerError::Io { path: path.to_owned(), source });
            }
        }
    }
}

/// Removes the incomplete last line of a killed process, and returns the length of the
/// rest: its record was never acted on.
fn drop_torn_line(file: &mut File) -> io::Result<u64> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    if super::read::parse(&bytes).is_torn {
        file.set_len(whole as u64)?;
        return Ok(whole as u64);
    }
    if whole < bytes.len() {
        // A whole record without its line break, or damage that must stay visible.
        file.write_all(b"\n")?;
        return Ok(bytes.len() as u64 + 1);
    }
    Ok(whole as u64)
}

#[cfg(test)]
mod tests {
    use super::super::{Intent, Owner, Restoration, read};
    use super::*;

    #[test]
    fn what_was_there_before_the_first_change_is_known_after_a_crash() {
        let dir = tempfile::tempdir().unwrap();
        let params = BTreeMap::from([("id".to_owned(), "agent".to_owned())]);
        let change = |was: &str| {
            let was = Value::String(was.to_owned());
            let restoration = Restoration { operation: "a.b.update".to_owned(), body: None, was };
            LedgerEntry::Intent(Intent {
                params: params.clone(),
                change: Some(RecordedChange::Restored(Box::new(restoration))),
                ..Intent::create("cloud.setting", "squall-1", Owner::new("u", None))
            })
        };
        let ledger = Ledger::open(dir.path(), "run").unwrap();
        assert_eq!(ledger.was("a.b.update", &params), None);
        ledger.append(change("up")).unwrap();
        ledger.append(change("down")).unwrap();
        drop(ledger);
        let again = Ledger::open(dir.path(), "run").unwrap();
        assert_eq!(again.was("a.b.update", &params), Some(Value::String("up".to_owned())));
        assert_eq!(again.was("a.c.update", &params), None);
    }

    fn intent(name: &str) -> LedgerEntry {
        LedgerEntry::Intent(Intent::create("compute.server", name, Owner::new("u", Some("p"))))
    }

    #[test]
    fn numbers_go_on_where_a_killed_writer_stopped() {
        let dir = tempfile::tempdir().unwrap();
        let first = Ledger::open(dir.path(), "run").unwrap();
        assert_eq!(first.append(intent("a")).unwrap(), 1);
        drop(first);
        let path = dir.path().join(FILE);
        let mut torn = std::fs::read(&path).unwrap();
        torn.extend_from_slice(br#"{"seq":2,"at":"2026-"#);
        std::fs::write(&path, torn).unwrap();

        let second = Ledger::open(dir.path(), "run").unwrap();
        assert_eq!(second.append(intent("b")).unwrap(), 2);
        let reading = read(dir.path()).unwrap();
        assert_eq!(reading.records.iter().map(|r| r.seq).collect::<Vec<_>>(), [1, 2]);
        assert!(reading.damage.is_empty() && !reading.is_torn, "{reading:?}");
    }

    #[test]
    fn what_follows_a_line_without_its_end_is_a_line_of_its_own() {
        for (end, damage) in [("", 0), ("x", 1)] {
            let dir = tempfile::tempdir().unwrap();
            Ledger::open(dir.path(), "run").unwrap().append(intent("a")).unwrap();
            let path = dir.path().join(FILE);
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, format!("{}{end}", text.trim_end())).unwrap();
            Ledger::open(dir.path(), "run").unwrap().append(intent("b")).unwrap();
            let reading = read(dir.path()).unwrap();
            assert_eq!(
                (reading.records.len(), reading.damage.len()),
                (2 - damage, damage),
                "{end}"
            );
        }
    }

    #[test]
    fn a_ledger_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        Ledger::open(dir.path(), "run").unwrap();
        let mode = std::fs::metadata(dir.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn half_a_line_of_a_full_disk_does_not_spoil_the_next() {
        let dir = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(dir.path(), "run").unwrap();
        ledger.append(intent("a")).unwrap();
        // What a write that failed half-way leaves.
        let half = OpenOptions::new().append(true).open(dir.path().join(FILE));
        half.unwrap().write_all(br#"{"seq":2,"at":"20"#).unwrap();
        ledger.append(intent("b")).unwrap();
        let reading = read(dir.path()).unwrap();
        assert!(reading.damage.is_empty(), "{reading:?}");
        assert_eq!(reading.records.len(), 2);
    }

    #[test]
    fn a_second_writer_is_refused_while_the_first_lives() {
        let dir = tempfile::tempdir().unwrap();
        let _first = Ledger::open(dir.path(), "run").unwrap();
        let error = Ledger::open(dir.path(), "run").unwrap_err();
        assert!(matches!(error, LedgerError::Busy { .. }), "{error}");
        assert!(error.to_string().contains("still in progress"));
    }
}
