//! A comparison as text for a terminal.

use super::{Class, Comparison, TestChange};
use crate::report::outline::{Paint, count, seconds};

/// How many tests are listed in classes without details.
const NAMED: usize = 12;

/// How many durations are shown.
const SHOWN: usize = 15;

/// Renders the text.
pub(super) fn text(comparison: &Comparison, colour: bool) -> String {
    let paint = Paint(colour);
    let mut lines = runs(comparison, paint);
    for class in Class::ALL {
        section(comparison, class, paint, &mut lines);
    }
    durations(comparison, paint, &mut lines);
    lines.push(String::new());
    lines.push(sum(comparison));
    lines.join("\n") + "\n"
}

fn runs(comparison: &Comparison, paint: Paint) -> Vec<String> {
    let line = |(index, run): (usize, &super::RunLine)| {
        let started = run.started.map(|at| at.strftime("%Y-%m-%d %H:%M").to_string());
        let open = match run.without_verdict {
            0 => String::new(),
            open => format!(", {open} without a verdict"),
        };
        format!(
            "{}  {}  {}  {}: {}{open}, in {}",
            paint.bold(index + 1),
            run.run,
            started.unwrap_or_default(),
            run.cloud,
            run.counts,
            seconds(run.duration_ms)
        )
    };
    comparison.runs.iter().enumerate().map(line).collect()
}

fn section(comparison: &Comparison, class: Class, paint: Paint, lines: &mut Vec<String>) {
    let number = comparison.counts.get(&class).copied().unwrap_or_default();
    if number == 0 || class == Class::Unchanged {
        return;
    }
    let heading = format!("{number} {class}");
    lines.push(String::new());
    lines.push(match class {
        Class::NewlyFailing | Class::NotRun | Class::Removed => paint.red(heading),
        Class::Fixed => paint.green(heading),
        Class::Flaky | Class::StillFailing | Class::NewlySkipped => paint.yellow(heading),
        _ => paint.bold(heading),
    });
    let has_details =
        matches!(class, Class::NewlyFailing | Class::Flaky | Class::StillFailing | Class::Fixed);
    let shown = if has_details { usize::MAX } else { NAMED };
    for change in comparison.of_class(class).take(shown) {
        lines.push(format!("  {}", change.test));
        lines.extend(details(change, comparison.runs.len()).into_iter().map(|l| paint.dim(l)));
    }
    if number > shown {
        lines.push(format!("  and {} more", number - shown));
    }
}

/// Returns a test's messages, and its verdicts if there are more than two runs.
fn details(change: &TestChange, runs: usize) -> Vec<String> {
    let first = |text: &Option<String>| {
        text.as_deref().and_then(|text| text.lines().next()).unwrap_or_default().to_owned()
    };
    let (before, after) = (first(&change.message_before), first(&change.message_after));
    let mut lines = match change.class {
        Class::StillFailing if change.message_changed => {
            vec![format!("    was: {before}"), format!("    now: {after}")]
        }
        Class::Fixed => vec![format!("    was: {before}")],
        Class::Removed | Class::NotSelected | Class::New | Class::NowRuns => Vec::new(),
        _ if after.is_empty() => Vec::new(),
        _ => vec![format!("    {after}")],
    };
    if runs > 2 && !matches!(change.class, Class::New | Class::Removed | Class::NotSelected) {
        let words: Vec<&str> =
            change.history.iter().map(|word| word.unwrap_or("not selected")).collect();
        lines.push(format!("    {}", words.join(" → ")));
    }
    lines
}

fn durations(comparison: &Comparison, paint: Paint, lines: &mut Vec<String>) {
    if !comparison.durations.is_empty() {
        lines.push(String::new());
        let number = comparison.durations.len();
        lines.push(paint.bold(format!("{} changed", count(number, "duration"))));
    }
    for slower in comparison.durations.iter().take(SHOWN) {
        lines.push(format!(
            "  {:>9} → {:>9}  {}",
            seconds(slower.before_ms),
            seconds(slower.after_ms),
            slower.test
        ));
    }
    if comparison.durations.len() > SHOWN {
        lines.push(format!("  and {} more", comparison.durations.len() - SHOWN));
    }
    if let Some(pace) = comparison.pace {
        lines.push(format!("median duration: {pace:.2} times as long as before"));
    }
}

fn sum(comparison: &Comparison) -> String {
    let parts: Vec<String> = Class::ALL
        .into_iter()
        .filter_map(|class| Some(format!("{} {class}", comparison.counts.get(&class)?)))
        .collect();
    format!("{}: {}", count(comparison.tests, "test"), parts.join(", "))
}
