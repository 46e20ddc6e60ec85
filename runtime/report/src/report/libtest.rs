//! A run in the format of Rust's own test harness, for tools that parse it.

use std::io::{self, Write};
use std::time::Instant;

use super::outline::Paint;
use super::run_record::{RunRecord, TestRecord};
use super::{Reporter, evidence};
use crate::client::clean;
use crate::journal::{Entry, Event, TestResult, Verdict};

/// How much is written per test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// One line.
    Pretty,
    /// One character.
    Terse,
}

/// Writes libtest's format. Skipped tests are reported as ignored.
pub struct Libtest<W> {
    out: W,
    style: Style,
    filtered_out: usize,
    start: Instant,
    run_record: RunRecord,
}

impl<W: Write> Libtest<W> {
    /// Writes to `out`; `filtered_out` tests were not selected.
    pub fn new(out: W, style: Style, filtered_out: usize) -> Self {
        Self { out, style, filtered_out, start: Instant::now(), run_record: RunRecord::default() }
    }

    /// Whether a test has a verdict.
    pub fn has_verdict(&self, test: &str) -> bool {
        self.run_record.find(test).is_some_and(|record| record.verdict.is_some())
    }

    /// Writes the summary; returns whether no test failed.
    pub fn finish(&mut self) -> io::Result<bool> {
        let counts = self.run_record.counts();
        let failed = counts.selected - counts.good();
        if failed > 0 {
            self.failures()?;
        }
        let word = if failed == 0 { "ok" } else { "FAILED" };
        writeln!(
            self.out,
            "\ntest result: {word}. {} passed; {failed} failed; {} ignored; 0 measured; \
             {} filtered out; finished in {:.2}s\n",
            counts.passed + counts.flaky,
            counts.skipped + counts.known_bugs,
            self.filtered_out,
            self.start.elapsed().as_secs_f64()
        )?;
        self.out.flush()?;
        Ok(failed == 0)
    }

    fn failures(&mut self) -> io::Result<()> {
        let Self { out, run_record, .. } = self;
        let is_bad = |record: &&TestRecord| record.verdict.as_ref().is_none_or(Verdict::is_bad);
        let failed: Vec<&TestRecord> = run_record.records.iter().filter(is_bad).collect();
        writeln!(out, "\nfailures:\n")?;
        for record in &failed {
            writeln!(out, "---- {} ----", record.id)?;
            for line in evidence::lines(record, Paint(false)) {
                writeln!(out, "{}", clean::printed(&line, false))?;
            }
            writeln!(out)?;
        }
        writeln!(out, "\nfailures:")?;
        failed.iter().try_for_each(|record| writeln!(out, "    {}", record.id))
    }

    fn write(&mut self, event: &Event) -> io::Result<()> {
        match (event, self.style) {
            (Event::RunStarted(header), _) => {
                let count = header.tests.len();
                let tests = if count == 1 { "test" } else { "tests" };
                writeln!(self.out, "\nrunning {count} {tests}")?;
            }
            (Event::TestFinished(TestResult { test, verdict, .. }), Style::Pretty) => {
                writeln!(self.out, "test {test} ... {}", clean::printed(&word(verdict), false))?;
            }
            (Event::TestFinished(TestResult { verdict, .. }), Style::Terse) => {
                let letter = match verdict {
                    Verdict::Passed | Verdict::Flaky { .. } => '.',
                    Verdict::Skipped { .. } | Verdict::KnownBug { .. } => 'i',
                    _ => 'F',
                };
                write!(self.out, "{letter}")?;
            }
            _ => {}
        }
        self.out.flush()
    }
}

impl<W: Write> Reporter for Libtest<W> {
    fn see(&mut self, entry: &Entry) {
        self.run_record.add(entry);
        // The reader may have closed the pipe; the exit code still reports failures.
        let _ = self.write(&entry.event);
    }
}

fn word(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Passed | Verdict::Flaky { .. } => "ok".to_owned(),
        Verdict::KnownBug { bug, .. } => format!("ignored, {bug}"),
        Verdict::Skipped { reason } => format!("ignored, {reason}"),
        Verdict::TimedOut { .. } => "FAILED (timed out)".to_owned(),
        _ => "FAILED".to_owned(),
    }
}
