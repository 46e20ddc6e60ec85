//! The state of a run, computed from its events: the basis of every report.

mod evidence;
mod test_record;
mod traffic;

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

pub(super) use evidence::Evidence;
pub(super) use test_record::{Attempt, TestRecord};
pub(super) use traffic::{Calls, Traffic};

use super::lanes::Lanes;
use crate::journal::{Counts, Entry, Event, Header, Offer, TestResult, Verdict};
use crate::ledger::CleanupOutcome;

/// A run, as far as its events describe it.
#[derive(Debug, Default)]
pub(super) struct RunRecord {
    pub(super) header: Option<Header>,
    /// The services of the cloud.
    pub(super) offers: Vec<Offer>,
    /// What was not removed by the end of the run.
    pub(super) left: CleanupOutcome,
    pub(super) refused: Option<Vec<String>>,
    /// Every selected test, in the order of the selection.
    pub(super) records: Vec<TestRecord>,
    /// The fixtures, by the id of their suite.
    fixtures: BTreeMap<String, TestRecord>,
    pub(super) interrupted: u32,
    pub(super) end: Option<Ended>,
    pub(super) traffic: Traffic,
    pub(super) lanes: Lanes,
    /// The times of its first and last event.
    pub(super) span: Option<(Timestamp, Timestamp)>,
    /// The position of each test in `records`.
    positions: HashMap<String, usize>,
    /// How long the run took before it was resumed, and when that happened.
    before_ms: u64,
    part: Option<Timestamp>,
}

/// The last event of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended {
    pub(super) duration_ms: u64,
    pub(super) exit_code: u8,
}

impl RunRecord {
    /// Reads the events of a run.
    pub(super) fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut run_record = Self::default();
        entries.into_iter().for_each(|entry| run_record.add(entry));
        run_record
    }

    /// Adds an event.
    pub(super) fn add(&mut self, entry: &Entry) {
        let (since, last) = self.span.unwrap_or((entry.at, entry.at));
        self.span = Some((since, entry.at));
        match &entry.event {
            Event::RunStarted(header) => self.start(header),
            Event::CloudReady { offers, .. } => self.offers.clone_from(offers),
            Event::CloudRefused { cause } => self.refused = Some(cause.clone()),
            Event::FixtureStarted { suite, .. } => {
                self.fixtures.insert(suite.clone(), TestRecord::of_fixture(suite));
                self.enter(suite, entry.at);
            }
            Event::FixtureReady { suite, duration_ms } => {
                self.leave(suite, entry.at);
                self.fixture(suite, &Verdict::Passed, *duration_ms);
            }
            Event::FixtureFailed { suite, failure, duration_ms } => {
                self.leave(suite, entry.at);
                let (failure, reason) = (failure.clone(), failure.message().to_owned());
                let skipped = failure.is_skip();
                let verdict =
                    if skipped { Verdict::Skipped { reason } } else { Verdict::Failed { failure } };
                self.fixture(suite, &verdict, *duration_ms);
            }
            Event::TestStarted { test, .. } => {
                self.leave(test, entry.at);
                self.enter(test, entry.at);
            }
            // Tests that were running when the run was killed ended then.
            Event::RunResumed { .. } => {
                self.before_ms += self.part_ms(last);
                self.part = Some(entry.at);
                self.lanes.taken().iter().for_each(|test| self.leave(test, last));
            }
            Event::WorkerLost { again, .. } => {
                for test in again {
                    self.leave(test, entry.at);
                }
            }
            Event::Exchange { test, exchange } => {
                self.traffic.add(exchange);
                if let Some(test) = test {
                    self.record(test).evidence().send(exchange);
                }
            }
            Event::AttemptFailed(result) => self.leave(&result.test, entry.at),
            Event::TestUndoing { test } => self.record(test).evidence().close(),
            Event::Wait { test, wait } if wait.error.is_some() => {
                self.record(test).evidence().waits.push(wait.clone());
            }
            Event::Note { test, key, value } => self.record(test).evidence().note(key, value),
            Event::Cleanup { test: None, outcome } => self.left = outcome.clone(),
            Event::TestFinished(result) => {
                self.leave(&result.test, entry.at);
                self.record(&result.test).finish(result);
            }
            Event::Interrupted { times } => self.interrupted = *times,
            Event::RunFinished { duration_ms, exit_code, .. } => {
                let (duration_ms, exit_code) = (*duration_ms, *exit_code);
                self.end = Some(Ended { duration_ms, exit_code });
            }
            _ => {}
        }
    }

    fn start(&mut self, header: &Header) {
        for test in &header.tests {
            let record = self.record(&test.id);
            (record.name, record.package) = (test.name.clone(), test.package.clone());
        }
        self.header = Some(header.clone());
    }

    fn enter(&mut self, test: &str, at: Timestamp) {
        let lane = self.lanes.take(test);
        self.record(test).start(lane, at);
    }

    fn leave(&mut self, test: &str, at: Timestamp) {
        if self.lanes.leave(test).is_some() {
            self.record(test).stop(at);
        }
    }

    /// Returns the record of a test, adding it if the selection does not contain it: the first
    /// line of a journal may be unreadable.
    fn record(&mut self, test: &str) -> &mut TestRecord {
        if self.fixtures.contains_key(test) {
            return self.fixtures.entry(test.to_owned()).or_default();
        }
        let position = *self.positions.entry(test.to_owned()).or_insert_with(|| {
            self.records.push(TestRecord::of(test));
            self.records.len() - 1
        });
        &mut self.records[position]
    }

    /// Finds a test by its id.
    pub(super) fn find(&self, test: &str) -> Option<&TestRecord> {
        self.positions.get(test).map(|position| &self.records[*position])
    }

    /// Records the result of a fixture.
    fn fixture(&mut self, suite: &str, verdict: &Verdict, duration_ms: u64) {
        let record =
            self.fixtures.entry(suite.to_owned()).or_insert_with(|| TestRecord::of_fixture(suite));
        record.finish(&TestResult {
            test: suite.to_owned(),
            verdict: verdict.clone(),
            duration_ms,
        });
    }

    /// Returns the records of all tests and fixtures.
    pub(super) fn all(&self) -> impl Iterator<Item = &TestRecord> {
        self.records.iter().chain(self.fixtures.values())
    }

    /// Returns the tests that ran and failed and the fixtures that failed, in the order of their
    /// ids.
    pub(super) fn bad(&self) -> Vec<&TestRecord> {
        let mut bad: Vec<&TestRecord> = self
            .all()
            .filter(|record| {
                record.verdict.as_ref().is_some_and(|verdict| {
                    verdict.is_bad() && !matches!(verdict, Verdict::NotRun { .. })
                })
            })
            .collect();
        bad.sort_by(|a, b| a.id.cmp(&b.id));
        bad
    }

    /// Returns the verdicts, counted.
    pub(super) fn counts(&self) -> Counts {
        let mut counts = Counts::of(self.records.len());
        self.records
            .iter()
            .filter_map(|record| record.verdict.as_ref())
            .for_each(|v| counts.add(v));
        counts
    }

    /// Returns the number of tests without a verdict; 0 for a finished run.
    pub(super) fn open(&self) -> usize {
        self.records.iter().filter(|record| record.verdict.is_none()).count()
    }

    /// Returns how long the run took, or has taken so far; the time between a kill and resuming
    /// is not included.
    pub(super) fn duration_ms(&self) -> u64 {
        let spanned = || self.span.map_or(0, |(_, until)| self.part_ms(until));
        self.before_ms + self.end.map_or_else(spanned, |end| end.duration_ms)
    }

    /// Returns the time since the start, or since the run was resumed.
    fn part_ms(&self, until: Timestamp) -> u64 {
        let since = self.part.or(self.span.map(|(since, _)| since));
        since.map_or(0, |since| millis(since, until))
    }
}

/// Returns the milliseconds between two times; 0 if the clock was set back.
pub(super) fn millis(since: Timestamp, until: Timestamp) -> u64 {
    u64::try_from(until.duration_since(since).as_millis()).unwrap_or_default()
}
