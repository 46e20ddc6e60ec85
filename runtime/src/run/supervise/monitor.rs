//! Monitoring one worker from start to exit.

use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

use tokio::time::sleep_until;

use super::child::{self, Child, Lines};
use super::death;
use super::interrupts::Interrupts;
use super::protocol::{Message, STOP};
use super::recorder::Recorder;
use super::tracker::{Loss, TestTracker};
use crate::Failure;
use crate::client::redact;
use crate::execute::{Limits, SlotFile, not_run};
use crate::journal::{Entry, Event, Verdict};

/// How many of a worker's last lines are kept as evidence.
const LAST_LINES: usize = 20;

/// A worker that sends nothing for this long, with no test running, is considered stuck.
const SILENCE: Duration = Duration::from_secs(180);

/// How a worker ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It finished its assignment, or retired.
    Done,
    /// It died or was killed; another worker may continue.
    Lost,
    /// Another worker would die as well.
    Hopeless(String),
}

/// Follows a worker until it exits, and gives the verdicts that it could not.
pub(super) struct WorkerMonitor<'a, 'r> {
    pub(super) tracker: &'a mut TestTracker,
    pub(super) recorder: &'a mut Recorder<'r>,
    pub(super) interrupts: &'a mut Interrupts,
    pub(super) slots: &'a SlotFile,
    pub(super) limits: Limits,
}

/// What happened next.
enum Next {
    Lines(Option<Lines>),
    Limit,
    Interrupt(u32),
}

impl WorkerMonitor<'_, '_> {
    /// Handles the worker's messages, limits and signals until it exits.
    pub(super) async fn follow(mut self, mut worker: Child) -> io::Result<End> {
        let mut output = VecDeque::with_capacity(LAST_LINES);
        let mut heard = Instant::now();
        let mut give_up: Option<Instant> = None;
        loop {
            let limit = [self.tracker.next_limit(), give_up].into_iter().flatten().min();
            let limit = limit.unwrap_or(heard + SILENCE);
            let next = tokio::select! {
                lines = worker.lines() => Next::Lines(lines),
                () = sleep_until(limit.into()) => Next::Limit,
                times = self.interrupts.next() => Next::Interrupt(times),
            };
            match next {
                Next::Lines(Some(lines)) => {
                    heard = Instant::now();
                    if self.hear(&lines, &mut output)? {
                        worker.end().await;
                        return Ok(End::Done);
                    }
                }
                Next::Lines(None) => {
                    let status = worker_status(worker).await;
                    return self.died(status, output.into());
                }
                Next::Limit => {
                    let pid = worker.pid();
                    worker.kill().await;
                    return self.ended(pid);
                }
                Next::Interrupt(times) => {
                    self.recorder.now(Event::Interrupted { times })?;
                    if times > 1 {
                        worker.kill().await;
                        return Ok(End::Lost);
                    }
                    worker.send_line(STOP).await;
                    // Leaves time to undo what was made.
                    let undo = self.limits.around + self.limits.grace;
                    give_up = Some(Instant::now() + undo);
                }
            }
        }
    }

    /// Handles lines from the worker; returns whether it is done.
    fn hear(&mut self, lines: &Lines, output: &mut VecDeque<String>) -> io::Result<bool> {
        let mut done = false;
        match lines {
            Lines::Out(lines) => {
                for line in child::each(lines) {
                    match Message::read(line) {
                        Some(Message::Done) => done = true,
                        Some(Message::Secret(secret)) => learn(secret),
                        Some(Message::Evidence(of, line)) => self.recorder.keep(of, line)?,
                        Some(Message::Happened(line)) => match serde_json::from_slice(line) {
                            Ok(entry) => self.happened(entry, line)?,
                            Err(_) => self.printed(line, output)?,
                        },
                        None => self.printed(line, output)?,
                    }
                }
            }
            Lines::Err(lines) => {
                for line in child::each(lines) {
                    self.printed(line, output)?;
                }
            }
        }
        self.recorder.flush()?;
        Ok(done)
    }

    /// Handles a line that is no message: something that a test printed.
    fn printed(&mut self, line: &[u8], output: &mut VecDeque<String>) -> io::Result<()> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let text = redact::text(&String::from_utf8_lossy(line)).into_owned();
        if output.len() == LAST_LINES {
            output.pop_front();
        }
        output.push_back(text.clone());
        self.recorder.now(Event::Output { text })
    }

    fn happened(&mut self, entry: Entry, line: &[u8]) -> io::Result<()> {
        match &entry.event {
            Event::TestStarted { test, timeout_ms, .. } => {
                self.tracker.started(test, *timeout_ms, Instant::now());
            }
            Event::FixtureStarted { suite, test, timeout_ms } => {
                let limit = self.limits.whole_of(Duration::from_millis(*timeout_ms));
                self.tracker.setting_up(test, suite, limit, Instant::now());
            }
            Event::FixtureReady { suite, .. } | Event::FixtureFailed { suite, .. } => {
                self.tracker.set_up(suite);
            }
            Event::AttemptFailed(result) => self.tracker.again(&result.test),
            Event::TestFinished(result) if !self.tracker.finished(&result.test) => return Ok(()),
            _ => {}
        }
        self.recorder.take(entry, line)
    }

    /// Handles an unexpected exit.
    fn died(
        mut self,
        (pid, status): (u32, Option<std::process::ExitStatus>),
        output: Vec<String>,
    ) -> io::Result<End> {
        let how = death::how(status, &output);
        let loss = self.tracker.lost(&self.slots.suspects(&output));
        self.lost(pid, &how, &loss)?;
        if let Some(number) = loss.culprit {
            let verdict = Verdict::Crashed { how: how.clone(), output };
            self.blame(number, &format!("crashed its process: {how}"), verdict)?;
        }
        Ok(if loss.hopeless { End::Hopeless(how) } else { End::Lost })
    }

    /// Handles a worker that was killed because a test, or its silence, exceeded every
    /// limit.
    fn ended(mut self, pid: u32) -> io::Result<End> {
        let overdue = self.tracker.overdue(Instant::now());
        let how = match overdue {
            Some(_) => "killed, because a test blocked its thread past its deadline",
            None => "killed, because it did not finish by itself",
        };
        let suspects: Vec<usize> = overdue.into_iter().collect();
        let loss = self.tracker.lost(&suspects);
        self.lost(pid, how, &Loss { culprit: overdue, ..loss })?;
        if let Some(number) = overdue {
            let after_ms = self.tracker.timeout_ms(number);
            let verdict = Verdict::TimedOut { after_ms, blocked: true };
            self.blame(number, "blocked its thread past its deadline", verdict)?;
        }
        Ok(if loss.hopeless { End::Hopeless(how.to_owned()) } else { End::Lost })
    }

    fn lost(&mut self, pid: u32, how: &str, loss: &Loss) -> io::Result<()> {
        let name = |number: &usize| self.tracker.id(*number).to_owned();
        let culprit = loss.culprit.as_ref().map(name);
        let again = loss.again.iter().map(name).collect();
        self.recorder.now(Event::WorkerLost { pid, how: how.to_owned(), culprit, again })
    }

    /// Records the verdict of the test that caused the loss. If it was a fixture being set
    /// up in its name, all tests that share the fixture get one.
    fn blame(&mut self, number: usize, how: &str, verdict: Verdict) -> io::Result<()> {
        let Some(suite) = self.tracker.fixture_of(number) else {
            return self.settle(number, verdict);
        };
        let failure = Failure::new(how).with_location(None);
        let verdict = not_run(suite, &failure);
        let suite_id = suite.to_owned();
        self.recorder.now(Event::FixtureFailed { suite: suite_id, failure, duration_ms: 0 })?;
        for number in self.tracker.sharing(suite) {
            self.settle(number, verdict.clone())?;
        }
        Ok(())
    }

    fn settle(&mut self, number: usize, verdict: Verdict) -> io::Result<()> {
        let test = self.tracker.id(number).to_owned();
        self.tracker.finished(&test);
        self.recorder.verdict(&test, verdict)
    }
}

/// Remembers a secret of the worker's, so that it is hidden in what is printed.
fn learn(secret: &[u8]) {
    if let Ok(secret) = serde_json::from_slice::<String>(secret) {
        redact::learn(&secret);
    }
}

async fn worker_status(worker: Child) -> (u32, Option<std::process::ExitStatus>) {
    (worker.pid(), worker.end().await)
}
