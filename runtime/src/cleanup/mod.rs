//! Undoing what a run made: by the context at a test's end, and by
//! `squall cleanup RUN` from the ledger of a run that could not.
//!
//! Both go through [`undo`], so that what is tried in every run is what is
//! trusted after a crash. Nothing is touched but what the ledger names: by the id
//! that the service gave, or by a name that no other thing has.

mod fill;
mod run;
mod search;
mod undo;

pub use crate::credentials::{Acting, Owners};
pub use crate::ledger::{Leftover, Outcome, Removed};
pub use run::{CleanupError, replay, run};
pub use undo::{UndoError, UndoTimeouts, undo};

#[cfg(test)]
mod tests;
