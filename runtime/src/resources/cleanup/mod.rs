//! Undoing what a run made: at the end of a test, at the end of the run, and by
//! `squall cleanup RUN` from the ledger of a run that could not.
//!
//! All of them use [`Undo`], so that what every run tries is what is trusted after a
//! crash. Nothing is touched but what the ledger names: by the id that the service
//! returned, or by a name that nothing else has. And nothing counts as gone unless the
//! service itself shows it ([`Evidence`]).

mod bounds;
mod endpoints;
mod evidence;
mod fill;
mod listing;
mod remove;
mod replay;
mod run;
mod search;
mod trust;
mod undo;

pub use crate::credentials::{Acting, Owners};
pub use crate::ledger::{CleanupOutcome, Leftover, Removed};
pub use bounds::{UndoError, UndoTimeouts};
pub(crate) use endpoints::target;
pub use evidence::Evidence;
pub(crate) use listing::{ListError, every_listed};
pub use replay::{Progress, Replay};
pub use run::{CleanupError, run};
pub(crate) use search::by_another_name;
pub use undo::Undo;
pub(crate) use undo::is_hidden_from_its_maker;

#[cfg(test)]
mod tests;
