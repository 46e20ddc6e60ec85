//! What shows why a test did not pass, in lines.

use std::fmt::Write as _;

use super::causes::summary;
use super::outline::{Paint, seconds};
use super::story::Evidence;
use crate::client::Exchange;
use crate::journal::{TestResult, Verdict};

/// Says why a test did not pass: what went wrong, where, and what came before.
pub(super) fn lines(result: &TestResult, evidence: Option<&Evidence>, paint: Paint) -> Vec<String> {
    let mut lines: Vec<String> = summary(&result.verdict).lines().map(str::to_owned).collect();
    match &result.verdict {
        Verdict::Failed { failure } => {
            // The client's errors say it themselves.
            if let Some(id) = failure.request_id()
                && !lines.iter().any(|line| line.contains(id))
            {
                lines.push(format!("request {id}"));
            }
            if let Some(place) = failure.place() {
                lines.push(paint.dim(format!("at {place}")));
            }
        }
        Verdict::Crashed { output, .. } => {
            lines.extend(output.iter().map(|line| paint.dim(format!("| {line}"))));
        }
        _ => {}
    }
    if let Some(evidence) = evidence {
        seen(evidence, &mut lines);
    }
    lines
}

fn seen(evidence: &Evidence, lines: &mut Vec<String>) {
    for wait in &evidence.waits {
        let saw: Vec<String> = wait
            .saw
            .iter()
            .map(|seen| format!("{} at {}", seen.state, seconds(seen.at_ms)))
            .collect();
        lines.push(format!("waited for {}: {}", wait.what, saw.join(", ")));
    }
    for (key, value) in &evidence.notes {
        lines.push(format!("{key}: {value}"));
    }
    if !evidence.exchanges.is_empty() {
        lines.push("last requests:".to_owned());
        lines.extend(evidence.exchanges.iter().map(|sent| format!("  {}", exchange(sent))));
    }
}

fn exchange(sent: &Exchange) -> String {
    let mut line = format!("{:6} {}", sent.method, sent.url);
    // Writing to a string does not fail.
    let _ = match (&sent.status, &sent.failure) {
        (Some(status), _) => write!(line, " → {status}"),
        (None, Some(failure)) => write!(line, " → {failure}"),
        (None, None) => Ok(()),
    };
    if let Some(version) = sent.version {
        let _ = write!(line, " at {version}");
    }
    if let Some(id) = &sent.request_id {
        let _ = write!(line, " [{id}]");
    }
    line
}
