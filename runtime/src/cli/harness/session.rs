//! One run of the target on an embedded cloud, reported in libtest's format.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::options::Options;
use crate::embedded::{self, Access, NAME};
use crate::environment::{Environment, Identities};
use crate::execute::{self, Executor, Limits, Slots, Stop};
use crate::journal::{
    self, Entry, Event, Header, Pretended, SelectedTest, Sink, TestResult, Verdict,
};
use crate::plan::{Capacities, CloudProfile};
use crate::registry::Test;
use crate::report::{Libtest, Reporter as _};
use crate::settings::CloudSettings;

/// The cloud's seed: the same ids in every run.
const SEED: u64 = 1;

type Shared = Arc<Mutex<Libtest<io::Stdout>>>;

/// Runs tests; `known` is the number of all tests. Returns whether the target succeeds.
pub(super) fn run(tests: &[Test], known: usize, options: &Options) -> io::Result<bool> {
    let filtered_out = known - tests.len();
    let libtest: Shared =
        Arc::new(Mutex::new(Libtest::new(io::stdout(), options.style(), filtered_out)));
    let sink = {
        let libtest = Arc::clone(&libtest);
        Sink::new(move |entry: Entry| {
            if let Ok((entry, _)) = journal::settled(&entry) {
                with(&libtest, |libtest| libtest.see(&entry));
            }
        })
    };
    let run = uuid::Uuid::now_v7().to_string();
    sink.send(Event::RunStarted(header(&run, tests, options)));
    let clean = if tests.is_empty() { true } else { work(&run, tests, options, &sink)? };
    let left = |test: &&Test| !with(&libtest, |libtest| libtest.has_verdict(test.id()));
    for test in tests.iter().filter(left) {
        let reason = "an earlier test blocked its thread".to_owned();
        let (test, verdict) = (test.id().to_owned(), Verdict::NotRun { reason });
        sink.send(Event::TestFinished(TestResult { test, verdict, duration_ms: 0 }));
    }
    Ok(with(&libtest, Libtest::finish)? && clean)
}

/// Runs tests in a temporary directory; returns whether the cloud is clean afterwards.
fn work(run: &str, tests: &[Test], options: &Options, sink: &Sink) -> io::Result<bool> {
    let run_dir = std::env::temp_dir().join(format!("squall-{run}"));
    journal::create_dir(&run_dir)?;
    let runtime = execute::runtime(options.jobs())?;
    let clean = runtime.block_on(on_a_cloud(run, &run_dir, tests, options, sink));
    // A test may block a thread forever.
    runtime.shutdown_background();
    // Nothing in it is needed any more; the system removes what remains.
    let _ = std::fs::remove_dir_all(&run_dir);
    clean
}

async fn on_a_cloud(
    run: &str,
    run_dir: &Path,
    tests: &[Test],
    options: &Options,
    sink: &Sink,
) -> io::Result<bool> {
    let cloud = squall_cloud::Options { seed: SEED, ..squall_cloud::Options::default() };
    let cloud = embedded::cloud(cloud).map_err(io::Error::other)?;
    let served =
        squall_cloud::serve(cloud, ([127, 0, 0, 1], 0).into()).await.map_err(io::Error::other)?;
    let config = Access::from(&served).config();
    let environment = Environment::connect(config, Identities::Made, run, run_dir, sink, None)
        .await
        .map_err(|error| io::Error::other(error.lines().join("\n")))?;
    let features = tests.iter().flat_map(|test| test.features.iter().copied());
    let environment = environment.with_settings(CloudSettings::default(), features).await;
    let environment = Arc::new(environment);
    let executor = Executor {
        host: environment.clone(),
        profile: CloudProfile::from(environment.facts()),
        sink: sink.clone(),
        slots: Slots::nowhere(),
        limits: Limits::scaled(1.0),
        jobs: options.jobs(),
        capacities: Capacities::new(),
        accepted: Arc::default(),
        stop: Stop::default(),
    };
    // Tests without a verdict show whether it ended early.
    let _retired =
        executor.run(tests.iter().cloned().enumerate().map(|(n, test)| (n, 1, test))).await;
    let outcome = environment.close().await;
    for left in &outcome.left {
        writeln!(io::stderr(), "left on the cloud: {left}")?;
    }
    Ok(outcome.is_clean())
}

fn with<T>(libtest: &Shared, act: impl FnOnce(&mut Libtest<io::Stdout>) -> T) -> T {
    act(&mut libtest.lock().unwrap_or_else(PoisonError::into_inner))
}

fn header(run: &str, tests: &[Test], options: &Options) -> Header {
    Header {
        run: run.to_owned(),
        squall: env!("CARGO_PKG_VERSION").to_owned(),
        cloud: NAME.to_owned(),
        in_process: true,
        auth_url: None,
        seed: SEED,
        jobs: options.jobs(),
        timeout_scale: 1.0,
        accounts: None,
        selection: String::new(),
        scope: None,
        again: Vec::new(),
        pretended: Pretended::new(),
        tests: tests.iter().map(SelectedTest::from).collect(),
    }
}
