//! Real little processes: started, stopped, killed, re-parented and forgotten.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use tempfile::TempDir;

use super::record::Record;
use super::*;
use crate::driver::Usage;

const PATIENCE: Duration = Duration::from_secs(60);
const NO_GRACE: Duration = Duration::from_millis(1);

struct Ground {
    local: Local,
    folder: TempDir,
}

impl Ground {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { local: Local::new(folder.path().join("run")), folder }
    }

    fn daemon(&self, script: &str) -> Daemon {
        Daemon { id: "it".to_owned(), command: self.command(script), grace: PATIENCE }
    }

    fn command(&self, script: &str) -> Command {
        Command {
            program: "sh".into(),
            arguments: vec!["-c".to_owned(), script.to_owned()],
            environment: BTreeMap::from([("GIVEN".to_owned(), "given".to_owned())]),
            directory: self.folder.path().to_owned(),
            log: self.folder.path().join("log"),
        }
    }

    /// Waits until the process has written a line.
    async fn said(&self, line: &str) {
        let log = self.folder.path().join("log");
        until(|| fs::read_to_string(&log).is_ok_and(|text| text.lines().any(|l| l == line))).await;
    }

    async fn state(&self) -> State {
        self.local.status("it").await.unwrap()
    }

    async fn usage(&self) -> Usage {
        match self.state().await {
            State::Running(usage) => usage,
            other => panic!("not running but {other:?}"),
        }
    }

    fn members(&self) -> usize {
        let record = record::read(&self.local.run, "it").unwrap();
        Family::find(record.as_ref(), &mark(&self.local.run, "it"), &BTreeSet::new()).members.len()
    }
}

async fn until(holds: impl Fn() -> bool) {
    let patience = tokio::time::Instant::now() + PATIENCE;
    while !holds() {
        assert!(tokio::time::Instant::now() < patience, "it never came to that");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_process_is_started_once_and_leads_its_session() {
    let ground = Ground::new();
    let daemon = ground.daemon("echo up; exec sleep 1000");
    let (one, other) = tokio::join!(ground.local.start(&daemon), ground.local.start(&daemon));
    one.unwrap();
    other.unwrap();
    ground.said("up").await;
    let usage = ground.usage().await;
    assert_eq!((usage.processes, ground.members()), (1, 1));
    assert!(usage.memory > 0);
    let stat = record::process(usage.pid).unwrap().stat().unwrap();
    assert_eq!(stat.session.unsigned_abs(), usage.pid);
    assert_eq!(ground.local.known().unwrap(), ["it"]);
    ground.local.stop("it", PATIENCE).await.unwrap();
    assert_eq!(ground.state().await, State::Stopped);
    assert!(ground.local.known().unwrap().is_empty());
    ground.local.stop("it", PATIENCE).await.unwrap();
}

#[tokio::test]
async fn a_tree_that_ignores_the_question_is_killed() {
    let ground = Ground::new();
    let stubborn = "trap '' TERM; sh -c \"trap '' TERM; echo in; sleep 1000 & wait; sleep 1000\" & \
                    sleep 1000; sleep 1000";
    ground.local.start(&ground.daemon(stubborn)).await.unwrap();
    ground.said("in").await;
    ground.local.stop("it", NO_GRACE).await.unwrap();
    assert_eq!(ground.members(), 0);
}

#[tokio::test]
async fn workers_that_left_parent_and_session_are_stopped() {
    let ground = Ground::new();
    // The first has another parent, the second another session as well, and the
    // third lost the mark too.
    let script = "(sleep 1001 & ); (setsid sleep 1002 & ); (env -i sleep 1003 &); echo in; \
                  exec sleep 1000";
    ground.local.start(&ground.daemon(script)).await.unwrap();
    ground.said("in").await;
    until(|| ground.members() == 4).await;
    ground.local.stop("it", PATIENCE).await.unwrap();
    assert_eq!(ground.members(), 0);
}

#[tokio::test]
async fn remains_of_one_that_died_are_cleared_by_stop_and_by_start() {
    let ground = Ground::new();
    let daemon = ground.daemon("sleep 1001 & env -i sleep 1002 & echo in; exec sleep 1000");
    ground.local.start(&daemon).await.unwrap();
    ground.said("in").await;
    until(|| ground.members() == 3).await;
    let first = ground.usage().await.pid;
    kill_alone(first);
    until(|| ground.members() == 2).await;
    assert_eq!(ground.state().await, State::Died);
    let error = ground.local.signal("it", Signal::Terminate).await.unwrap_err();
    assert_eq!(error.to_string(), "it: is not running");

    ground.local.start(&daemon).await.unwrap();
    until(|| ground.members() == 3).await;
    let second = ground.usage().await.pid;
    assert_ne!(first, second);
    kill_alone(second);
    until(|| ground.members() == 2).await;
    ground.local.stop("it", PATIENCE).await.unwrap();
    assert_eq!((ground.members(), ground.state().await), (0, State::Stopped));
}

#[tokio::test]
async fn a_process_of_the_same_id_that_is_another_is_never_touched() {
    let ground = Ground::new();
    let mut stranger = tokio::process::Command::new("sleep").arg("1000").spawn().unwrap();
    let log = ground.folder.path().join("log");
    let right = Record::of(stranger.id().unwrap(), &log).unwrap();
    let another_start = Record { started: right.started + 1, ..right.clone() };
    let another_boot = Record { boot: "another".to_owned(), ..right };
    for stale in [another_start, another_boot] {
        record::write(&ground.local.run, "it", &stale).unwrap();
        assert_eq!(ground.state().await, State::Died);
        ground.local.signal("it", Signal::Kill).await.unwrap_err();
        ground.local.stop("it", NO_GRACE).await.unwrap();
        assert!(stranger.try_wait().unwrap().is_none());
    }
    stranger.kill().await.unwrap();
}

#[tokio::test]
async fn a_process_that_was_started_but_not_taken_down_is_found_by_its_mark() {
    let ground = Ground::new();
    ground.local.start(&ground.daemon("echo in; exec sleep 1000")).await.unwrap();
    ground.said("in").await;
    record::remove(&ground.local.run, "it").unwrap();
    assert_eq!(ground.members(), 1);
    ground.local.stop("it", PATIENCE).await.unwrap();
    assert_eq!(ground.members(), 0);
}

#[tokio::test]
async fn signals_go_to_the_process_alone_but_kill_goes_to_all() {
    let ground = Ground::new();
    let daemon =
        ground.daemon("trap 'echo again' HUP; sleep 1000 & echo in; while :; do wait; done");
    ground.local.start(&daemon).await.unwrap();
    ground.said("in").await;
    ground.local.signal("it", Signal::Reload).await.unwrap();
    ground.said("again").await;
    assert_eq!(ground.members(), 2);
    ground.local.signal("it", Signal::Stop).await.unwrap();
    let pid = ground.usage().await.pid;
    until(|| record::process(pid).unwrap().stat().unwrap().state == 'T').await;
    ground.local.signal("it", Signal::Kill).await.unwrap();
    assert_eq!((ground.members(), ground.state().await), (0, State::Died));
}

#[tokio::test]
async fn a_frozen_process_is_thawed_to_end() {
    let ground = Ground::new();
    let daemon = ground.daemon("trap 'echo bye; exit' TERM; echo in; sleep 1000 & wait");
    ground.local.start(&daemon).await.unwrap();
    ground.said("in").await;
    ground.local.signal("it", Signal::Stop).await.unwrap();
    ground.local.stop("it", PATIENCE).await.unwrap();
    ground.said("bye").await;
}

#[tokio::test]
async fn a_restart_puts_another_in_its_place() {
    let ground = Ground::new();
    let daemon = ground.daemon("exec sleep 1000");
    ground.local.start(&daemon).await.unwrap();
    let first = ground.usage().await.pid;
    ground.local.restart(&daemon).await.unwrap();
    assert_ne!(first, ground.usage().await.pid);
    ground.local.stop("it", PATIENCE).await.unwrap();
}

#[tokio::test]
async fn the_environment_is_given_and_not_taken_over() {
    let ground = Ground::new();
    // Cargo sets it for its tests: stands for VIRTUAL_ENV, PYTHONPATH and OS_*.
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    let script = "echo \"$GIVEN-${PATH:+path}-${CARGO_MANIFEST_DIR:-nothing}\"; read x || echo eof";
    ground.local.run(&ground.command(script)).await.unwrap();
    let log = ground.local.logs(&ground.folder.path().join("log"), 10).await.unwrap();
    assert_eq!(log, ["given-path-nothing", "eof"]);
}

#[tokio::test]
async fn a_command_that_fails_shows_its_log() {
    use miette::Diagnostic as _;
    let ground = Ground::new();
    let error = ground.local.run(&ground.command("echo broken; exit 3")).await.unwrap_err();
    assert!(error.to_string().contains("ended with exit status: 3"), "{error}");
    assert_eq!(error.tail, ["broken"]);
    assert!(error.help().unwrap().to_string().ends_with("which ends with:\n  broken"));
    let mut missing = ground.command("");
    missing.program = "no-such-program".into();
    missing.arguments.clear();
    let error = ground.local.run(&missing).await.unwrap_err();
    assert!(error.to_string().starts_with("`no-such-program`: could not be started"), "{error}");
}

fn kill_alone(pid: u32) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}
