//! The report at the end of a run, for a terminal.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::causes::{group, summary};
use super::outline::{Paint, count, seconds, wrapped};
use super::run_record::{RunRecord, TestRecord};
use super::{Reporter, evidence};
use crate::client::clean;
use crate::journal::{Entry, Verdict};
use crate::ledger::CleanupOutcome;
use crate::program;

/// How many tests with the same reason are listed.
const NAMED: usize = 6;

/// How many reasons for skipping are listed at the end of a run.
const REASONS: usize = 8;

/// Collects a run's events and writes the report after the last one.
pub struct Terminal<W> {
    out: W,
    paint: Paint,
    /// The columns of the terminal; `None` if lines are not wrapped.
    width: Option<usize>,
    /// Whether every reason for skipping is listed, or the most frequent ones.
    every_reason: bool,
    run_record: RunRecord,
    written: bool,
}

impl<W: Write> Terminal<W> {
    /// Writes to `out`.
    pub fn new(out: W, colour: bool) -> Self {
        let run_record = RunRecord::default();
        let paint = Paint(colour);
        Self { out, paint, width: None, every_reason: true, run_record, written: false }
    }

    /// Lists only the most frequent reasons for skipping, for the end of a run: the report has all.
    #[must_use]
    pub fn brief(mut self) -> Self {
        self.every_reason = false;
        self
    }

    /// Wraps lines at the columns of a terminal.
    #[must_use]
    pub fn with_width(mut self, width: Option<usize>) -> Self {
        self.width = width;
        self
    }

    /// Writes the report of an incomplete run.
    pub fn close(&mut self) -> io::Result<()> {
        if self.written { Ok(()) } else { self.write() }
    }

    fn write(&mut self) -> io::Result<()> {
        self.written = true;
        let Self { out, paint, width, every_reason, run_record, .. } = self;
        let page = Page { run_record, paint: *paint, every_reason: *every_reason };
        let text = clean::printed(&page.text(), paint.0).into_owned();
        let text = width.map_or_else(|| text.clone(), |width| wrapped(&text, width));
        out.write_all(text.as_bytes())?;
        out.flush()
    }
}

impl<W: Write> Reporter for Terminal<W> {
    fn see(&mut self, entry: &Entry) {
        self.run_record.add(entry);
        if self.run_record.end.is_some() && !self.written {
            // The reader may have closed the pipe; the journal is complete anyway.
            let _ = self.write();
        }
    }
}

struct Page<'a> {
    run_record: &'a RunRecord,
    paint: Paint,
    every_reason: bool,
}

impl Page<'_> {
    fn text(&self) -> String {
        let mut lines = Vec::new();
        if let Some(cause) = &self.run_record.refused {
            lines.push(String::new());
            lines.push(self.paint.red("The connection to the cloud failed, so no test ran:"));
            lines.extend(cause.iter().map(|line| format!("  {line}")));
        }
        self.bad(&mut lines);
        self.by_reason(&mut lines);
        self.leftovers(&mut lines);
        self.sum(&mut lines);
        lines.join("\n") + "\n"
    }

    fn bad(&self, lines: &mut Vec<String>) {
        for (index, cause) in group(self.run_record).iter().enumerate() {
            lines.push(String::new());
            let record = cause.first;
            lines.push(format!(
                "{}. {}: {} after {}",
                index + 1,
                self.paint.bold(&record.id),
                self.paint.red(record.word()),
                seconds(record.duration_ms)
            ));
            let why = evidence::lines(record, self.paint);
            lines.extend(why.into_iter().map(|line| format!("   {line}")));
            if !cause.others.is_empty() {
                let names: Vec<&str> = cause.others.iter().map(|other| other.id.as_str()).collect();
                lines.push(format!("   the same in {}: {}", members(&cause.others), named(&names)));
            }
        }
    }

    /// Lists skipped, flaky and known-bug tests and those that did not run, by reason.
    fn by_reason(&self, lines: &mut Vec<String>) {
        let mut by_reason: BTreeMap<&str, BTreeMap<String, Vec<&str>>> = BTreeMap::new();
        for record in &self.run_record.records {
            let Some(verdict) = &record.verdict else { continue };
            if !verdict.is_bad() && *verdict != Verdict::Passed
                || matches!(verdict, Verdict::NotRun { .. })
            {
                let summary = summary(verdict);
                let reason = summary.lines().next().unwrap_or_default().to_owned();
                let reasons = by_reason.entry(record.word()).or_default();
                reasons.entry(reason).or_default().push(&record.id);
            }
        }
        if !by_reason.is_empty() {
            lines.push(String::new());
        }
        for (word, reasons) in by_reason {
            let is_cut = !self.every_reason && word == "skipped" && reasons.len() > REASONS;
            let word = self.paint.yellow(word);
            let mut reasons: Vec<(String, Vec<&str>)> = reasons.into_iter().collect();
            let mut rest = Vec::new();
            if is_cut {
                reasons.sort_by_key(|(_, tests)| std::cmp::Reverse(tests.len()));
                rest = reasons.split_off(REASONS);
            }
            for (reason, tests) in reasons {
                let tests_word = count(tests.len(), "test");
                let names = if self.run_record.refused.is_some() {
                    String::new()
                } else {
                    self.paint.dim(format!(" ({})", named(&tests)))
                };
                lines.push(format!("{tests_word} {word}: {reason}{names}"));
            }
            if !rest.is_empty() {
                let tests = count(rest.iter().map(|(_, tests)| tests.len()).sum(), "test");
                let others = count(rest.len(), "other reason");
                lines.push(format!("{tests} {word} for {others}, which the report lists"));
            }
        }
    }

    fn leftovers(&self, lines: &mut Vec<String>) {
        let CleanupOutcome { left, unknown, .. } = &self.run_record.left;
        if !left.is_empty() {
            lines.push(String::new());
            let what = count(left.len(), "resource");
            lines.push(self.paint.red(format!("{what} left on the cloud:")));
            lines.extend(left.iter().map(|thing| format!("  {thing}")));
        }
        if !unknown.is_empty() {
            lines.push(String::new());
            lines.push(self.paint.red("what is left on the cloud is not known:"));
            lines.extend(unknown.iter().map(|why| format!("  {why}")));
        }
    }

    fn sum(&self, lines: &mut Vec<String>) {
        let counts = self.run_record.counts();
        let program = program::name();
        let run = self.run_record.header.as_ref().map_or("?", |header| header.run.as_str());
        lines.push(String::new());
        let sum = match self.run_record.end {
            Some(end) if end.exit_code == 0 => self.paint.green(counts),
            _ => self.paint.red(counts),
        };
        let open = match self.run_record.open() {
            0 => String::new(),
            open => format!(", {open} without a verdict"),
        };
        if self.run_record.end.is_some() {
            lines.push(format!("{sum}{open}, in {}", seconds(self.run_record.duration_ms())));
        } else {
            lines.push(format!("{sum}{open}"));
            lines.push(
                "the journal is incomplete: the run is in progress, or was killed".to_owned(),
            );
        }
        if self.run_record.interrupted > 1
            || self.run_record.end.is_none()
            || !self.run_record.left.is_clean()
        {
            lines.push(format!("clean up with: {program} cleanup {run}"));
        }
        lines.push(self.paint.dim(format!("report: {program} report {run}")));
    }
}

/// Counts the tests of a cause, and the fixtures, which are no tests.
fn members(records: &[&TestRecord]) -> String {
    let fixtures = records.iter().filter(|record| record.is_fixture()).count();
    let tests = count(records.len() - fixtures, "test");
    match fixtures {
        0 => tests,
        some if some == records.len() => count(fixtures, "fixture"),
        _ => format!("{tests} and {}", count(fixtures, "fixture")),
    }
}

/// Lists the first few tests, and how many more there are.
fn named(tests: &[&str]) -> String {
    let shown = tests.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match tests.len().checked_sub(NAMED) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more"),
    }
}
