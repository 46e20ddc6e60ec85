//! Many tests at a time.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::task::{Id, JoinSet};

use super::govern::{Around, Task, govern};
use super::pulse::Pulse;
use super::{Host, Limits, Slots, Stop, panics};
use crate::Failure;
use crate::journal::{Event, Offer, Sink, TestResult, Verdict};
use crate::plan::why_skip;
use crate::registry::Test;

/// Runs tests, so many at a time.
pub struct Crew {
    /// What they run on.
    pub host: Arc<dyn Host>,
    /// What the cloud offers.
    pub offers: Vec<Offer>,
    /// Where events go.
    pub sink: Sink,
    /// Where running tests are entered.
    pub slots: Slots,
    /// How long things may take.
    pub limits: Limits,
    /// How many at a time.
    pub jobs: usize,
    /// Makes it end early.
    pub stop: Stop,
}

/// Whether a crew ended before its tests did, because one of them holds a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retired(pub bool);

impl Crew {
    /// Runs tests, each given with its number in the run and the attempt.
    ///
    /// Those that did not start when it was stopped or retired get no verdict
    /// here: whoever started the crew knows what is left.
    pub async fn run(self, tests: impl IntoIterator<Item = (usize, u32, Test)>) -> Retired {
        panics::install_hook();
        let _pulse = Pulse::start(Handle::current());
        let mut waiting: VecDeque<Task> = tests
            .into_iter()
            .map(|(number, attempt, test)| Task { number, attempt, test })
            .collect();
        let around = Around {
            host: self.host,
            sink: self.sink.clone(),
            slots: self.slots,
            limits: self.limits,
            stop: self.stop.clone(),
        };
        let mut running = JoinSet::new();
        let mut names: HashMap<Id, &'static str> = HashMap::new();
        let mut retired = false;
        loop {
            while running.len() < self.jobs && !retired && !self.stop.is_wanted() {
                let Some(task) = waiting.pop_front() else { break };
                if let Some(reason) = why_skip(&task.test, &self.offers) {
                    finish(&self.sink, task.test.id(), Verdict::Skipped { reason });
                    continue;
                }
                let id = task.test.id();
                names.insert(running.spawn(govern(task, around.clone())).id(), id);
            }
            match running.join_next_with_id().await {
                None => break,
                Some(Ok((_, blocked))) => retired |= blocked,
                Some(Err(error)) => {
                    let test = names.get(&error.id()).copied().unwrap_or_default();
                    let failure = Failure::new(format!("setting up or cleaning up: {error}"));
                    finish(&self.sink, test, Verdict::Failed { failure });
                }
            }
        }
        Retired(retired)
    }
}

fn finish(sink: &Sink, id: &str, verdict: Verdict) {
    sink.send(Event::TestFinished(TestResult { test: id.to_owned(), verdict, duration_ms: 0 }));
}
