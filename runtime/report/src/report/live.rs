//! Progress of a run: one line per verdict, and on a terminal a bar with the running tests.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Reporter;
use super::causes::summary;
use super::outline::{Paint, count, seconds};
use crate::client::clean;
use crate::journal::{Counts, Entry, Event, Header, TestResult, Verdict};

/// Writes progress to standard error during a run.
pub struct Live {
    paint: Paint,
    bar: Option<ProgressBar>,
    show_output: bool,
    counts: Counts,
    running: BTreeMap<String, Instant>,
    /// Whether waiting for accounts was reported, which happens only once.
    reported_waiting: bool,
}

impl Live {
    /// Creates the reporter; `interactive` if standard error is a terminal.
    pub fn new(interactive: bool, colour: bool, show_output: bool) -> Self {
        let bar = interactive.then(bar);
        Self {
            paint: Paint(colour),
            bar,
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
        let Header { run, squall, cloud, seed, jobs, tests, .. } = header;
        self.counts = Counts::of(tests.len());
        self.line(&format!(
            "squall {squall}, run {}: {} on {}, {jobs} at a time, seed {seed}",
            self.paint.bold(run),
            count(tests.len(), "test"),
            self.paint.bold(cloud),
        ));
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
                other => {
                    let text = summary(other);
                    format!("  {}", self.paint.dim(text.lines().next().unwrap_or_default()))
                }
            };
            self.line(&format!(
                "{} {:>9}  {}{why}",
                self.paint.verdict(&result.verdict),
                seconds(result.duration_ms),
                result.test,
            ));
        }
        self.refresh();
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
                self.line(&format!(
                    "{} {:>9}  {}  {}",
                    self.paint.yellow(format!("{word:>9}")),
                    seconds(*duration_ms),
                    fixture(suite),
                    self.paint.dim(failure.message().lines().next().unwrap_or_default()),
                ));
            }
            Event::TestStarted { test, .. } => {
                self.running.insert(test.clone(), Instant::now());
                self.refresh();
            }
            Event::AttemptFailed(result) => {
                self.running.remove(&result.test);
                let why = summary(&result.verdict);
                self.line(&format!(
                    "{} {:>9}  {}  {}",
                    self.paint.yellow(format!("{:>9}", "retry")),
                    seconds(result.duration_ms),
                    result.test,
                    self.paint.dim(why.lines().next().unwrap_or_default()),
                ));
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
                "  interrupted: no new test starts, created resources are removed; \
                 press Ctrl-C again to exit immediately",
            )),
            Event::Interrupted { .. } => {
                self.line(&self.paint.yellow("  interrupted again: exiting immediately"));
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
