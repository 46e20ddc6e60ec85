//! Supervising a run: the parent process and its children.
//!
//! ```text
//! squall run ─┬─ squall cloud serve     the embedded cloud, where no cloud is named
//!             └─ squall worker          runs tests, sends events; replaced when lost
//! ```
//!
//! - The supervisor alone writes the journal and gives the verdicts that a
//!   worker could not, so that every selected test has exactly one.
//! - When a worker dies, the test that caused it is identified (see `tracker`) and
//!   marked as crashed; the other running tests start again in a new worker.
//! - A test that blocks its thread past its deadline makes the worker retire. If
//!   every thread is blocked, the supervisor kills the worker.
//! - The first Ctrl-C stops the tests and undoes what they made; the second kills
//!   the worker at once. The journal is closed either way.
//! - Children run in their own process groups, so Ctrl-C reaches the supervisor
//!   only. They exit when their standard input closes, so no process is left even
//!   if the supervisor is killed.

mod child;
mod connect;
mod death;
mod embedded;
mod evidence;
mod interrupts;
mod monitor;
mod plan;
mod protocol;
mod recorder;
mod run;
mod tracker;
mod worker;
mod workers;

pub use plan::{Observe, Plan, Resume};
pub use run::{RunOutcome, SuperviseError, run};
pub use worker::{WORKER, work};
