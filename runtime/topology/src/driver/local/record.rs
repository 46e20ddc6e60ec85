//! The files that identify processes; they outlive this program.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use procfs::process::Process;
use serde::{Deserialize, Serialize};

use super::files;
use crate::driver::DriverError;

const ENDING: &str = ".pid.json";

/// Identifies a process that was started, and distinguishes it from any later one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// Its process id, which is also its session id.
    pub(super) pid: u32,
    /// Its start time, in kernel ticks since boot.
    pub(super) started: u64,
    /// The id of the boot that the ticks and the process id belong to.
    pub(super) boot: String,
    /// Its log.
    pub(super) log: PathBuf,
}

impl Record {
    /// Creates the record of a process that has just been started.
    pub(super) fn of(pid: u32, log: &Path) -> io::Result<Self> {
        let started = process(pid).and_then(|p| p.stat().ok()).map(|stat| stat.starttime);
        let started = started.ok_or_else(|| io::Error::other("it has already ended"))?;
        Ok(Self { pid, started, boot: boot()?, log: log.to_owned() })
    }

    /// Whether it was recorded since the machine booted.
    pub(super) fn is_current(&self) -> bool {
        boot().is_ok_and(|boot| boot == self.boot)
    }
}

/// Returns the path of a process's record.
pub(super) fn path(run: &Path, id: &str) -> PathBuf {
    run.join(format!("{id}{ENDING}"))
}

/// Reads the record of a process, if it has one.
pub(super) fn read(run: &Path, id: &str) -> Result<Option<Record>, DriverError> {
    let path = path(run, id);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(DriverError::file(&path, error)),
    };
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|error| DriverError::file(&path, io::Error::other(error)))
}

/// Writes the record of a process.
pub(super) fn write(run: &Path, id: &str, record: &Record) -> Result<(), DriverError> {
    let path = path(run, id);
    let text = serde_json::to_vec(record)
        .map_err(|error| DriverError::file(&path, io::Error::other(error)))?;
    files::replace(&path, &text, 0o644)
}

/// Removes the record of a process.
pub(super) fn remove(run: &Path, id: &str) -> Result<(), DriverError> {
    let path = path(run, id);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(DriverError::file(&path, error)),
        _ => Ok(()),
    }
}

/// Returns the names of the processes that have a record, in order.
pub(super) fn names(run: &Path) -> Result<Vec<String>, DriverError> {
    let entries = match fs::read_dir(run) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(DriverError::file(run, error)),
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(ENDING).map(str::to_owned))
        .collect();
    names.sort();
    Ok(names)
}

fn boot() -> io::Result<String> {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").map(|text| text.trim().to_owned())
}

pub(super) fn process(pid: u32) -> Option<Process> {
    Process::new(i32::try_from(pid).ok()?).ok()
}
