//! Supervising a run: the process that stays alive, and its children.
//!
//! ```text
//! squall run ─┬─ squall cloud serve     the embedded cloud, where no cloud is named
//!             └─ squall worker          runs tests, sends events; replaced when lost
//! ```
//!
//! - The supervisor alone writes the journal and gives the verdicts that a
//!   worker could not, so that every selected test has exactly one.
//! - A worker that dies had a culprit (see `tracker`); it gets the verdict, the tests
//!   that were under way with it start again in a fresh worker.
//! - A test that holds its thread past its deadline makes the worker retire; one
//!   that holds every thread makes the supervisor end the worker.
//! - The first Ctrl-C stops what runs and lets it be undone, the second ends the
//!   worker at once. The journal is closed either way.
//! - Children stand in process groups of their own, so that a Ctrl-C reaches the
//!   supervisor alone, and end when their standard input does: nothing is left
//!   behind even where the supervisor itself is killed.

mod child;
mod connect;
mod death;
mod embedded;
mod evidence;
mod interrupts;
mod monitor;
mod protocol;
mod recorder;
mod run;
mod tracker;
mod worker;
mod workers;

pub use run::{Outcome, Plan, Resume, SuperviseError, run};
pub use worker::{WORKER, work};
