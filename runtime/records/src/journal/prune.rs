//! Removing old runs.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use super::{Entry, Event, FILE, Header, RunError, runs};
use crate::ledger;

/// What was removed, and which older runs were kept all the same.
#[derive(Debug, Default)]
pub struct Pruned {
    /// The directories that are gone.
    pub removed: Vec<PathBuf>,
    /// The directories that stayed although they are old, and why.
    pub kept: Vec<(PathBuf, Kept)>,
}

/// Why an old run is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Its ledger has entries that are not undone, or cannot be read: `squall cleanup`
    /// needs it.
    Outstanding,
    /// It is under way.
    Running,
}

/// Removes all runs below `base` but the newest `keep`.
///
/// A run that is under way, or whose ledger names something that may still be in a
/// cloud, is never removed. A cloud that the run started itself ended with it.
///
/// # Errors
/// A directory cannot be read or removed.
pub fn prune(base: &Path, keep: usize) -> Result<Pruned, RunError> {
    let mut all = runs(base)?;
    all.truncate(all.len().saturating_sub(keep));
    let mut pruned = Pruned::default();
    for dir in all {
        let failed = |source| RunError::Io { path: dir.clone(), source };
        if is_running(&dir).map_err(failed)? {
            pruned.kept.push((dir, Kept::Running));
        } else if has_outstanding(&dir) && !is_in_process(&dir) {
            pruned.kept.push((dir, Kept::Outstanding));
        } else {
            match fs::remove_dir_all(&dir) {
                // Another process may have pruned at the same time.
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
                _ => pruned.removed.push(dir),
            }
        }
    }
    Ok(pruned)
}

/// Whether a process has the run's journal open for writing.
fn is_running(dir: &Path) -> io::Result<bool> {
    match File::open(dir.join(FILE))?.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Whether the journal begins by saying that the run started its cloud itself.
fn is_in_process(dir: &Path) -> bool {
    let mut line = Vec::new();
    let read = File::open(dir.join(FILE)).and_then(|file| {
        // The rest is mostly exchanges.
        BufReader::new(file).read_until(b'\n', &mut line)
    });
    read.is_ok()
        && matches!(
            serde_json::from_slice(&line),
            Ok(Entry { event: Event::RunStarted(Header { in_process: true, .. }), .. })
        )
}

fn has_outstanding(dir: &Path) -> bool {
    match ledger::read(dir) {
        Ok(reading) => {
            !reading.damage.is_empty()
                || reading.is_torn
                || !ledger::outstanding(&reading.records).is_empty()
        }
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Event, Journal, RUNS, create_dir};
    use super::*;
    use crate::journal::Entry;

    fn run(base: &Path, id: &str) -> PathBuf {
        let dir = base.join(RUNS).join(id);
        create_dir(&dir).unwrap();
        let mut journal = Journal::open(&dir).unwrap();
        journal.append(&Entry::now(Event::Interrupted { times: 1 })).unwrap();
        dir
    }

    #[test]
    fn only_old_runs_that_are_over_and_undone_are_removed() {
        let base = tempfile::tempdir().unwrap();
        let dirs: Vec<PathBuf> =
            ["1", "2", "3", "4", "5"].iter().map(|id| run(base.path(), id)).collect();
        fs::write(dirs[1].join(ledger::FILE), "{\"torn").unwrap();
        let running = Journal::open(&dirs[2]).unwrap();
        let pruned = prune(base.path(), 1).unwrap();
        assert_eq!(pruned.removed, [dirs[0].clone(), dirs[3].clone()]);
        assert_eq!(
            pruned.kept,
            [(dirs[1].clone(), Kept::Outstanding), (dirs[2].clone(), Kept::Running)]
        );
        drop(running);
        assert_eq!(prune(base.path(), 1).unwrap().removed, [dirs[2].clone()]);
        assert!(dirs[4].is_dir());
    }

    #[test]
    fn a_run_stays_while_its_ledger_lists_something_or_cannot_be_trusted() {
        let base = tempfile::tempdir().unwrap();
        let intent = "{\"seq\":1,\"at\":\"\",\"run\":\"r\",\"entry\":{\"intent\":{\"kind\":\"k\",\
                      \"name\":\"n\",\"owner\":{\"user-id\":\"u\"}}}}\n";
        let gone = "{\"seq\":2,\"at\":\"\",\"run\":\"r\",\"entry\":{\"gone\":{\"of\":1}}}\n";
        let damage = "?\n";
        for (text, stays) in [
            (intent.to_owned(), true),
            (format!("{intent}{gone}"), false),
            (format!("{intent}{gone}{damage}"), true),
        ] {
            let dir = run(base.path(), "1");
            fs::write(dir.join(ledger::FILE), &text).unwrap();
            prune(base.path(), 0).unwrap();
            assert_eq!(dir.is_dir(), stays, "{text}");
        }
        let dir = run(base.path(), "1");
        fs::remove_file(dir.join(ledger::FILE)).unwrap();
        fs::create_dir(dir.join(ledger::FILE)).unwrap();
        prune(base.path(), 0).unwrap();
        assert!(dir.is_dir(), "its ledger cannot be read");
    }

    #[test]
    fn a_run_and_its_files_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let base = tempfile::tempdir().unwrap();
        let dir = run(base.path(), "1");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&dir), mode(&dir.join(FILE))), (0o700, 0o600));
        assert_eq!(mode(&base.path().join(super::super::HOME)), 0o700);
    }

    #[test]
    fn a_run_is_written_by_one_process_at_a_time() {
        let base = tempfile::tempdir().unwrap();
        let dir = run(base.path(), "1");
        let _held = Journal::open(&dir).unwrap();
        assert!(Journal::open(&dir).is_err());
    }

    #[test]
    fn what_a_killed_run_left_on_a_cloud_of_its_own_needs_no_cleanup() {
        let base = tempfile::tempdir().unwrap();
        let dirs: Vec<PathBuf> = [true, false]
            .into_iter()
            .zip(["1", "2"])
            .map(|(in_process, id)| {
                let dir = base.path().join(RUNS).join(id);
                create_dir(&dir).unwrap();
                let event = format!(
                    r#"{{"type":"run-started","run":"{id}","squall":"0.1.0","cloud":"embedded","in-process":{in_process},"seed":1,"jobs":4,"timeout-scale":1.0,"selection":"","tests":[]}}"#
                );
                let line = format!("{{\"at\":\"2026-11-29T10:09:28Z\",\"event\":{event}}}\n");
                fs::write(dir.join(FILE), line).unwrap();
                fs::write(dir.join(ledger::FILE), "{\"torn").unwrap();
                dir
            })
            .collect();
        let pruned = prune(base.path(), 0).unwrap();
        assert_eq!(pruned.removed, [dirs[0].clone()]);
        assert_eq!(pruned.kept, [(dirs[1].clone(), Kept::Outstanding)]);
    }
}
