//! The worker process: reads its assignment, runs the tests, and sends the events.

use std::io::{self, BufRead as _, Write as _};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use rustix::io::fcntl_dupfd_cloexec;
use rustix::stdio::dup2_stdout;

use super::connect::connect;
use super::protocol::{self, Assignment, STOP};
use crate::Failure;
use crate::client::redact;
use crate::execute::{Executor, Slots, Stop, runtime, send_verdict};
use crate::exit::Exit;
use crate::journal::{Event, Match, Sink, Target, Verdict};
use crate::log;
use crate::plan::CloudProfile;
use crate::registry::{Registry, Test};

/// The hidden subcommand that makes a process a worker.
pub const WORKER: &str = "worker";

/// Runs one assignment.
pub fn work(registry: &Registry) -> ExitCode {
    log::start();
    match assignment().and_then(|(assignment, out)| start(assignment, &out, registry)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The supervisor keeps this line as evidence of the worker's end.
            let _ = writeln!(io::stderr(), "the worker cannot run: {error}");
            Exit::Internal.into()
        }
    }
}

fn start(assignment: Assignment, out: &Out, registry: &Registry) -> io::Result<()> {
    let stop = Stop::default();
    listen(stop.clone());
    {
        let out = out.clone();
        redact::on_learned(move |secret| out.say(&protocol::encode_secret(secret)));
    }
    let sink = {
        let out = out.clone();
        Sink::new(move |entry| {
            if let Ok(line) = protocol::encode(&entry) {
                out.say(&line);
            }
        })
    };
    let (mut tests, mut unknown) = (Vec::new(), Vec::new());
    for assigned in &assignment.tests {
        match registry.find(&assigned.id) {
            Some(test) => {
                let test = Test { timeout: assigned.timeout, ..test.clone() };
                tests.push((assigned.number, assigned.attempt, test));
            }
            None => unknown.push(assigned.id.clone()),
        }
    }
    let runtime = runtime(assignment.jobs)?;
    // Runs on the runtime's threads: switching to this thread and back is slow.
    let executor =
        runtime.spawn(async move { executor(&assignment, &sink, stop, tests, unknown).await });
    runtime.block_on(executor).map_err(io::Error::other)??;
    out.say(&protocol::encode_done());
    // A test may block its thread forever, and the supervisor waits for the pipe to
    // close.
    std::process::exit(0)
}

/// Fails a test that the supervisor knows and this process does not: it would wait forever.
fn fail_unknown(sink: &Sink, id: &str) {
    let failure = Failure::new(format!(
        "the process that runs the tests does not know `{id}`: the function that gives the cases \
         returned others than in the process that planned the run. It has to return the same \
         cases each time, whatever the time, the environment or the process"
    ));
    send_verdict(sink, id, Verdict::Failed { failure: failure.with_location(None) });
}

async fn executor(
    assignment: &Assignment,
    sink: &Sink,
    stop: Stop,
    tests: Vec<(usize, u32, Test)>,
    unknown: Vec<String>,
) -> io::Result<()> {
    let features: Vec<&'static str> =
        tests.iter().flat_map(|(_, _, test)| test.features.iter().copied()).collect();
    let environment = match connect(assignment, sink).await {
        Ok(environment) => {
            let environment = environment.with_pretended(&assignment.pretended);
            Arc::new(environment.with_settings(assignment.settings.clone(), features).await)
        }
        Err(cause) => {
            sink.send(Event::CloudRefused { cause });
            return Ok(());
        }
    };
    let target = environment.target().await;
    if let Some(before) = &assignment.before
        && before.compare(&target) == Match::Other
        && matches!(assignment.cloud, protocol::Target::Named(_))
    {
        let cause = vec![
            format!(
                "the run used the cloud at {}, and this one is at {}",
                before.auth_url, target.auth_url
            ),
            "resume it on the cloud that it was started on, or start a new run".to_owned(),
        ];
        sink.send(Event::CloudRefused { cause });
        return Ok(());
    }
    let profile = CloudProfile::from(environment.facts());
    let Target { auth_url, endpoints } = target;
    let (offers, features) = (profile.offers.clone(), profile.features.clone());
    sink.send(Event::CloudReady { auth_url, endpoints, offers, features });
    for id in &unknown {
        fail_unknown(sink, id);
    }
    // If nothing answers any more, no test can pass and nothing can be undone.
    tokio::spawn({
        let (environment, sink, stop) = (environment.clone(), sink.clone(), stop.clone());
        async move {
            let cause = environment.lost().await;
            stop.request(&cause);
            sink.send(Event::CloudLost { cause });
        }
    });
    let executor = Executor {
        host: environment.clone(),
        profile,
        sink: sink.clone(),
        slots: Slots::create(&assignment.slots)?,
        limits: assignment.limits,
        jobs: assignment.jobs,
        capacities: assignment.capacities.clone(),
        accepted: Arc::new(assignment.accepted.clone()),
        stop,
    };
    // Whether it retired does not matter: the supervisor knows which tests remain.
    let _retired = executor.run(tests).await;
    let outcome = environment.close().await;
    sink.send(Event::Cleanup { test: None, outcome });
    Ok(())
}

/// Reads the assignment and redirects standard output to standard error, so that what
/// tests print does not mix with messages.
fn assignment() -> io::Result<(Assignment, Out)> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let assignment = serde_json::from_str(&line)
        .map_err(|error| io::Error::other(format!("cannot read its assignment: {error}")))?;
    let pipe = fcntl_dupfd_cloexec(io::stdout(), 3)?;
    dup2_stdout(io::stderr())?;
    Ok((assignment, Out(Arc::new(Mutex::new(pipe.into())))))
}

/// The pipe to the supervisor.
#[derive(Clone)]
struct Out(Arc<Mutex<std::fs::File>>);

impl Out {
    /// Writes a whole line; exits if the supervisor is gone.
    fn say(&self, line: &[u8]) {
        let mut pipe = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pipe.write_all(line).is_err() {
            std::process::exit(Exit::Internal.code().into());
        }
    }
}

/// Listens for the stop command; exits when the supervisor does.
fn listen(stop: Stop) {
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            match line {
                Ok(line) if line == STOP => stop.request("interrupted while running"),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        std::process::exit(Exit::Interrupted.code().into());
    });
}
