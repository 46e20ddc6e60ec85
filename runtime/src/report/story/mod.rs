//! What a run's events add up to: the one thing that reports are made of.

mod evidence;
mod tale;
mod traffic;

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

pub(super) use evidence::Evidence;
pub(super) use tale::{Attempt, Tale};
pub(super) use traffic::{Calls, Traffic};

use super::lanes::Lanes;
use crate::journal::{Counts, Entry, Event, Header, Offer, TestResult, Verdict};
use crate::ledger::Outcome;

/// A run, as far as its events tell it.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub(super) header: Option<Header>,
    /// What the cloud offers.
    pub(super) offers: Vec<Offer>,
    /// What cannot be undone, at the end of the run.
    pub(super) left: Outcome,
    pub(super) refused: Option<Vec<String>>,
    /// Every selected test, in the order of the selection.
    pub(super) tales: Vec<Tale>,
    /// What suites set up for their tests, by the suite's id.
    fixtures: BTreeMap<String, Tale>,
    pub(super) interrupted: u32,
    pub(super) end: Option<Ended>,
    pub(super) traffic: Traffic,
    pub(super) lanes: Lanes,
    /// When its first and its last event happened.
    pub(super) span: Option<(Timestamp, Timestamp)>,
    places: HashMap<String, usize>,
    /// How long the run took until it was killed, where it went on afterwards, and
    /// when it did.
    before_ms: u64,
    part: Option<Timestamp>,
}

/// The last line of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended {
    pub(super) duration_ms: u64,
    pub(super) exit_code: u8,
}

impl Story {
    /// Reads a run's events.
    pub(super) fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut story = Self::default();
        entries.into_iter().for_each(|entry| story.add(entry));
        story
    }

    /// Takes in an event.
    pub(super) fn add(&mut self, entry: &Entry) {
        let (since, last) = self.span.unwrap_or((entry.at, entry.at));
        self.span = Some((since, entry.at));
        match &entry.event {
            Event::RunStarted(header) => self.start(header),
            Event::CloudReady { offers, .. } => self.offers.clone_from(offers),
            Event::CloudRefused { cause } => self.refused = Some(cause.clone()),
            Event::FixtureStarted { suite, .. } => {
                self.fixtures.insert(suite.clone(), Tale::of_fixture(suite));
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
            // What was under way when the run was killed ended by then.
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
                    self.tale(test).evidence().send(exchange);
                }
            }
            Event::AttemptFailed(result) => self.leave(&result.test, entry.at),
            Event::TestUndoing { test } => self.tale(test).evidence().close(),
            Event::Wait { test, wait } if wait.error.is_some() => {
                self.tale(test).evidence().waits.push(wait.clone());
            }
            Event::Note { test, key, value } => self.tale(test).evidence().note(key, value),
            Event::Cleanup { test: None, outcome } => self.left = outcome.clone(),
            Event::TestFinished(result) => {
                self.leave(&result.test, entry.at);
                self.tale(&result.test).finish(result);
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
            let tale = self.tale(&test.id);
            (tale.name, tale.package) = (test.name.clone(), test.package.clone());
        }
        self.header = Some(header.clone());
    }

    fn enter(&mut self, test: &str, at: Timestamp) {
        let lane = self.lanes.take(test);
        self.tale(test).start(lane, at);
    }

    fn leave(&mut self, test: &str, at: Timestamp) {
        if self.lanes.leave(test).is_some() {
            self.tale(test).stop(at);
        }
    }

    /// Gives the tale of a test; one that was never selected is selected by this, as
    /// where the first line of a journal cannot be read.
    fn tale(&mut self, test: &str) -> &mut Tale {
        if self.fixtures.contains_key(test) {
            return self.fixtures.entry(test.to_owned()).or_default();
        }
        let place = *self.places.entry(test.to_owned()).or_insert_with(|| {
            self.tales.push(Tale::of(test));
            self.tales.len() - 1
        });
        &mut self.tales[place]
    }

    /// Finds a test by its id.
    pub(super) fn find(&self, test: &str) -> Option<&Tale> {
        self.places.get(test).map(|place| &self.tales[*place])
    }

    /// Takes in what became of a fixture.
    fn fixture(&mut self, suite: &str, verdict: &Verdict, duration_ms: u64) {
        let tale = self.fixtures.entry(suite.to_owned()).or_insert_with(|| Tale::of_fixture(suite));
        tale.finish(&TestResult { test: suite.to_owned(), verdict: verdict.clone(), duration_ms });
    }

    /// Gives all that took time: the tests, and the fixtures that were set up for them.
    pub(super) fn all(&self) -> impl Iterator<Item = &Tale> {
        self.tales.iter().chain(self.fixtures.values())
    }

    /// Gives the tests that ran and did not pass, in the order of their ids, and the
    /// fixtures that were not set up.
    pub(super) fn bad(&self) -> Vec<&Tale> {
        let mut bad: Vec<&Tale> = self
            .all()
            .filter(|tale| {
                tale.verdict.as_ref().is_some_and(|verdict| {
                    verdict.is_bad() && !matches!(verdict, Verdict::NotRun { .. })
                })
            })
            .collect();
        bad.sort_by(|a, b| a.id.cmp(&b.id));
        bad
    }

    /// Gives what became of the tests, counted from their verdicts.
    pub(super) fn counts(&self) -> Counts {
        let mut counts = Counts::of(self.tales.len());
        self.tales.iter().filter_map(|tale| tale.verdict.as_ref()).for_each(|v| counts.add(v));
        counts
    }

    /// Gives the number of tests without a verdict: none, where a run came to its end.
    pub(super) fn open(&self) -> usize {
        self.tales.iter().filter(|tale| tale.verdict.is_none()).count()
    }

    /// Gives how long the run took, or is known to have taken; the time between a kill
    /// and going on is no part of it.
    pub(super) fn duration_ms(&self) -> u64 {
        let spanned = || self.span.map_or(0, |(_, until)| self.part_ms(until));
        self.before_ms + self.end.map_or_else(spanned, |end| end.duration_ms)
    }

    /// Gives the time from the start of what goes on to another.
    fn part_ms(&self, until: Timestamp) -> u64 {
        let since = self.part.or(self.span.map(|(since, _)| since));
        since.map_or(0, |since| millis(since, until))
    }
}

/// Gives the milliseconds between two times; 0 where a clock was set back.
pub(super) fn millis(since: Timestamp, until: Timestamp) -> u64 {
    u64::try_from(until.duration_since(since).as_millis()).unwrap_or_default()
}
