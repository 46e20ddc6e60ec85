//! A test target that runs every test on an embedded cloud in its own process,
//! and is driven as libtest is: by `cargo test` and `cargo nextest`.
//!
//! It is for a quick look and for tools. It has no supervisor: a test that takes
//! its process down takes this one down, as with libtest, and after one that
//! holds on to its thread the rest is not run. `squall run` stands above both.

mod options;
#[cfg(feature = "embedded")]
mod session;

use std::io::{self, Write as _};
use std::process::ExitCode;

use options::Options;

use crate::cli;
use crate::registry::{Manifest, Test};

/// The code that libtest ends with where a test failed.
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
        // A test may hold on to a thread for ever, which must not keep us.
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

/// Says that this target was built without a cloud.
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
