//! The end of a connection: when the guest goes, and when we do.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use squall::remote::{Key, KeyPair, Login};

use crate::server::{Server, keygen, until};
use crate::setting::Setting;

/// The processes of ours that connect to a port: those with a file that says so.
fn connected_to(port: u16) -> Vec<PathBuf> {
    let port = format!("\nPort {port}\n");
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let ours = processes.map(|entry| entry.path()).filter(|process| {
        let text = config(process).and_then(|path| std::fs::read_to_string(path).ok());
        text.is_some_and(|text| text.contains(&port))
    });
    ours.collect()
}

/// Gives the file that an `ssh` of ours was told to read.
fn config(process: &Path) -> Option<PathBuf> {
    let line = command_line(process);
    line.split('\0').find(|word| word.contains("/squall-ssh-")).map(PathBuf::from)
}

/// Gives the command line; empty for one that has ended.
fn command_line(process: &Path) -> String {
    let bytes = std::fs::read(process.join("cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn all_end(processes: &[PathBuf]) {
    let has_ended = |process: &PathBuf| !command_line(process).contains("/squall-ssh-");
    until("the processes to end", || processes.iter().all(has_ended)).await;
}

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn nothing_is_left_of_a_guest_that_was_dropped() {
    let (setting, server, jump) = (Setting::new().await, Server::start(), Server::start());
    let guest = server.login().through(jump.login()).connect(&setting.ctx).await.unwrap();
    let copy = guest.clone();
    drop(guest);
    assert_eq!(copy.check("echo on").await.unwrap().text(), "on");
    let processes = connected_to(server.port);
    assert_eq!(processes.len(), 2, "one to the guest and one to the host before it");
    let folder = config(&processes[0]).unwrap().parent().unwrap().to_owned();
    let files = folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name());
    let mut files: Vec<_> = files.map(|name| name.into_string().unwrap()).collect();
    files.sort_unstable();
    assert_eq!(files, ["config", "log", "socket"], "a key is in no file once it let us in");
    drop(copy);
    all_end(&processes).await;
    assert!(!folder.exists());
    server.wait_for_silence();
    jump.wait_for_silence();
    setting.finish().await;
}

#[tokio::test]
async fn nothing_is_left_of_a_connection_that_was_given_up() {
    let setting = Setting::new().await;
    // A program that never ends by itself, and neither does the one that it starts.
    let folder = tempfile::tempdir().unwrap();
    let (program, child) = (folder.path().join("ssh"), folder.path().join("child"));
    let text = format!("sleep 600 & echo $! >{0}.new; mv {0}.new {0}; wait", child.display());
    let write = r#"printf '#!/bin/sh\n%s\n' "$2" >"$1" && chmod 755 "$1""#;
    let mut sh = std::process::Command::new("sh");
    assert!(sh.args(["-c", write, "sh"]).arg(&program).arg(text).status().unwrap().success());
    let key = KeyPair::ed25519().unwrap().key;
    let login = Login::new("guest", "127.0.0.1", &key).with_port(4022).with_program(&program);
    let started = tokio::select! {
        ended = login.connect(&setting.ctx) => unreachable!("nobody let us in: {ended:?}"),
        () = until("the program to run", || child.exists()) => {
            let pid = std::fs::read_to_string(&child).unwrap();
            Path::new("/proc").join(pid.trim())
        }
    };
    // The connect was dropped by then.
    until("its child to end", || !command_line(&started).contains("sleep")).await;
    let name = program.display().to_string();
    let is_left = || {
        let mut processes = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
        processes.any(|entry| command_line(&entry.path()).contains(&name))
    };
    until("the program to end", || !is_left()).await;
    setting.finish().await;
}

/// The test is two processes: in the one that it starts, this says which guest to hold.
const HELD: &str = "SQUALL_TEST_HOLDS_PORT_AND_KEY";

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn nothing_is_left_of_a_guest_whose_process_was_killed() {
    if let Ok(held) = std::env::var(HELD) {
        let (port, key) = held.split_once(' ').unwrap();
        let login = Login::new("guest", "127.0.0.1", &Key::from_file(key));
        let setting = Setting::new().await;
        let guest = login.with_port(port.parse().unwrap()).connect(&setting.ctx).await.unwrap();
        guest.check("touch held").await.unwrap();
        return std::future::pending().await;
    }
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let key = keygen(folder.path(), "ed25519", "key");
    server.authorize(&std::fs::read_to_string(key.with_extension("pub")).unwrap());
    let mut holder = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "--ignored",
            "ended::nothing_is_left_of_a_guest_whose_process_was_killed",
        ])
        .env(HELD, format!("{} {}", server.port, key.display()))
        // What a killed process leaves goes with the test.
        .env("TMPDIR", folder.path())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    until("the guest to be held", || server.home().join("held").exists()).await;
    let processes = connected_to(server.port);
    assert_eq!(processes.len(), 1);
    holder.kill().await.unwrap();
    all_end(&processes).await;
    server.wait_for_silence();
}

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn a_lost_connection_is_told_from_a_command_that_failed() {
    let (setting, server) = (Setting::new().await, Server::start());
    let id = setting.server().await;
    let login = server.login().with_console_of(setting.ctx.actor(), &id);
    let guest = login.connect(&setting.ctx).await.unwrap();
    let started = server.home().join("started");
    let command = guest.run("echo $$ >started; exec sleep 600");
    let hang_up = async {
        until("the command to run", || started.exists()).await;
        server.hang_up();
    };
    let (ended, ()) = tokio::join!(command, hang_up);
    let error = ended.unwrap_err();
    assert!(error.is_lost(), "{error}");
    let text = error.to_string();
    let start =
        format!("the connection to {guest} was lost during `echo $$ >started; exec sleep 600`");
    assert!(text.starts_with(&start), "{text}");
    assert!(text.contains("ssh said last: "), "{text}");
    assert!(text.contains(&format!("\nconsole of server {id}:\n  Booting.")), "{text}");
    // It stays lost, and whoever wants it back logs in again.
    assert!(guest.run("echo").await.unwrap_err().is_lost());
    let again = login.connect(&setting.ctx).await.unwrap();
    again.check("kill $(cat started)").await.unwrap();
    setting.finish().await;
}
