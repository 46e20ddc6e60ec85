//! Subunit version 2, which the tools of OpenStack's CI read.
//!
//! | verdict | status | tag | files |
//! | --- | --- | --- | --- |
//! | passed | success | | |
//! | flaky | success | `flaky` | `traceback`, `evidence`, `exchanges` |
//! | known bug | xfail | `known-bug` | `reason` |
//! | skipped | skip | | `reason` |
//! | failed | fail | | `traceback`, `evidence`, `exchanges` |
//! | timed out, crashed | fail | `timed-out`, `crashed` | the same |
//! | not run | fail | `not-run` | `reason` |
//! | none: the journal breaks off | fail | `not-run` | `reason` |
//!
//! A test that did not run has no status of its own that readers count: `exists` is
//! left out of every total, and a skip would be taken for a choice. It fails, so that
//! what is read adds up to what was selected.

mod packet;

use std::io::{self, Write};

use ::subunit::types::teststatus::TestStatus;

use super::outline::Paint;
use super::story::{Evidence, Story, Tale};
use super::{Reporter, evidence};
use crate::journal::{Entry, Event, Verdict};

/// Writes each event's packets as soon as it happens.
pub struct Subunit<W> {
    out: W,
    story: Story,
    closed: bool,
    trouble: Option<io::Error>,
}

impl<W: Write> Subunit<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, story: Story::default(), closed: false, trouble: None }
    }

    /// Writes what is missing of a run whose journal breaks off.
    ///
    /// # Errors
    /// What went wrong with the first packet that could not be written.
    pub fn close(&mut self) -> io::Result<()> {
        if !self.closed {
            self.end();
        }
        self.trouble.take().map_or(Ok(()), Err)
    }

    fn end(&mut self) {
        self.closed = true;
        let Some((_, at)) = self.story.span else { return };
        let open = self.story.tales.iter().filter(|tale| tale.verdict.is_none());
        let packets: io::Result<Vec<Vec<u8>>> =
            open.map(|tale| without_verdict(tale, at)).collect();
        self.write(packets.map(|packets| packets.concat()));
    }

    fn write(&mut self, packets: io::Result<Vec<u8>>) {
        let written = packets.and_then(|bytes| {
            self.out.write_all(&bytes)?;
            self.out.flush()
        });
        if let Err(error) = written {
            self.trouble.get_or_insert(error);
        }
    }
}

impl<W: Write> Reporter for Subunit<W> {
    fn see(&mut self, entry: &Entry) {
        self.story.add(entry);
        let packets = match &entry.event {
            Event::TestStarted { test, .. } => self.story.find(test).map(|tale| {
                packet::status(test, TestStatus::InProgress, entry.at, tags(tale, None))
            }),
            Event::TestFinished(result) => {
                self.story.find(&result.test).map(|tale| finished(tale, entry.at))
            }
            Event::RunFinished { .. } => return self.end(),
            _ => None,
        };
        if let Some(packets) = packets {
            self.write(packets);
        }
    }
}

/// Gives the tags of a test: where it ran, and how it ended.
fn tags(tale: &Tale, ending: Option<&str>) -> Vec<String> {
    let worker = tale.lane().map(|lane| format!("worker-{lane}"));
    worker.into_iter().chain(ending.map(str::to_owned)).collect()
}

fn finished(tale: &Tale, at: jiff::Timestamp) -> io::Result<Vec<u8>> {
    let Some(verdict) = &tale.verdict else { return Ok(Vec::new()) };
    let test = tale.id.as_str();
    let (status, ending) = match verdict {
        Verdict::Passed => (TestStatus::Success, None),
        Verdict::Flaky { .. } => (TestStatus::Success, Some("flaky")),
        Verdict::KnownBug { .. } => (TestStatus::ExpectedFailure, Some("known-bug")),
        Verdict::Skipped { .. } => (TestStatus::Skipped, None),
        Verdict::Failed { .. } => (TestStatus::Failed, None),
        Verdict::TimedOut { .. } => (TestStatus::Failed, Some("timed-out")),
        Verdict::Crashed { .. } => (TestStatus::Failed, Some("crashed")),
        Verdict::NotRun { .. } => (TestStatus::Failed, Some("not-run")),
    };
    let mut packets = Vec::new();
    match verdict {
        Verdict::Passed => {}
        Verdict::Skipped { reason } | Verdict::NotRun { reason } => {
            packets.extend(packet::file(test, at, "reason", packet::TEXT, reason)?);
        }
        Verdict::KnownBug { .. } => {
            let text = super::causes::summary(verdict);
            packets.extend(packet::file(test, at, "reason", packet::TEXT, &text)?);
        }
        verdict => {
            let text = evidence::reason(verdict, Paint(false)).join("\n");
            packets.extend(packet::file(test, at, "traceback", packet::TEXT, &text)?);
            if let Some(evidence) = &tale.evidence {
                packets.extend(shown(test, at, evidence)?);
            }
        }
    }
    packets.extend(packet::status(test, status, at, tags(tale, ending))?);
    Ok(packets)
}

/// Gives the files that show why a test did not pass.
fn shown(test: &str, at: jiff::Timestamp, evidence: &Evidence) -> io::Result<Vec<u8>> {
    let mut lines = evidence::seen(evidence);
    lines.extend(evidence.exchanges.iter().map(evidence::exchange));
    let mut packets = Vec::new();
    if !lines.is_empty() {
        packets = packet::file(test, at, "evidence", packet::TEXT, &lines.join("\n"))?;
    }
    if !evidence.exchanges.is_empty() {
        let json = serde_json::to_string(&evidence.exchanges)?;
        packets.extend(packet::file(test, at, "exchanges", packet::JSON, &json)?);
    }
    Ok(packets)
}

fn without_verdict(tale: &Tale, at: jiff::Timestamp) -> io::Result<Vec<u8>> {
    let what = if tale.is_under_way() { "it was under way" } else { "it had not started" };
    let reason = format!("no verdict: {what} when the journal broke off");
    let mut packets = packet::file(&tale.id, at, "reason", packet::TEXT, &reason)?;
    packets.extend(packet::status(&tale.id, TestStatus::Failed, at, tags(tale, Some("not-run")))?);
    Ok(packets)
}

#[cfg(test)]
mod tests;
