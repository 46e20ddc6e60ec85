//! The journal: everything that happens in a run, one event a line.
//!
//! It is `journal.jsonl` in the run's directory. Only the supervising process
//! writes it, whole lines in one `write`, so that a run that dies anywhere leaves
//! whole lines behind; reports are made from nothing else, while the run goes
//! on or later.

mod counts;
mod event;
mod read;
mod verdict;
mod write;

pub use counts::Counts;
pub use event::{Entry, Event, Header, Observation, Offer, SelectedTest, TestResult, WaitReport};
pub(crate) use read::is_undone_by_resuming;
pub use read::{Reading, RunError, find_run, read, results, runs};
pub use verdict::Verdict;
pub use write::{Journal, Sink};

/// The journal's name in a run's directory.
pub const FILE: &str = "journal.jsonl";

/// Where everything of ours is kept, below the directory that `squall` was
/// started in.
pub const HOME: &str = ".squall";

/// Where runs are kept, below the directory that `squall` was started in.
pub const RUNS: &str = ".squall/runs";
