//! The journal: everything that happens in a run, one event per line.
//!
//! It is `journal.jsonl` in the run's directory. Only the supervisor writes it,
//! whole lines in one `write`, so that a run that dies leaves whole lines. Reports
//! use nothing else, during the run or later.

mod counts;
mod event;
mod line;
mod prune;
mod read;
mod target;
mod verdict;
mod write;

pub use counts::Counts;
pub use event::{
    Entry, Event, Header, ObservedState, Offer, Pretended, SelectedTest, SelectionScope,
    TestResult, WaitReport,
};
pub use line::{line, settled};
pub use prune::{Kept, Pruned, prune};
pub use read::is_undone_by_resuming;
pub use read::{JournalContent, RunError, find_run, read, results, runs};
pub use target::{Match, Target};
pub use verdict::Verdict;
pub use write::{Journal, Sink, create_dir};

/// The journal's name in a run's directory.
pub const FILE: &str = "journal.jsonl";

/// The directory for all files of Squall, relative to the working directory.
pub const HOME: &str = ".squall";

/// The directory for runs, relative to the working directory.
pub const RUNS: &str = ".squall/runs";
