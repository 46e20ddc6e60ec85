//! Reports of runs, for people and for programs.
//!
//! A reporter sees only events, so the same journal yields the same report during the run and
//! later.

mod agreement;
mod causes;
mod compare;
mod evidence;
mod findings;
mod html;
mod json;
mod junit;
mod lanes;
mod libtest;
mod live;
mod outline;
mod policy;
mod proof;
mod run_record;
mod signature;
mod subunit;
mod summary;
mod terminal;

pub use agreement::{Agreement, AnswerDifference, Cause, Example, Skipped, Tally, VerdictsApart};
pub use compare::{Class, Comparison, DurationChange, RunLine, TestChange};
pub use findings::{Findings, LoggedException, RunFinding, ServiceLog};
pub use html::html;
pub use json::Json;
pub use junit::junit;
pub use libtest::{Libtest, Style};
pub use live::Live;
pub use policy::{DeviationGroup, PolicyReport, PolicyRow, ServiceCoverage, Unexercised};
pub use proof::{OperationProof, Outcome, Proof, TestProof, Unnoticed, UnnoticedError};
pub use subunit::Subunit;
pub use summary::summary;
pub use terminal::Terminal;

use crate::journal::Entry;

/// Receives the events of a run one by one.
pub trait Reporter {
    /// Receives an event.
    fn see(&mut self, entry: &Entry);

    /// Whether it needs every event during a run. Otherwise requests, waits and notes are sent
    /// just before the verdict that they explain, and left out for tests that passed.
    fn wants_everything(&self) -> bool {
        false
    }

    /// Receives events, one after another.
    fn see_all<'a>(&mut self, entries: impl IntoIterator<Item = &'a Entry>)
    where
        Self: Sized,
    {
        for entry in entries {
            self.see(entry);
        }
    }
}

/// Several reporters receive the same events.
impl<const N: usize> Reporter for [Box<dyn Reporter>; N] {
    fn see(&mut self, entry: &Entry) {
        for reporter in self {
            reporter.see(entry);
        }
    }

    fn wants_everything(&self) -> bool {
        self.iter().any(|reporter| reporter.wants_everything())
    }
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
