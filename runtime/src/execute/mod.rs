//! Executing tests: in parallel, in one runtime, each with its deadline, its
//! cleanup and exactly one verdict.
//!
//! It does not decide what is run and never prints: what happens is sent as
//! events. It is the inside of a worker process, and of the test harness.
//!
//! A test that holds on to its thread cannot be stopped from inside. The runtime
//! has a thread more than there are tests under way, so that the others go on;
//! the test has its verdict, and the worker *retires*: it starts nothing new and
//! leaves the rest to a fresh process.

mod executor;
mod fixtures;
mod host;
mod panics;
mod pulse;
mod slots;
mod stop;
mod test_run;

pub use executor::{Executor, Retired};
pub(crate) use fixtures::not_run;
pub use host::{Admission, Host, Pending, TestSetup};
pub use slots::{SlotFile, Slots};
pub use stop::Stop;
pub use test_run::Limits;

/// How a runtime for `jobs` tests at a time is built.
///
/// Its threads are called `worker-N`: the number is that of their slot.
pub fn runtime(jobs: usize) -> std::io::Result<tokio::runtime::Runtime> {
    use std::sync::atomic::{AtomicUsize, Ordering};

    let next = AtomicUsize::new(0);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(jobs + 2)
        .thread_name_fn(move || slots::thread_name(next.fetch_add(1, Ordering::Relaxed)))
        .enable_all()
        .build()
}
