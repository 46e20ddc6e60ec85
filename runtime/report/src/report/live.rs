//! Progress of a run: one line per verdict, and on a terminal a bar with the running tests.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Reporter;
use super::causes::summary;
use super::outline::{Paint, count, seconds, truncated};
use crate::client::clean;
use crate::journal::{Counts, Entry, Event, Header, TestResult, Verdict};

/// Writes progress to standard error during a run.
pub struct Live {
    paint: Paint,
    /// The columns of the terminal; `None` if standard error is none.
    width: Option<usize>,
    bar: Option<ProgressBar>,
    show_output: bool,
    counts: Counts,
    running: BTreeMap<String, Instant>,
    /// Whether waiting for accounts was reported, which happens only once.
    reported_waiting: bool,
}

impl Live {
    /// Creates the reporter; `width` has the columns if standard error is a terminal.
    pub fn new(width: Option<usize>, colour: bool, show_output: bool) -> Self {
        Self {
            paint: Paint(colour),
            width,
            bar: width.map(|_| bar()),
            show_output,
            counts: Counts::default(),
            running: BTreeMap::new(),
            reported_waiting: false,
        }
    }

    fn line(&self, text: &str) {
        let text = clean::printed(text, self.paint.0);
        match &self.bar {
            Some(bar) => bar.println(text),
            // Standard error may be closed.
            None => drop(writeln!(io::stderr(), "{text}")),
        }
    }

    fn start(&mut self, header: &Header) {
        let Header { run, squall, cloud, seed, jobs, tests, pretended, .. } = header;
        self.counts = Counts::of(tests.len());
        self.line(&format!(
            "squall {squall}: {} on {}, {jobs} at a time, seed {seed}",
            count(tests.len(), "test"),
            self.paint.bold(cloud),
        ));
        self.line(&self.paint.dim(format!("run {run}")));
        let pretended: BTreeSet<&str> = pretended.values().flatten().map(String::as_str).collect();
        for operation in pretended {
            self.line(&self.paint.yellow(format!("`{operation}` is only pretended")));
        }
        if let Some(bar) = &self.bar {
            bar.set_length(tests.len() as u64);
            bar.enable_steady_tick(Duration::from_millis(250));
        }
    }

    fn finish(&mut self, result: &TestResult) {
        self.running.remove(&result.test);
        self.counts.add(&result.verdict);
        // Tests that never ran have one cause, which the report shows once.
        if !matches!(result.verdict, Verdict::NotRun { .. }) {
            let why = match &result.verdict {
                Verdict::Passed => String::new(),
                other => summary(other),
            };
            let word = self.paint.verdict(&result.verdict);
            self.verdict(&word, result.duration_ms, &result.test, &why);
        }
        self.refresh();
    }

    /// Writes the line of a verdict: one line of the terminal, however long the reason is.
    fn verdict(&self, word: &str, duration_ms: u64, what: &str, why: &str) {
        let time = seconds(duration_ms);
        let mut line = format!("{word} {time:>9}  {what}");
        let why = why.lines().next().unwrap_or_default();
        // A word has nine columns.
        let taken = 9 + 1 + 9 + 2 + what.chars().count() + 2;
        let why = match self.width {
            Some(width) => truncated(why, width.saturating_sub(taken)),
            None => why.to_owned(),
        };
        if !why.is_empty() {
            line.push_str("  ");
            line.push_str(&self.paint.dim(why));
        }
        self.line(&line);
    }

    fn refresh(&self) {
        let Some(bar) = &self.bar else { return };
        bar.set_position(self.counts.verdicts() as u64);
        let bad = self.counts.failed + self.counts.timed_out + self.counts.crashed;
        let bad = if bad > 0 { self.paint.red(format!("{bad} failed  ")) } else { String::new() };
        let mut oldest: Vec<(&String, &Instant)> = self.running.iter().collect();
        oldest.sort_by_key(|(_, since)| **since);
        let names: Vec<&str> = oldest.iter().map(|(name, _)| name.as_str()).collect();
        bar.set_message(format!("{bad}{}", names.join(", ")));
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    match ProgressStyle::with_template("{elapsed:>6} {bar:30.cyan/dim} {pos}/{len} {wide_msg}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Returns the display name of a fixture.
fn fixture(suite: &str) -> String {
    format!("fixture of {suite}")
}

impl Reporter for Live {
    fn see(&mut self, entry: &Entry) {
        match &entry.event {
            Event::RunStarted(header) => self.start(header),
            Event::RunResumed { done } => {
                self.counts = *done;
                self.line(&format!("  resuming after {}", count(done.verdicts(), "verdict")));
                self.refresh();
            }
            Event::Waiting { test } if !self.reported_waiting => {
                self.reported_waiting = true;
                self.line(&self.paint.yellow(format!(
                    "  {test} is waiting for accounts: all suitable ones are in use, by other tests \
                     or another run"
                )));
            }
            Event::FixtureStarted { suite, .. } => {
                self.running.insert(fixture(suite), Instant::now());
                self.refresh();
            }
            Event::FixtureReady { suite, .. } => {
                self.running.remove(&fixture(suite));
                self.refresh();
            }
            Event::FixtureFailed { suite, failure, duration_ms } => {
                self.running.remove(&fixture(suite));
                let word = if failure.is_skip() { "skipped" } else { "failed" };
                let word = self.paint.yellow(format!("{word:>9}"));
                self.verdict(&word, *duration_ms, &fixture(suite), failure.message());
            }
            Event::TestStarted { test, .. } => {
                self.running.insert(test.clone(), Instant::now());
                self.refresh();
            }
            Event::AttemptFailed(result) => {
                self.running.remove(&result.test);
                let word = self.paint.yellow(format!("{:>9}", "retry"));
                let why = summary(&result.verdict);
                self.verdict(&word, result.duration_ms, &result.test, &why);
            }
            Event::TestFinished(result) => self.finish(result),
            Event::WorkerLost { how, culprit, again, .. } => {
                self.running.retain(|test, _| !again.contains(test));
                let whose = match culprit {
                    Some(test) => format!("{test} crashed the worker process"),
                    None => "the worker process was lost".to_owned(),
                };
                let again = match again.len() {
                    0 => String::new(),
                    n => format!("; restarting {} that ran with it", count(n, "test")),
                };
                self.line(&self.paint.yellow(format!("  {whose} ({how}){again}")));
            }
            Event::Interrupted { times: 1 } => self.line(&self.paint.yellow(
                "  interrupted: no more tests are started, and what was created is removed; \
                 press Ctrl-C again to exit at once",
            )),
            Event::Interrupted { .. } => {
                self.line(&self.paint.yellow("  interrupted again: exiting at once"));
            }
            Event::AnswerNotKept { cause } => {
                self.line(&self.paint.yellow(format!("some answers were not kept: {cause}")));
            }
            Event::Output { text } if self.show_output => self.line(&format!("  | {text}")),
            Event::RunFinished { .. } => {
                if let Some(bar) = &self.bar {
                    bar.finish_and_clear();
                }
            }
            _ => {}
        }
    }
}
