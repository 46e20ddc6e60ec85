//! Records which test is on which thread, in a file that outlives the process.
//!
//! A test that aborts, overflows its stack or calls `exit` ends the process, and
//! code inside it cannot reliably report which test it was. So each runtime thread
//! has a slot in a small file that holds the test being polled: two writes into the
//! page cache for each poll. The supervisor reads the slots after a process died.

use std::cell::Cell;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// The size of a slot in bytes: the test's number plus one, little-endian.
const SLOT: usize = 4;

/// The prefix of the runtime threads' names.
const THREAD: &str = "worker-";

/// Returns the name of a runtime thread.
pub(super) fn thread_name(number: usize) -> String {
    format!("{THREAD}{number}")
}

/// The slots of a running process.
#[derive(Debug, Clone)]
pub struct Slots(Option<Arc<File>>);

impl Slots {
    /// Creates the file at `path`, with empty slots.
    pub fn create(path: &Path) -> io::Result<Self> {
        let file =
            OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(path)?;
        Ok(Self(Some(Arc::new(file))))
    }

    /// Creates slots without a file.
    pub fn nowhere() -> Self {
        Self(None)
    }

    fn enter(&self, value: u32) {
        thread_local! {
            static NUMBER: Cell<Option<usize>> = const { Cell::new(None) };
        }
        let Some(file) = &self.0 else { return };
        let number = NUMBER.get().or_else(|| {
            let number = std::thread::current().name()?.strip_prefix(THREAD)?.parse().ok();
            NUMBER.set(number);
            number
        });
        if let Some(number) = number {
            // If this fails, a crash is still found by running the suspects alone.
            let _ = file.write_all_at(&value.to_le_bytes(), (number * SLOT) as u64);
        }
    }
}

/// A test's future that records itself in the slot of the thread that polls it.
#[derive(Debug)]
pub(super) struct Polled<F> {
    inner: F,
    number: u32,
    slots: Slots,
}

impl<F: Future + Unpin> Polled<F> {
    /// Wraps the future of the test with this number.
    pub(super) fn new(inner: F, number: usize, slots: Slots) -> Self {
        let number = u32::try_from(number).unwrap_or(u32::MAX - 1);
        Self { inner, number, slots }
    }
}

impl<F: Future + Unpin> Future for Polled<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.slots.enter(self.number + 1);
        let polled = Pin::new(&mut self.inner).poll(cx);
        self.slots.enter(0);
        polled
    }
}

/// The slots of a process that ended.
#[derive(Debug)]
pub struct SlotFile(PathBuf);

impl SlotFile {
    /// Refers to the file at `path`.
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Returns the file's path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Returns the tests that were being polled when the process died, as pairs of thread
    /// and test number.
    pub fn read(&self) -> Vec<(usize, usize)> {
        let bytes = std::fs::read(&self.0).unwrap_or_default();
        bytes
            .as_chunks::<SLOT>()
            .0
            .iter()
            .enumerate()
            .filter_map(|(thread, slot)| {
                let number = u32::from_le_bytes(*slot).checked_sub(1)?;
                Some((thread, number as usize))
            })
            .collect()
    }

    /// Returns the tests that may have killed the process, from the slots and from its
    /// last output: the message of a stack overflow names the thread.
    pub fn suspects(&self, output: &[String]) -> Vec<usize> {
        let polled = self.read();
        let named = output.iter().rev().find_map(|line| {
            let (before, _) = line.split_once("overflowed its stack")?;
            let (_, after) = before.rsplit_once(THREAD)?;
            after.split_once('\'')?.0.parse::<usize>().ok()
        });
        match named.and_then(|thread| polled.iter().find(|(slot, _)| *slot == thread)) {
            Some((_, test)) => vec![*test],
            None => polled.into_iter().map(|(_, test)| test).collect(),
        }
    }

    /// Removes the file.
    pub fn remove(&self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_process_has_its_polled_tests_in_its_slots() {
        let dir = tempfile::tempdir().unwrap();
        let file = SlotFile::new(dir.path().join("slots"));
        let slots = Slots::create(file.path()).unwrap();
        let mode = std::fs::metadata(file.path()).unwrap().permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600);
        let on = |thread: usize, value: u32| {
            let slots = slots.clone();
            let builder = std::thread::Builder::new().name(thread_name(thread));
            builder.spawn(move || slots.enter(value)).unwrap().join().unwrap();
        };
        on(3, 8);
        on(1, 1);
        on(0, 5);
        on(0, 0);
        assert_eq!(file.read(), [(1, 0), (3, 7)]);
        assert_eq!(file.suspects(&[]), [0, 7]);
        let line = "thread 'worker-3' (4711) has overflowed its stack".to_owned();
        assert_eq!(file.suspects(&[line]), [7]);
    }
}
