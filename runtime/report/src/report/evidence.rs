//! The evidence for a failure, as lines of text.

use std::fmt::Write as _;

use super::causes::summary;
use super::outline::{Paint, seconds};
use super::run_record::{Evidence, TestRecord};
use crate::client::Exchange;
use crate::journal::Verdict;

/// How many of a test's requests are shown.
const SHOWN: usize = 5;

/// Describes a failure: the message, its source location, and the requests before it.
pub(super) fn lines(record: &TestRecord, paint: Paint) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(verdict) = &record.verdict {
        lines = reason(verdict, paint);
    }
    if let Some(evidence) = &record.evidence {
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

/// Returns the message and its source location.
pub(super) fn reason(verdict: &Verdict, paint: Paint) -> Vec<String> {
    let mut lines: Vec<String> = summary(verdict).lines().map(str::to_owned).collect();
    match verdict {
        Verdict::Failed { failure } => {
            // The client's errors already contain it.
            if let Some(id) = failure.request_id()
                && !lines.iter().any(|line| line.contains(id))
            {
                lines.push(format!("request {id}"));
            }
            if let Some(place) = failure.location() {
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

/// Returns the waits that failed, and the test's notes.
pub(super) fn seen(evidence: &Evidence) -> Vec<String> {
    let waits = evidence.waits.iter().map(|wait| {
        let saw: Vec<String> = wait
            .saw
            .iter()
            .map(|seen| format!("{} at {}", seen.state, seconds(seen.at_ms)))
            .collect();
        let at = wait.place.as_ref().map_or_else(String::new, |place| format!(" ({place})"));
        format!("waited for {}{at}: {}", wait.what, saw.join(", "))
    });
    let notes = evidence.notes.iter().map(|(key, value)| format!("{key}: {value}"));
    waits.chain(notes).collect()
}

/// Describes a request and its response in one line.
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
