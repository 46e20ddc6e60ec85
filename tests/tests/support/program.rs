//! A started program: what it writes, the signals it gets, and its end.

use std::fmt;
use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};

use rustix::process::{Pid, Signal, kill_process, kill_process_group, test_kill_process};
use squall::journal::{Entry, Event};

/// Takes from a command what would change a run: credentials, settings, proxies, and what
/// tells a program that a CI system reads it.
pub(crate) fn clean(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy().to_ascii_uppercase();
        let prefixes = ["OS_", "SQUALL_", "XDG_", "GITHUB_", "GITLAB_", "TEAMCITY_", "CLICOLOR"];
        let names = ["CI", "TF_BUILD", "NO_COLOR", "COLUMNS"];
        let is_proxy = text.ends_with("_PROXY");
        if is_proxy || prefixes.iter().any(|p| text.starts_with(p)) || names.contains(&&*text) {
            command.env_remove(name);
        }
    }
}

/// What a program wrote, and how it ended.
#[derive(Debug)]
pub(crate) struct Output {
    /// The exit code; none for a program that a signal ended.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Output {
    /// Panics with all output unless the program ended with this code.
    #[track_caller]
    pub(crate) fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Returns the events of a run with `--format json`.
    pub(crate) fn events(&self) -> Vec<Event> {
        let event = |line| serde_json::from_str::<Entry>(line).unwrap().event;
        self.stdout.lines().map(event).collect()
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, signal, stdout, stderr } = self;
        write!(f, "code {code:?}, signal {signal:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}

/// A program that goes on; dropping it ends it and the processes it started.
#[derive(Debug)]
pub(crate) struct Started {
    child: Child,
    written: Arc<Written>,
    readers: Vec<JoinHandle<()>>,
}

impl Started {
    /// Starts a command in a process group of its own, its output captured.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.process_group(0).spawn().unwrap();
        let written = Arc::new(Written::default());
        let stdout = child.stdout.take().unwrap();
        let stderr = child.stderr.take().unwrap();
        let readers = vec![read(stdout, 0, &written), read(stderr, 1, &written)];
        Self { child, written, readers }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for so many lines of standard output, and returns the last of them; less when
    /// the program ended before.
    pub(crate) fn lines(&self, count: usize) -> Option<String> {
        let state = self.written.until(|state| state.lines[0].len() >= count);
        state.lines[0].iter().take(count).next_back().cloned()
    }

    /// Waits for a line of either stream that holds a text, and returns it.
    #[track_caller]
    pub(crate) fn line(&self, part: &str) -> String {
        let find = |state: &State| state.lines.iter().flatten().find(|l| l.contains(part)).cloned();
        let state = self.written.until(|state| find(state).is_some());
        find(&state).unwrap_or_else(|| panic!("ended without {part:?}: {:?}", state.lines))
    }

    /// Sends a signal to the program alone.
    pub(crate) fn signal(&self, signal: Signal) {
        // A program that has ended by itself gets none.
        let _ = kill_process(raw(self.pid()), signal);
    }

    /// Kills the program and the processes it started, at once.
    pub(crate) fn kill(&self) {
        for worker in self.workers() {
            let _ = kill_process(raw(worker), Signal::KILL);
        }
        let _ = kill_process_group(raw(self.pid()), Signal::KILL);
    }

    /// Returns the process ids of the program's children, such as its worker.
    pub(crate) fn workers(&self) -> Vec<u32> {
        let pid = self.pid();
        let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
        let of_thread = |path: std::path::PathBuf| std::fs::read_to_string(path.join("children"));
        let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten();
        let lists = threads.filter_map(|entry| of_thread(entry.ok()?.path()).ok());
        let all: Vec<String> = lists.chain(children).collect();
        let mut pids: Vec<u32> = all
            .iter()
            .flat_map(|list| list.split(' '))
            .filter_map(|pid| pid.parse().ok())
            .collect();
        pids.sort_unstable();
        pids.dedup();
        pids
    }

    /// Waits for the program's end.
    pub(crate) fn wait(mut self) -> Output {
        let status = self.child.wait().unwrap();
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        let state = self.written.until(|_| true);
        let text = |stream: usize| {
            state.lines[stream].iter().flat_map(|line| [line.as_str(), "\n"]).collect()
        };
        Output { code: status.code(), signal: status.signal(), stdout: text(0), stderr: text(1) }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            self.kill();
            let _ = self.child.wait();
        }
    }
}

/// Whether a process of this id exists.
pub(crate) fn is_alive(pid: u32) -> bool {
    test_kill_process(raw(pid)).is_ok()
}

fn raw(pid: u32) -> Pid {
    Pid::from_raw(i32::try_from(pid).unwrap()).unwrap()
}

/// What both streams have brought so far.
#[derive(Debug, Default)]
struct Written {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default, Clone)]
struct State {
    lines: [Vec<String>; 2],
    /// How many of the streams have ended.
    ended: usize,
}

impl Written {
    /// Waits until something holds, or both streams have ended.
    fn until(&self, holds: impl Fn(&State) -> bool) -> State {
        let state = self.state.lock().unwrap();
        let goes_on = |state: &mut State| state.ended < 2 && !holds(state);
        self.changed.wait_while(state, goes_on).unwrap().clone()
    }
}

fn read(stream: impl Read + Send + 'static, index: usize, to: &Arc<Written>) -> JoinHandle<()> {
    let to = Arc::clone(to);
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n') {
            let line = String::from_utf8_lossy(&line.unwrap_or_default()).into_owned();
            to.state.lock().unwrap().lines[index].push(line);
            to.changed.notify_all();
        }
        to.state.lock().unwrap().ended += 1;
        to.changed.notify_all();
    })
}
