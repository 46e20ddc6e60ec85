//! Executing tests: in parallel, in one runtime, each with its deadline, its
//! cleanup and exactly one verdict.
//!
//! It does not decide what runs and never prints: it sends events. Worker processes
//! and the test harness use it.
//!
//! A test that blocks its thread cannot be stopped from within the process. The
//! runtime has spare threads, so the other tests continue; the test gets its
//! verdict, and the worker *retires*: it starts no more tests and leaves the rest
//! to a new process.

mod executor;
mod fixtures;
mod host;
mod panics;
mod pulse;
mod slots;
mod stop;
mod test_run;

pub(crate) use executor::send_verdict;
pub use executor::{Executor, Retired};
pub(crate) use fixtures::not_run;
pub use host::{Admission, Host, TestSetup};
pub use slots::{SlotFile, Slots};
pub use stop::Stop;
pub use test_run::Limits;

/// Builds a runtime for `jobs` tests at a time.
///
/// Its threads are named `worker-N`, where `N` is the number of their slot.
pub fn runtime(jobs: usize) -> std::io::Result<tokio::runtime::Runtime> {
    use std::sync::atomic::{AtomicUsize, Ordering};

    let next = AtomicUsize::new(0);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(jobs + 2)
        .thread_name_fn(move || slots::thread_name(next.fetch_add(1, Ordering::Relaxed)))
        .enable_all()
        .build()
}
