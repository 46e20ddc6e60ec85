//! Subunit version 2, for the tools of OpenStack's CI.
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
//! | none: incomplete journal | fail | `not-run` | `reason` |
//!
//! Subunit has no status for a test that did not run which readers count: they leave `exists` out
//! of every total, and a skip would look intended. Such a test fails, so that the totals match
//! the selection.

mod packet;

use std::io::{self, Write};

use ::subunit::types::teststatus::TestStatus;

use super::outline::Paint;
use super::run_record::{Evidence, RunRecord, TestRecord};
use super::{Reporter, evidence};
use crate::journal::{Entry, Event, Verdict};

/// Writes the packets of each event as it happens.
pub struct Subunit<W> {
    out: W,
    run_record: RunRecord,
    closed: bool,
    error: Option<io::Error>,
}

impl<W: Write> Subunit<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, run_record: RunRecord::default(), closed: false, error: None }
    }

    /// Writes the missing statuses of an incomplete run.
    ///
    /// # Errors
    /// Returns the first error of any packet.
    pub fn close(&mut self) -> io::Result<()> {
        if !self.closed {
            self.end();
        }
        self.error.take().map_or(Ok(()), Err)
    }

    fn end(&mut self) {
        self.closed = true;
        let Some((_, at)) = self.run_record.span else { return };
        let open = self.run_record.records.iter().filter(|record| record.verdict.is_none());
        let packets: io::Result<Vec<Vec<u8>>> =
            open.map(|record| without_verdict(record, at)).collect();
        self.write(packets.map(|packets| packets.concat()));
    }

    fn write(&mut self, packets: io::Result<Vec<u8>>) {
        let written = packets.and_then(|bytes| {
            self.out.write_all(&bytes)?;
            self.out.flush()
        });
        if let Err(error) = written {
            self.error.get_or_insert(error);
        }
    }
}

impl<W: Write> Reporter for Subunit<W> {
    fn see(&mut self, entry: &Entry) {
        self.run_record.add(entry);
        let packets = match &entry.event {
            Event::TestStarted { test, .. } => self.run_record.find(test).map(|record| {
                packet::status(test, TestStatus::InProgress, entry.at, tags(record, None))
            }),
            Event::TestFinished(result) => {
                self.run_record.find(&result.test).map(|record| finished(record, entry.at))
            }
            Event::RunFinished { .. } => return self.end(),
            _ => None,
        };
        if let Some(packets) = packets {
            self.write(packets);
        }
    }
}

/// Returns the tags of a test: its lane, and its verdict.
fn tags(record: &TestRecord, ending: Option<&str>) -> Vec<String> {
    let worker = record.lane().map(|lane| format!("worker-{lane}"));
    worker.into_iter().chain(ending.map(str::to_owned)).collect()
}

fn finished(record: &TestRecord, at: jiff::Timestamp) -> io::Result<Vec<u8>> {
    let Some(verdict) = &record.verdict else { return Ok(Vec::new()) };
    let test = record.id.as_str();
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
            if let Some(evidence) = &record.evidence {
                packets.extend(shown(test, at, evidence)?);
            }
        }
    }
    packets.extend(packet::status(test, status, at, tags(record, ending))?);
    Ok(packets)
}

/// Returns the evidence of a test as files.
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

fn without_verdict(record: &TestRecord, at: jiff::Timestamp) -> io::Result<Vec<u8>> {
    let what = if record.is_under_way() { "it was running" } else { "it had not started" };
    let reason = format!("no verdict: {what} when the journal ended");
    let mut packets = packet::file(&record.id, at, "reason", packet::TEXT, &reason)?;
    packets.extend(packet::status(
        &record.id,
        TestStatus::Failed,
        at,
        tags(record, Some("not-run")),
    )?);
    Ok(packets)
}

#[cfg(test)]
mod tests;
