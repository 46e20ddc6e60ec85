//! The plan: which tests run, in which order, how many at a time, and which of them must not
//! run at the same time.
//!
//! All of it is decided from values, before anything is asked of the cloud but what it offers.

mod applies;
mod history;
mod order;
mod profile;
mod rounds;
mod schedule;
mod shard;
mod why;

use std::num::NonZeroUsize;

pub use history::{Durations, HISTORY};
pub use order::longest_first;
pub use profile::CloudProfile;
pub use rounds::rounds;
pub use schedule::{Capacities, Schedule, Waiting};
pub use shard::{Shard, ShardError};
pub use why::{Reason, why, why_skip};

/// Returns the default number of tests that run at a time.
///
/// Tests mostly wait for the cloud, so there are more of them than processors, but few enough
/// for a small cloud's capacity. The embedded cloud (`None`) has room for twice as many.
pub fn default_jobs(cloud: Option<&str>) -> usize {
    let processors = std::thread::available_parallelism().map_or(4, NonZeroUsize::get);
    match cloud {
        Some(_) => processors.saturating_mul(2).clamp(4, 16),
        None => processors.saturating_mul(4).clamp(8, 16),
    }
}
