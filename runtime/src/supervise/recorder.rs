//! Where every event of a run passes: into the journal, to the reporters, and
//! into the sums that decide the exit code.

use std::io;
use std::path::Path;
use std::time::Instant;

use super::evidence::Evidence;
use crate::journal::{Counts, Entry, Event, Journal, TestResult, Verdict};
use crate::report::Reporter;

/// Writes a run's events down and passes them on.
pub(super) struct Recorder<'a> {
    journal: Journal,
    reporter: &'a mut dyn Reporter,
    evidence: Evidence,
    /// What was taken and is not reported yet.
    unseen: Vec<Entry>,
    start: Instant,
    counts: Counts,
    leftovers: usize,
    refused: bool,
    unswept: bool,
}

impl<'a> Recorder<'a> {
    /// Starts the journal of a run.
    pub(super) fn start(
        run_dir: &Path,
        counts: Counts,
        reporter: &'a mut dyn Reporter,
    ) -> io::Result<Self> {
        Ok(Self {
            journal: Journal::open(run_dir)?,
            reporter,
            evidence: Evidence::default(),
            unseen: Vec::new(),
            start: Instant::now(),
            counts,
            leftovers: 0,
            refused: false,
            unswept: false,
        })
    }

    /// Takes an event that happens now.
    pub(super) fn now(&mut self, event: Event) -> io::Result<()> {
        let entry = Entry::now(event);
        let line = serde_json::to_vec(&entry)?;
        self.take(entry, &line)?;
        self.flush()
    }

    /// Takes an event that a worker told, and its line; it is written and reported with the
    /// next [`flush`](Self::flush).
    pub(super) fn take(&mut self, entry: Entry, line: &[u8]) -> io::Result<()> {
        self.journal.add(line);
        self.note(&entry.event);
        self.unseen.extend(self.evidence.asked_for_by(&entry.event)?);
        self.unseen.push(entry);
        Ok(())
    }

    /// Keeps the line of an event that is evidence alone: reporters see it when what it is
    /// evidence of has ended, and then only where that did not pass.
    pub(super) fn keep(&mut self, of: Option<&str>, line: &[u8]) -> io::Result<()> {
        self.journal.add(line);
        if self.reporter.wants_everything() {
            self.unseen.push(serde_json::from_slice(line)?);
        } else if let Some(of) = of {
            self.evidence.add(of, line);
        }
        Ok(())
    }

    /// Writes what was taken into the journal, and then reports it: what anybody has seen is
    /// known to whoever goes on after a kill.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.journal.flush()?;
        for entry in self.unseen.drain(..) {
            self.reporter.see(&entry);
        }
        Ok(())
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::TestFinished(result) => self.counts.add(&result.verdict),
            // What a test leaves is tried again at the end; what is left then is left.
            Event::Cleanup { test: None, outcome } => {
                self.leftovers = outcome.left.len();
                self.unswept = false;
            }
            Event::WorkerStarted { .. } => self.unswept = true,
            Event::CloudRefused { .. } => self.refused = true,
            _ => {}
        }
    }

    /// Gives a verdict that no worker gave.
    pub(super) fn verdict(&mut self, test: &str, verdict: Verdict) -> io::Result<()> {
        let result = TestResult { test: test.to_owned(), verdict, duration_ms: 0 };
        self.now(Event::TestFinished(result))
    }

    /// Tells whether the cloud did not let us in.
    pub(super) fn is_refused(&self) -> bool {
        self.refused
    }

    /// Tells whether the last worker ended without having undone what it could.
    pub(super) fn is_unswept(&self) -> bool {
        self.unswept
    }

    /// Gives the sums so far.
    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    /// Gives how many things were left at the cloud.
    pub(super) fn leftovers(&self) -> usize {
        self.leftovers
    }

    /// Closes the journal.
    pub(super) fn finish(&mut self, exit_code: u8) -> io::Result<Counts> {
        let counts = self.counts;
        let duration_ms = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.now(Event::RunFinished { counts, duration_ms, exit_code })?;
        Ok(counts)
    }
}
