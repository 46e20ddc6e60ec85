//! A run as Rust's own test harness would tell it, for tools that read that.

use std::io::{self, Write};
use std::time::Instant;

use super::outline::Paint;
use super::story::{Story, Tale};
use super::{Reporter, evidence};
use crate::journal::{Entry, Event, TestResult, Verdict};

/// How much is written a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A line.
    Pretty,
    /// A letter.
    Terse,
}

/// Writes as libtest does. A test that was skipped is one that it calls ignored.
pub struct Libtest<W> {
    out: W,
    style: Style,
    filtered_out: usize,
    start: Instant,
    story: Story,
}

impl<W: Write> Libtest<W> {
    /// Writes to `out`; `filtered_out` tests were not selected.
    pub fn new(out: W, style: Style, filtered_out: usize) -> Self {
        Self { out, style, filtered_out, start: Instant::now(), story: Story::default() }
    }

    /// Tells whether a test's verdict was seen.
    pub fn has_verdict(&self, test: &str) -> bool {
        self.story.find(test).is_some_and(|tale| tale.verdict.is_some())
    }

    /// Writes the end; gives whether all is well.
    pub fn finish(&mut self) -> io::Result<bool> {
        let counts = self.story.counts();
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
        let Self { out, story, .. } = self;
        let is_bad = |tale: &&Tale| tale.verdict.as_ref().is_none_or(Verdict::is_bad);
        let failed: Vec<&Tale> = story.tales.iter().filter(is_bad).collect();
        writeln!(out, "\nfailures:\n")?;
        for tale in &failed {
            writeln!(out, "---- {} ----", tale.id)?;
            for line in evidence::lines(tale, Paint(false)) {
                writeln!(out, "{line}")?;
            }
            writeln!(out)?;
        }
        writeln!(out, "\nfailures:")?;
        failed.iter().try_for_each(|tale| writeln!(out, "    {}", tale.id))
    }

    fn write(&mut self, event: &Event) -> io::Result<()> {
        match (event, self.style) {
            (Event::RunStarted(header), _) => {
                let count = header.tests.len();
                let tests = if count == 1 { "test" } else { "tests" };
                writeln!(self.out, "\nrunning {count} {tests}")?;
            }
            (Event::TestFinished(TestResult { test, verdict, .. }), Style::Pretty) => {
                writeln!(self.out, "test {test} ... {}", word(verdict))?;
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
        self.story.add(entry);
        // Whoever reads may have gone; the exit code still tells.
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
