//! Running the program of tests that misbehave.

use std::io::{BufRead as _, BufReader, Lines};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use squall::journal::{Entry, Event, Verdict};
use tempfile::TempDir;

/// How long anything may take before the test gives up; nothing depends on it.
const PATIENCE: Duration = Duration::from_secs(120);

/// A run of the program, its events read as they come.
pub(crate) struct Program {
    pub(crate) child: Child,
    pub(crate) events: Vec<Event>,
    lines: Lines<BufReader<ChildStdout>>,
    dir: TempDir,
}

impl Program {
    /// Starts `squall run` with these arguments, in a directory of its own.
    pub(crate) fn run(arguments: &[&str]) -> Self {
        Self::run_in(tempfile::tempdir().unwrap(), arguments)
    }

    /// Goes on with the run of a program that was killed, in its place.
    pub(crate) fn go_on(&mut self) {
        let dir = std::mem::replace(&mut self.dir, tempfile::tempdir().unwrap());
        *self = Self::run_in(dir, &["--resume", "last"]);
    }

    /// Starts it in a directory that is there.
    pub(crate) fn run_in(dir: TempDir, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_misbehaving"))
            .args(["run", "--format", "json"])
            .args(arguments)
            .current_dir(dir.path())
            .env_remove("SQUALL_CLOUD")
            // Resolving a backtrace beside threads that spin takes as long as a deadline.
            .env_remove("RUST_BACKTRACE")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, events: Vec::new(), lines, dir }
    }

    /// Reads events until one is what was waited for.
    pub(crate) fn until(&mut self, wanted: impl Fn(&Event) -> bool) {
        loop {
            let line = self.lines.next().expect("the run goes on").unwrap();
            let entry: Entry = serde_json::from_str(&line).unwrap();
            let found = wanted(&entry.event);
            self.events.push(entry.event);
            if found {
                return;
            }
        }
    }

    /// Reads to the end; returns the exit code.
    pub(crate) fn end(&mut self) -> i32 {
        for line in self.lines.by_ref() {
            let entry: Entry = serde_json::from_str(&line.unwrap()).unwrap();
            self.events.push(entry.event);
        }
        self.child.wait().unwrap().code().unwrap_or(-1)
    }

    /// Sends the process a signal.
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let pid = i32::try_from(self.child.id()).unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Runs `squall findings --strict`; returns its exit code and what it says.
    pub(crate) fn findings(&self) -> (Option<i32>, String) {
        let ended = Command::new(env!("CARGO_BIN_EXE_misbehaving"))
            .args(["findings", "--strict"])
            .current_dir(self.dir.path())
            .output()
            .unwrap();
        (ended.status.code(), String::from_utf8(ended.stdout).unwrap())
    }

    /// Returns the directory of the run.
    pub(crate) fn run_dir(&self) -> PathBuf {
        squall::journal::find_run(self.dir.path(), "last").unwrap()
    }

    /// Returns the one verdict of a test.
    pub(crate) fn verdict(&self, test: &str) -> &Verdict {
        let verdicts: Vec<&Verdict> = self
            .events
            .iter()
            .filter_map(|event| match event {
                Event::TestFinished(result) if result.test == test => Some(&result.verdict),
                _ => None,
            })
            .collect();
        assert_eq!(verdicts.len(), 1, "{test}: {verdicts:?}");
        verdicts[0]
    }

    /// Asserts that every selected test has one verdict, that the sum says so,
    /// and that the journal holds the same.
    pub(crate) fn assert_accounted_for(&self) {
        let Some(Event::RunStarted(header)) = self.events.first() else {
            panic!("the first event is {:?}", self.events.first());
        };
        for test in &header.tests {
            self.verdict(&test.id);
        }
        let Some(Event::RunFinished { counts, .. }) = self.events.last() else {
            panic!("the last event is {:?}", self.events.last());
        };
        assert_eq!(counts.selected, header.tests.len());
        assert!(counts.reconciles(), "{counts:?}");
        let kept = squall::journal::read(&self.run_dir()).unwrap();
        let kept: Vec<Event> = kept.entries.into_iter().map(|entry| entry.event).collect();
        assert_eq!(kept, self.events);
    }

    /// Waits until no process of the run is there any more.
    pub(crate) fn assert_nothing_left_behind(&self) {
        let start = Instant::now();
        for event in &self.events {
            let (Event::WorkerStarted { pid } | Event::CloudStarted { pid }) = event else {
                continue;
            };
            while is_alive(*pid) {
                assert!(start.elapsed() < PATIENCE, "process {pid} is still there");
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

/// A process that ended and was not waited for yet is not alive.
fn is_alive(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| stat.rsplit(')').next().is_some_and(|rest| !rest.starts_with(" Z")))
}

impl Drop for Program {
    fn drop(&mut self) {
        // A test that failed half-way must not leave its program behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
