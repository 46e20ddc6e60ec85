//! A test target for `cargo test` and `cargo nextest` that runs the tests on an embedded cloud in
//! its own process, with libtest's command line.
//!
//! It is for quick checks and for tools. It has no supervisor: as with libtest, a test that crashes
//! its process ends the whole target, and after a test that blocks its thread the rest does not run.
//! `squall run` handles both.

mod options;
#[cfg(feature = "embedded")]
mod session;

use std::io::{self, Write as _};
use std::process::ExitCode;

use options::Options;

use crate::cli;
use crate::registry::{Manifest, Test};

/// libtest's exit code for failed tests.
const FAILED: u8 = 101;

/// Runs the target; `squall::harness!` calls it.
pub fn main(manifests: &[Manifest]) -> ExitCode {
    crate::log::start();
    let options = options::parse();
    let tests = match cli::all_tests(manifests) {
        Ok(tests) => tests,
        Err(exit) => return exit.into(),
    };
    let known = tests.len();
    let tests: Vec<Test> = tests.into_iter().filter(|test| options.selects(test.id())).collect();
    let done = if options.list {
        list(&tests, &options).map(|()| true)
    } else {
        run(&tests, known, &options)
    };
    match done {
        // A test may block a thread forever, so returning from main could hang.
        Ok(true) => std::process::exit(0),
        Ok(false) => std::process::exit(FAILED.into()),
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(FAILED)
        }
    }
}

#[cfg(feature = "embedded")]
use session::run;

/// Reports that this target was built without a cloud.
#[cfg(not(feature = "embedded"))]
fn run(_: &[Test], _: usize, _: &Options) -> io::Result<bool> {
    Err(io::Error::other(
        "this target was built without the embedded cloud: give `squall` the feature `embedded`",
    ))
}

fn list(tests: &[Test], options: &Options) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for test in tests {
        writeln!(out, "{}: test", test.id())?;
    }
    if !options.is_terse() {
        writeln!(out, "\n{} tests, 0 benchmarks", tests.len())?;
    }
    Ok(())
}
