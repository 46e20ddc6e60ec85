//! How the runner scales: 10,000 registered tests and 10,000 cases listed, and up to 100,000 tests run
//! that do nothing.
//!
//! `cargo bench -p squall --bench scale`; the program starts itself, as `squall` does, for
//! what it measures. No test is of interest here, only what goes around it: the plan, the
//! supervisor and its worker, events, the journal, and the report.

#![expect(clippy::unwrap_used, reason = "what cannot be measured ends the measurement")]

mod many;
mod usage;

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use squall::journal::{Entry, Pretended, SelectionScope};
use squall::plan::Capacities;
use squall::registry::{Manifest, Registry};
use squall::report::Reporter;
use squall::supervise::{self, Plan};

use usage::Usage;

/// How many tests are run, each time by a process of its own.
const RUNS: [u32; 3] = [1_000, 10_000, 100_000];

/// How many starts a median is of.
const STARTS: usize = 21;

/// Where the number of tests stands that a worker registers.
const TESTS: &str = "SQUALL_SCALE_TESTS";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("worker") => supervise::work(&noops(wanted())),
        Some("list" | "cloud") => squall::cli::main(&[Manifest { package: "", files: &[] }]),
        Some("run") => run(wanted()),
        _ => {
            list();
            for tests in RUNS {
                measure(tests);
            }
            ExitCode::SUCCESS
        }
    }
}

fn wanted() -> usize {
    std::env::var(TESTS).ok().and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// Measures the list of the 10,000 tests and 10,000 cases that stand in this program.
fn list() {
    let mut starts: Vec<(f64, u32)> = (0..STARTS)
        .map(|_| {
            let start = Instant::now();
            let mut child = this().arg("list").stdout(Stdio::null()).spawn().unwrap();
            let usage = usage::wait(&mut child);
            (start.elapsed().as_secs_f64() * 1e3, usage.peak_kib)
        })
        .collect();
    starts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (millis, kib) = starts[STARTS / 2];
    println!(
        "{} tests and {0} cases listed: {millis:.1} ms (bar 50), {:.1} MiB (bar 30)",
        many::COUNT,
        mebibytes(kib)
    );
}

/// Measures a run of tests that do nothing.
fn measure(tests: u32) {
    let start = Instant::now();
    let mut child = this().arg("run").env(TESTS, tests.to_string()).spawn().unwrap();
    let Usage { cpu, peak_kib } = usage::wait(&mut child);
    let wall = start.elapsed().as_secs_f64();
    let each = |seconds: f64| seconds * 1e6 / f64::from(tests);
    println!(
        "{tests} tests that do nothing: {:.1} µs a test (bar 20), {:.1} µs of CPU, {:.1} MiB",
        each(wall),
        each(cpu),
        mebibytes(peak_kib)
    );
}

fn mebibytes(kibibytes: u32) -> f64 {
    f64::from(kibibytes) / 1024.0
}

fn this() -> Command {
    Command::new(std::env::current_exe().unwrap())
}

/// Runs tests as `squall run` does, its reports aside.
fn run(tests: usize) -> ExitCode {
    let dir = std::env::temp_dir().join(format!("squall-scale-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let done = supervised(&dir, tests);
    std::fs::remove_dir_all(&dir).unwrap();
    if done == tests { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn supervised(dir: &Path, tests: usize) -> usize {
    let plan = Plan {
        base: dir.to_owned(),
        program: std::env::current_exe().unwrap(),
        cloud: None,
        accounts: None,
        settings: squall::settings::CloudSettings::default(),
        accepted: squall::accepted::Accepted::default(),
        tests: noops(tests).tests,
        selection: String::new(),
        scope: SelectionScope::All,
        again: Vec::new(),
        jobs: squall::plan::default_jobs(None),
        capacities: Capacities::new(),
        seed: 1,
        timeout_scale: 1.0,
        retries: 0,
        observe: None,
        pretended: Pretended::new(),
        resume: None,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let outcome = runtime.block_on(supervise::run(plan, &mut Quiet)).unwrap();
    outcome.counts.passed
}

fn noops(tests: usize) -> Registry {
    Registry::new(many::noops(tests).iter(), [].into_iter())
}

/// Reports nothing: how fast a terminal is, is its own affair.
struct Quiet;

impl Reporter for Quiet {
    fn see(&mut self, _: &Entry) {}
}
