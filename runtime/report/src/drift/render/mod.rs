//! The drift report's formats: terminal, Markdown, JSON and HTML.

mod html;
mod table;

pub use html::html;
pub use table::{markdown, terminal};

use super::Report;

/// Returns the whole report as JSON.
pub fn json(report: &Report) -> String {
    serde_json::to_string_pretty(report).unwrap_or_default()
}

/// How many items of a list are named in a line.
const NAMED: usize = 8;

/// Returns a list in one line: its first items, and how many more there are.
fn shortened(items: &[String]) -> String {
    match items.len().checked_sub(NAMED).filter(|more| *more > 1) {
        Some(more) => format!("{} and {more} more", items[..NAMED].join(", ")),
        None if items.is_empty() => "–".to_owned(),
        None => items.join(", "),
    }
}

/// Returns one line that says which cloud and which runs the report is based on.
fn basis(report: &Report) -> String {
    let cloud = match &report.cloud {
        Some(name) => format!("Operations of the cloud `{name}`"),
        None => "Operations of the specs".to_owned(),
    };
    let runs = match report.runs.as_slice() {
        [] => "there is no run, so nothing counts as exercised".to_owned(),
        [run] => format!("exercised in run {run}"),
        runs => format!("exercised in {} runs", runs.len()),
    };
    if let ([run], [partial]) = (report.runs.as_slice(), report.partial.as_slice())
        && let Some(partial) = partial.strip_prefix(&format!("run {run} "))
    {
        return format!("{cloud}; {runs}, which {partial}");
    }
    let partial: String = report.partial.iter().flat_map(|run| ["; ", run]).collect();
    format!("{cloud}; {runs}{partial}")
}
