//! Records every event of a run: writes it to the journal, passes it to the
//! reporters, and counts what decides the exit code.

use std::io;
use std::path::Path;
use std::time::Instant;

use super::evidence::Evidence;
use crate::journal::{Counts, Entry, Event, Journal, TestResult, Verdict, settled};
use crate::report::Reporter;

/// Records the events of a run.
pub(super) struct Recorder<'a> {
    journal: Journal,
    reporter: &'a mut dyn Reporter,
    evidence: Evidence,
    /// Events taken but not yet reported.
    unseen: Vec<Entry>,
    start: Instant,
    counts: Counts,
    leftovers: usize,
    refused: bool,
    /// Why the cloud is taken to be gone.
    lost: Option<String>,
    unswept: bool,
    /// Whether an answer could not be kept.
    not_kept: bool,
}

impl<'a> Recorder<'a> {
    /// Opens the journal of a run.
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
            lost: None,
            unswept: false,
            not_kept: false,
        })
    }

    /// Records an event that happens now.
    pub(super) fn now(&mut self, event: Event) -> io::Result<()> {
        let (entry, line) = settled(&Entry::now(event))?;
        self.take(entry, line.as_bytes())?;
        self.flush()
    }

    /// Adds an event that a worker sent, and its line; written and reported by the next
    /// [`flush`](Self::flush).
    pub(super) fn take(&mut self, entry: Entry, line: &[u8]) -> io::Result<()> {
        self.journal.add(line);
        self.note(&entry.event);
        self.unseen.extend(self.evidence.asked_for_by(&entry.event)?);
        self.unseen.push(entry);
        Ok(())
    }

    /// Adds the line of an event that is only evidence. Reporters see it once the test
    /// has ended, and only if it did not pass.
    pub(super) fn keep(&mut self, of: Option<&str>, line: &[u8]) -> io::Result<()> {
        self.journal.add(line);
        if self.reporter.wants_everything() {
            self.unseen.push(serde_json::from_slice(line)?);
        } else if let Some(of) = of {
            self.evidence.add(of, line);
        }
        Ok(())
    }

    /// Writes added events to the journal and then reports them, so that everything
    /// reported is also known to a resumed run.
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
            // Leftovers of single tests are tried again at the end of the run.
            Event::Cleanup { test: None, outcome } => {
                self.leftovers = outcome.left.len() + outcome.unknown.len();
                self.unswept = false;
            }
            Event::WorkerStarted { .. } => self.unswept = true,
            Event::AnswerNotKept { .. } => self.not_kept = true,
            Event::CloudRefused { .. } => self.refused = true,
            Event::CloudLost { cause } => self.lost = Some(cause.clone()),
            _ => {}
        }
    }

    /// Records a verdict that no worker gave.
    pub(super) fn verdict(&mut self, test: &str, verdict: Verdict) -> io::Result<()> {
        let result = TestResult { test: test.to_owned(), verdict, duration_ms: 0 };
        self.now(Event::TestFinished(result))
    }

    /// Whether the connection to the cloud failed.
    pub(super) fn is_refused(&self) -> bool {
        self.refused
    }

    /// Returns why the cloud is taken to be gone, if it is.
    pub(super) fn lost(&self) -> Option<&str> {
        self.lost.as_deref()
    }

    /// Whether an answer could not be kept for `--observe`.
    pub(super) fn lacks_answers(&self) -> bool {
        self.not_kept
    }

    /// Whether the last worker ended without its final cleanup.
    pub(super) fn is_unswept(&self) -> bool {
        self.unswept
    }

    /// Returns the counts so far.
    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    /// Returns how many resources are left on the cloud.
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
