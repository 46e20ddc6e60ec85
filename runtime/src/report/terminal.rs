//! The report at the end of a run, for people.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::causes::{group, summary};
use super::outline::{Paint, count, seconds};
use super::story::Story;
use super::{Reporter, evidence};
use crate::journal::{Entry, Verdict};

/// How many tests with the same fate are named.
const NAMED: usize = 6;

/// Gathers a run's events and writes one report when the last is there.
pub struct Terminal<W> {
    out: W,
    paint: Paint,
    story: Story,
    written: bool,
}

impl<W: Write> Terminal<W> {
    /// Writes to `out`.
    pub fn new(out: W, colour: bool) -> Self {
        Self { out, paint: Paint(colour), story: Story::default(), written: false }
    }

    /// Writes what there is of a run whose journal breaks off.
    pub fn close(&mut self) -> io::Result<()> {
        if self.written { Ok(()) } else { self.write() }
    }

    fn write(&mut self) -> io::Result<()> {
        self.written = true;
        let Self { out, paint, story, .. } = self;
        let page = Page { story, paint: *paint };
        out.write_all(page.text().as_bytes())?;
        out.flush()
    }
}

impl<W: Write> Reporter for Terminal<W> {
    fn see(&mut self, entry: &Entry) {
        self.story.add(entry);
        if self.story.end.is_some() && !self.written {
            // Whoever reads may have gone; the journal has everything all the same.
            let _ = self.write();
        }
    }
}

struct Page<'a> {
    story: &'a Story,
    paint: Paint,
}

impl Page<'_> {
    fn text(&self) -> String {
        let mut lines = Vec::new();
        if let Some(cause) = &self.story.refused {
            lines.push(String::new());
            lines.push(self.paint.red("The cloud does not let us in, so no test ran:"));
            lines.extend(cause.iter().map(|line| format!("  {line}")));
        }
        self.bad(&mut lines);
        self.fates(&mut lines);
        self.leftovers(&mut lines);
        self.sum(&mut lines);
        lines.join("\n") + "\n"
    }

    fn bad(&self, lines: &mut Vec<String>) {
        for (index, cause) in group(self.story).iter().enumerate() {
            lines.push(String::new());
            let tale = cause.first;
            lines.push(format!(
                "{}. {}: {} after {}",
                index + 1,
                self.paint.bold(&tale.id),
                self.paint.red(tale.word()),
                seconds(tale.duration_ms)
            ));
            let why = evidence::lines(tale, self.paint);
            lines.extend(why.into_iter().map(|line| format!("   {line}")));
            if !cause.others.is_empty() {
                let names: Vec<&str> = cause.others.iter().map(|other| other.id.as_str()).collect();
                let count = count(names.len(), "test");
                lines.push(format!("   the same in {count}: {}", named(&names)));
            }
        }
    }

    /// Tests that neither passed nor count as bad, and those that did not run, by reason.
    fn fates(&self, lines: &mut Vec<String>) {
        let mut by_reason: BTreeMap<(&str, String), Vec<&str>> = BTreeMap::new();
        for tale in &self.story.tales {
            let Some(verdict) = &tale.verdict else { continue };
            if !verdict.is_bad() && *verdict != Verdict::Passed
                || matches!(verdict, Verdict::NotRun { .. })
            {
                let summary = summary(verdict);
                let reason = summary.lines().next().unwrap_or_default().to_owned();
                by_reason.entry((tale.word(), reason)).or_default().push(&tale.id);
            }
        }
        if !by_reason.is_empty() {
            lines.push(String::new());
        }
        for ((word, reason), tests) in by_reason {
            let tests_word = count(tests.len(), "test");
            let names = if self.story.refused.is_some() {
                String::new()
            } else {
                self.paint.dim(format!(" ({})", named(&tests)))
            };
            lines.push(format!("{tests_word} {}: {reason}{names}", self.paint.yellow(word)));
        }
    }

    fn leftovers(&self, lines: &mut Vec<String>) {
        let left = &self.story.left.left;
        if left.is_empty() {
            return;
        }
        lines.push(String::new());
        lines.push(self.paint.red(format!("{} left at the cloud:", count(left.len(), "thing"))));
        lines.extend(left.iter().map(|thing| format!("  {thing}")));
    }

    fn sum(&self, lines: &mut Vec<String>) {
        let counts = self.story.counts();
        let run = self.story.header.as_ref().map_or("?", |header| header.run.as_str());
        lines.push(String::new());
        let sum = match self.story.end {
            Some(end) if end.exit_code == 0 => self.paint.green(counts),
            _ => self.paint.red(counts),
        };
        let open = match self.story.open() {
            0 => String::new(),
            open => format!(", {} without a verdict", count(open, "test")),
        };
        if self.story.end.is_some() {
            lines.push(format!("{sum}{open}, in {}", seconds(self.story.duration_ms())));
        } else {
            lines.push(format!("{sum}{open}"));
            lines.push("the journal breaks off: the run is under way, or was killed".to_owned());
        }
        if self.story.interrupted > 1
            || self.story.end.is_none()
            || !self.story.left.left.is_empty()
        {
            lines.push(format!("undo what is left with: squall cleanup {run}"));
        }
        lines.push(self.paint.dim(format!("run {run}; see it again with: squall report {run}")));
    }
}

/// Names the first few, and says how many more there are.
fn named(tests: &[&str]) -> String {
    let shown = tests.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match tests.len().checked_sub(NAMED) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more"),
    }
}
