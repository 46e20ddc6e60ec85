//! The plan: which tests run here, in which order, how many at a time, and which
//! of them not beside each other.
//!
//! Everything here is decided before the cloud is asked for anything but what it
//! offers, from values alone.

mod applies;
mod history;
mod order;
mod schedule;
mod shard;
mod why;

use std::num::NonZeroUsize;

pub use applies::why_skip;
pub use history::{Durations, HISTORY};
pub use order::longest_first;
pub use schedule::{Capacities, Schedule, Waiting};
pub use shard::{Shard, ShardError};
pub use why::{Known, Reason, why};

/// Gives how many tests run at a time where nobody says.
///
/// Tests wait for the cloud most of the time, so it is more than there are
/// processors; and not so many that a small cloud runs out of everything.
pub fn default_jobs() -> usize {
    std::thread::available_parallelism().map_or(4, NonZeroUsize::get).saturating_mul(2).clamp(4, 16)
}
