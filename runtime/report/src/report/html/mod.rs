//! The report of a run as a self-contained HTML page.

mod cause;
mod timeline;

use askama::Template;
use squall_model::{PolicyRule, ServiceSpec};

use self::cause::{Budget, CauseView};
use self::timeline::Timeline;
use super::outline::{count, seconds};
use super::policy::{Matrix, PolicyReport};
use super::run_record::RunRecord;
use super::summary::{Line, Operation, ReasonGroup, Summary};
use crate::journal::Entry;
use crate::program;

/// How many of the slowest tests and operations are shown.
const SLOWEST: usize = 15;

/// How many causes are shown with their requests; the table has the others.
const CAUSES: usize = 200;

/// How many characters of a message the table shows.
const MESSAGE: usize = 400;

/// Renders the report of a run as an HTML page, for services with their default policy rules.
///
/// # Errors
/// The template cannot be rendered.
pub fn html<'a>(
    entries: impl IntoIterator<Item = &'a Entry> + Clone,
    services: &[(&'static ServiceSpec, &'static [PolicyRule])],
) -> Result<String, askama::Error> {
    let policy = PolicyReport::of(entries.clone(), services);
    let specs: Vec<_> = services.iter().map(|(spec, _)| *spec).collect();
    let run_record = RunRecord::of(entries);
    let policy = (!policy.is_empty()).then(|| Matrix::of(&policy));
    Page::of(&run_record, &Summary::of(&run_record, &specs), policy).render()
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    title: String,
    program: &'static str,
    s: &'a Summary<'a>,
    sum: String,
    parts: Vec<Part>,
    started: Option<String>,
    took: String,
    causes_title: String,
    causes: Vec<CauseView<'a>>,
    /// How many causes are not shown.
    more_causes: usize,
    timeline: Timeline,
    rows: Vec<Row<'a>>,
    slowest: Vec<Row<'a>>,
    operations: Vec<&'a Operation<'a>>,
    by_reason: [(&'static str, &'static str, &'a [ReasonGroup<'a>]); 2],
    /// What each persona may do, if tests looked.
    policy: Option<Matrix<'a>>,
}

/// The number of tests with one verdict.
struct Part {
    word: &'static str,
    class: String,
    count: usize,
}

/// A test in a table.
#[derive(Clone)]
struct Row<'a> {
    line: &'a Line<'a>,
    class: String,
    time: String,
    message: Option<String>,
    /// The number of its cause, if the page shows it.
    cause: Option<usize>,
}

impl<'a> Page<'a> {
    fn of(run_record: &'a RunRecord, summary: &'a Summary<'a>, policy: Option<Matrix<'a>>) -> Self {
        let mut budget = Budget::default();
        let mut rows: Vec<Row<'a>> = summary.tests.iter().map(Row::of).collect();
        let mut slowest: Vec<Row<'a>> =
            rows.iter().filter(|row| row.line.started_ms.is_some()).cloned().collect();
        slowest.sort_by_key(|row| std::cmp::Reverse(row.line.duration_ms));
        slowest.truncate(SLOWEST);
        // What needs attention comes first.
        rows.sort_by(|a, b| (a.rank(), a.line.id).cmp(&(b.rank(), b.line.id)));
        let mut operations: Vec<&Operation<'_>> = summary.operations.iter().collect();
        operations.sort_by_key(|operation| std::cmp::Reverse(operation.p95_ms));
        operations.truncate(SLOWEST);
        let bad: usize = summary.causes.iter().map(|group| group.count).sum();
        Self {
            title: format!("Squall run {}: {}", summary.run, summary.counts),
            sum: summary.counts.to_string(),
            parts: parts(summary),
            started: summary.started.map(|at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()),
            took: seconds(summary.duration_ms),
            causes_title: format!(
                "{} with {}",
                count(bad, "failure"),
                count(summary.causes.len(), "cause")
            ),
            causes: summary
                .causes
                .iter()
                .take(CAUSES)
                .map(|group| CauseView::of(group, &mut budget))
                .collect(),
            more_causes: summary.causes.len().saturating_sub(CAUSES),
            timeline: Timeline::of(run_record),
            slowest,
            rows,
            operations,
            by_reason: [
                ("skipped", "Skipped", &summary.skipped),
                ("not-run", "Not run", &summary.not_run),
            ],
            s: summary,
            policy,
            program: program::name(),
        }
    }
}

impl<'a> Row<'a> {
    fn of(line: &'a Line<'a>) -> Self {
        Self {
            line,
            class: class(line.verdict),
            time: line.started_ms.map(|_| seconds(line.duration_ms)).unwrap_or_default(),
            message: line.message.as_deref().map(|text| cut(text, MESSAGE)),
            cause: line.cause.filter(|number| *number <= CAUSES),
        }
    }

    fn rank(&self) -> usize {
        WORDS.iter().position(|word| *word == self.line.verdict).unwrap_or_default()
    }
}

/// The verdicts, the worst first.
const WORDS: [&str; 9] = [
    "no verdict",
    "crashed",
    "timed out",
    "failed",
    "not run",
    "flaky",
    "known bug",
    "skipped",
    "passed",
];

fn parts(summary: &Summary<'_>) -> Vec<Part> {
    let counts = &summary.counts;
    let all = [
        ("passed", counts.passed, true),
        ("failed", counts.failed, true),
        ("flaky", counts.flaky, false),
        ("known bug", counts.known_bugs, false),
        ("timed out", counts.timed_out, false),
        ("crashed", counts.crashed, false),
        ("skipped", counts.skipped, true),
        ("not run", counts.not_run, false),
        ("no verdict", summary.without_verdict, false),
    ];
    all.into_iter()
        .filter(|(_, count, always)| *always || *count > 0)
        .map(|(word, count, _)| Part { word, class: class(word), count })
        .collect()
}

/// Returns a verdict's CSS class.
fn class(word: &str) -> String {
    word.replace(' ', "-")
}

/// Truncates a text to a number of characters.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
