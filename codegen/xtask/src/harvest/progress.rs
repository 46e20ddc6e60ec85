//! Shows the progress of each service on stderr.
//!
//! On a terminal, each service has one line that is updated. Otherwise each step prints a line
//! with its duration.

use std::io::{IsTerminal as _, stderr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// All lines.
#[derive(Debug)]
pub(super) struct Progress {
    lines: MultiProgress,
    width: usize,
    animated: bool,
}

impl Progress {
    /// Creates the progress display. `names` are the names of all lines.
    pub(super) fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        Self {
            lines: MultiProgress::new(),
            width: names.map(str::len).max().unwrap_or(0),
            animated: stderr().is_terminal(),
        }
    }

    /// Starts a line.
    pub(super) fn start(&self, name: &str) -> Line {
        let bar = self.animated.then(|| {
            let bar = self.lines.add(ProgressBar::new_spinner());
            let style = ProgressStyle::with_template("{spinner} {prefix}  {msg}  {elapsed}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar.set_prefix(format!("{name:0$}", self.width));
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        let name = format!("{name:0$}", self.width);
        Line { name, bar, started: Instant::now(), step: Mutex::new(None) }
    }

    /// Shows a line while a closure runs.
    pub(super) fn of<T, E>(&self, name: &str, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let line = self.start(name);
        line.step("find");
        let outcome = work();
        line.finish(outcome.is_ok());
        outcome
    }
}

/// One service's line.
#[derive(Debug)]
pub(super) struct Line {
    name: String,
    bar: Option<ProgressBar>,
    started: Instant,
    step: Mutex<Option<(&'static str, Instant)>>,
}

impl Line {
    /// Ends the current step and starts another.
    pub(super) fn step(&self, step: &'static str) {
        self.end_step("");
        if let Some(bar) = &self.bar {
            bar.set_message(step);
        }
        if let Ok(mut current) = self.step.lock() {
            *current = Some((step, Instant::now()));
        }
    }

    /// Ends the line.
    pub(super) fn finish(&self, worked: bool) {
        self.end_step(if worked { "" } else { "  FAILED" });
        let seconds = self.started.elapsed().as_secs_f32();
        match &self.bar {
            Some(bar) if worked => bar.finish_with_message(format!("done in {seconds:.1} s")),
            Some(bar) => bar.abandon_with_message("FAILED"),
            None => {}
        }
    }

    fn end_step(&self, outcome: &str) {
        let Some((step, began)) = self.step.lock().ok().and_then(|mut current| current.take())
        else {
            return;
        };
        if self.bar.is_none() {
            let seconds = began.elapsed().as_secs_f32();
            eprintln!("{}  {step:<11}  {seconds:>6.1} s{outcome}", self.name);
        }
    }
}
