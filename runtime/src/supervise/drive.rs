//! Driving one worker from its start to its end.

use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

use tokio::time::sleep_until;

use super::board::Board;
use super::child::{Child, Line};
use super::death;
use super::interrupts::Interrupts;
use super::protocol::{Message, STOP};
use super::recorder::Recorder;
use crate::execute::SlotFile;
use crate::journal::{Entry, Event, Verdict};

/// How many of a worker's last lines are kept as evidence.
const LAST_LINES: usize = 20;

/// A worker that sends nothing at all for so long, with no test under way, is stuck.
const SILENCE: Duration = Duration::from_secs(180);

/// How a worker ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It is done with what it was given, or retired from it.
    Done,
    /// It died or was ended; another may go on.
    Lost,
    /// Another would die as well.
    Hopeless(String),
}

/// Follows a worker until it is gone, and settles what it leaves.
pub(super) struct Drive<'a, 'r> {
    pub(super) board: &'a mut Board,
    pub(super) recorder: &'a mut Recorder<'r>,
    pub(super) interrupts: &'a mut Interrupts,
    pub(super) slots: &'a SlotFile,
    /// How long an interrupted worker may undo what was made.
    pub(super) undo: Duration,
}

/// What comes next.
enum Next {
    Line(Option<Line>),
    Limit,
    Interrupt(u32),
}

impl Drive<'_, '_> {
    /// Drives the worker.
    pub(super) async fn follow(mut self, mut worker: Child) -> io::Result<End> {
        let mut output = VecDeque::with_capacity(LAST_LINES);
        let mut heard = Instant::now();
        let mut give_up: Option<Instant> = None;
        loop {
            let limit = [self.board.next_limit(), give_up].into_iter().flatten().min();
            let limit = limit.unwrap_or(heard + SILENCE);
            let next = tokio::select! {
                line = worker.line() => Next::Line(line),
                () = sleep_until(limit.into()) => Next::Limit,
                times = self.interrupts.next() => Next::Interrupt(times),
            };
            match next {
                Next::Line(Some(line)) => {
                    heard = Instant::now();
                    if self.hear(line, &mut output)? {
                        worker.end().await;
                        return Ok(End::Done);
                    }
                }
                Next::Line(None) => {
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
                    worker.tell(STOP).await;
                    give_up = Some(Instant::now() + self.undo);
                }
            }
        }
    }

    /// Takes a line; gives whether it is the last of a worker that is done.
    fn hear(&mut self, line: Line, output: &mut VecDeque<String>) -> io::Result<bool> {
        let text = match line {
            Line::Out(bytes) => match serde_json::from_slice(&bytes) {
                Ok(Message::Done) => return Ok(true),
                Ok(Message::Happened { entry }) => {
                    self.happened(&entry)?;
                    return Ok(false);
                }
                Err(_) => String::from_utf8_lossy(&bytes).into_owned(),
            },
            Line::Err(text) => text,
        };
        if output.len() == LAST_LINES {
            output.pop_front();
        }
        output.push_back(text.clone());
        self.recorder.now(Event::Output { text })?;
        Ok(false)
    }

    fn happened(&mut self, entry: &Entry) -> io::Result<()> {
        match &entry.event {
            Event::TestStarted { test, timeout_ms, .. } => {
                self.board.started(test, *timeout_ms, Instant::now());
            }
            Event::AttemptFailed(result) => self.board.again(&result.test),
            Event::TestFinished(result) if !self.board.finished(&result.test) => return Ok(()),
            _ => {}
        }
        self.recorder.take(entry)
    }

    /// Settles a death that nobody asked for.
    fn died(
        self,
        (pid, status): (u32, Option<std::process::ExitStatus>),
        output: Vec<String>,
    ) -> io::Result<End> {
        let how = death::how(status, &output);
        let loss = self.board.lost(&self.slots.suspects(&output));
        let name = |number: &usize| self.board.id(*number).to_owned();
        let culprit = loss.culprit.as_ref().map(name);
        self.recorder.now(Event::WorkerLost {
            pid,
            how: how.clone(),
            culprit: culprit.clone(),
            again: loss.again.iter().map(name).collect(),
        })?;
        if let Some(test) = culprit {
            self.board.finished(&test);
            self.recorder.verdict(&test, Verdict::Crashed { how: how.clone(), output })?;
        }
        Ok(if loss.hopeless { End::Hopeless(how) } else { End::Lost })
    }

    /// Settles a worker that was ended because a test, or its silence, went past
    /// every limit.
    fn ended(self, pid: u32) -> io::Result<End> {
        let overdue = self.board.overdue(Instant::now());
        let how = match overdue {
            Some(_) => "ended, because a test held on to every thread past its deadline",
            None => "ended, because it did not come to its end by itself",
        };
        let suspects: Vec<usize> = overdue.into_iter().collect();
        let loss = self.board.lost(&suspects);
        let name = |number: &usize| self.board.id(*number).to_owned();
        let culprit = overdue.as_ref().map(name);
        self.recorder.now(Event::WorkerLost {
            pid,
            how: how.to_owned(),
            culprit: culprit.clone(),
            again: loss.again.iter().map(name).collect(),
        })?;
        if let Some(number) = overdue {
            let test = self.board.id(number).to_owned();
            let after_ms = self.board.timeout_ms(number);
            self.board.finished(&test);
            self.recorder.verdict(&test, Verdict::TimedOut { after_ms, blocked: true })?;
        }
        Ok(if loss.hopeless { End::Hopeless(how.to_owned()) } else { End::Lost })
    }
}

async fn worker_status(worker: Child) -> (u32, Option<std::process::ExitStatus>) {
    (worker.pid(), worker.end().await)
}
