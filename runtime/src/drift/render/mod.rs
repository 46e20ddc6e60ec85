//! The drift report's forms: terminal, Markdown, JSON and a page of HTML.

mod html;
mod table;

pub use html::html;
pub use table::{markdown, terminal};

use super::Report;

/// Gives the report as JSON, whole.
pub fn json(report: &Report) -> String {
    serde_json::to_string_pretty(report).unwrap_or_default()
}

/// Gives one line that says what the run's data are, or that there are none.
fn basis(report: &Report) -> String {
    let cloud = match &report.cloud {
        Some(name) => format!("implemented by cloud `{name}`"),
        None => "implemented by the specs".to_owned(),
    };
    match report.runs.as_slice() {
        [] => format!("{cloud}; no run's data, so nothing counts as exercised"),
        [run] => format!("{cloud}; exercised in run {run}"),
        runs => format!("{cloud}; exercised in {} runs", runs.len()),
    }
}
