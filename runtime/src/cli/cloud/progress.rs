//! Shows progress: running steps on a terminal, and a line for every finished step
//! everywhere.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use squall_topology::progress::{Outcome, Progress, Watcher};

/// Shorter steps are shown only while they run.
const WORTH_A_LINE: Duration = Duration::from_secs(1);

/// Shows steps on standard error.
pub(super) struct Shown {
    bars: Option<MultiProgress>,
}

impl Shown {
    /// Chooses the display by whether standard error is a terminal.
    pub(super) fn new() -> Self {
        let bars = io::stderr()
            .is_terminal()
            .then(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr()));
        Self { bars }
    }
}

impl Progress for Shown {
    fn begin(&self, step: &str) -> Arc<dyn Watcher> {
        let bars = self.bars.clone();
        let bar = bars.as_ref().map(|bars| {
            let bar = bars.add(ProgressBar::new_spinner().with_style(style()));
            bar.set_prefix(step.to_owned());
            bar.enable_steady_tick(Duration::from_millis(250));
            bar
        });
        Arc::new(Line { step: step.to_owned(), bars, bar })
    }

    fn note(&self, text: &str) {
        line(self.bars.as_ref(), text);
    }
}

/// One step.
struct Line {
    step: String,
    bars: Option<MultiProgress>,
    bar: Option<ProgressBar>,
}

impl Watcher for Line {
    fn at(&self, detail: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(detail.to_owned());
        }
    }

    fn end(&self, outcome: Outcome, took: Duration) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let failed = outcome == Outcome::Failed;
        if failed || took >= WORTH_A_LINE {
            let what = if failed { "  failed" } else { "" };
            line(self.bars.as_ref(), &format!("{:>8}  {}{what}", seconds(took), self.step));
        }
    }
}

/// Formats a duration.
pub(super) fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn line(bars: Option<&MultiProgress>, text: &str) {
    match bars {
        // Standard error may be closed.
        Some(bars) => drop(bars.println(text)),
        None => drop(writeln!(io::stderr(), "{text}")),
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{elapsed:>6} {spinner} {prefix}  {wide_msg:.dim}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
}
