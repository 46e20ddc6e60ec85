//! What shows why a test did not pass, in lines.

use std::fmt::Write as _;

use super::causes::summary;
use super::outline::{Paint, seconds};
use super::story::{Evidence, Tale};
use crate::client::Exchange;
use crate::journal::Verdict;

/// How many of a test's exchanges are shown.
const SHOWN: usize = 5;

/// Says why a test did not pass: what went wrong, where, and what came before.
pub(super) fn lines(tale: &Tale, paint: Paint) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(verdict) = &tale.verdict {
        lines = reason(verdict, paint);
    }
    if let Some(evidence) = &tale.evidence {
        lines.extend(seen(evidence));
        let skipped = evidence.exchanges.len().saturating_sub(SHOWN);
        if !evidence.exchanges.is_empty() {
            lines.push("last requests:".to_owned());
            let last = evidence.exchanges.iter().skip(skipped);
            lines.extend(last.map(|sent| format!("  {}", exchange(sent))));
        }
    }
    lines
}

/// Says what went wrong, and where.
pub(super) fn reason(verdict: &Verdict, paint: Paint) -> Vec<String> {
    let mut lines: Vec<String> = summary(verdict).lines().map(str::to_owned).collect();
    match verdict {
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
    lines
}

/// Says what a test waited for in vain, and what it noted.
pub(super) fn seen(evidence: &Evidence) -> Vec<String> {
    let waits = evidence.waits.iter().map(|wait| {
        let saw: Vec<String> = wait
            .saw
            .iter()
            .map(|seen| format!("{} at {}", seen.state, seconds(seen.at_ms)))
            .collect();
        format!("waited for {}: {}", wait.what, saw.join(", "))
    });
    let notes = evidence.notes.iter().map(|(key, value)| format!("{key}: {value}"));
    waits.chain(notes).collect()
}

/// Says in one line what was sent and what came back.
pub(super) fn exchange(sent: &Exchange) -> String {
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
