//! A comparison as a self-contained HTML page.

use askama::Template;

use super::{Class, Comparison, DurationChange, RunLine, TestChange};
use crate::report::outline::{count, seconds};

/// Renders the page.
pub(super) fn page(comparison: &Comparison) -> Result<String, askama::Error> {
    let parts = Class::ALL.into_iter().filter_map(|class| {
        let count = comparison.counts.get(&class).copied()?;
        Some(Part { class, style: style(class), count })
    });
    Page {
        c: comparison,
        title: format!("Squall: {} compared", count(comparison.runs.len(), "run")),
        runs: comparison.runs.iter().map(RunView::of).collect(),
        parts: parts.collect(),
        sections: Class::ALL
            .into_iter()
            .filter(|class| *class != Class::Unchanged)
            .map(|class| Section {
                class,
                style: style(class),
                changes: comparison.of_class(class).map(ChangeView::of).collect(),
            })
            .filter(|section| !section.changes.is_empty())
            .collect(),
        durations: comparison.durations.iter().map(DurationView::of).collect(),
        pace: comparison.pace.map(|pace| format!("{pace:.2}")),
    }
    .render()
}

#[derive(Template)]
#[template(path = "compare.html")]
struct Page<'a> {
    c: &'a Comparison,
    title: String,
    runs: Vec<RunView<'a>>,
    parts: Vec<Part>,
    sections: Vec<Section<'a>>,
    durations: Vec<DurationView<'a>>,
    pace: Option<String>,
}

struct RunView<'a> {
    run: &'a RunLine,
    started: String,
    took: String,
}

struct Part {
    class: Class,
    style: &'static str,
    count: usize,
}

struct Section<'a> {
    class: Class,
    style: &'static str,
    changes: Vec<ChangeView<'a>>,
}

struct ChangeView<'a> {
    change: &'a TestChange,
    /// The earlier message, if it is shown.
    before: &'a str,
    after: &'a str,
    /// A mark for each run: its style and its verdict.
    history: Vec<(String, &'static str)>,
}

struct DurationView<'a> {
    slower: &'a DurationChange,
    before: String,
    after: String,
    factor: String,
}

impl<'a> RunView<'a> {
    fn of(run: &'a RunLine) -> Self {
        let started = run.started.map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string());
        Self { run, started: started.unwrap_or_default(), took: seconds(run.duration_ms) }
    }
}

impl<'a> ChangeView<'a> {
    fn of(change: &'a TestChange) -> Self {
        let shown = change.message_changed || change.class == Class::Fixed;
        let before = change.message_before.as_deref().filter(|_| shown);
        let mark = |word: Option<&'static str>| match word {
            Some(word) => (word.replace(' ', "-"), word),
            None => ("absent".to_owned(), "not selected"),
        };
        Self {
            change,
            before: before.unwrap_or_default(),
            after: change.message_after.as_deref().unwrap_or_default(),
            history: change.history.iter().copied().map(mark).collect(),
        }
    }
}

impl<'a> DurationView<'a> {
    fn of(slower: &'a DurationChange) -> Self {
        let hundredths = (slower.after_ms * 100).checked_div(slower.before_ms);
        Self {
            slower,
            before: seconds(slower.before_ms),
            after: seconds(slower.after_ms),
            factor: hundredths
                .map_or_else(String::new, |n| format!("{}.{:02} ×", n / 100, n % 100)),
        }
    }
}

/// Returns the CSS class, by the verdict that the class is about.
fn style(class: Class) -> &'static str {
    match class {
        Class::NewlyFailing | Class::Removed => "failed",
        Class::NotRun => "not-run",
        Class::Flaky => "crashed",
        Class::StillFailing => "timed-out",
        Class::Fixed | Class::NowRuns => "passed",
        Class::NewlySkipped | Class::NotSelected | Class::Unchanged => "skipped",
        Class::New => "no-verdict",
    }
}
