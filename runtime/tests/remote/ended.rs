//! The end of a connection: when the guest goes, and when we do.

use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use squall::remote::{KeyPair, Login};

use crate::server::{Server, until};
use crate::setting::Setting;

/// The processes of ours that connect to a port: those with a file that says so.
fn connected_to(port: u16) -> Vec<PathBuf> {
    let port = format!("\nPort {port}\n");
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let ours = processes.map(|entry| entry.path()).filter(|path| {
        let line = command_line(path);
        let config = line.split('\0').find(|word| word.contains("/squall-ssh-"));
        let config = config.and_then(|config| std::fs::read_to_string(config).ok());
        config.is_some_and(|config| config.contains(&port))
    });
    ours.collect()
}

/// Gives the command line; empty for one that has ended.
fn command_line(process: &std::path::Path) -> String {
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
    drop(copy);
    all_end(&processes).await;
    server.wait_for_silence();
    jump.wait_for_silence();
    setting.finish().await;
}

#[tokio::test]
#[ignore = "needs ssh, OpenSSH's client"]
async fn nothing_is_left_of_a_connection_that_was_given_up() {
    let setting = Setting::new().await;
    // It takes connections and never says a word.
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let key = KeyPair::ed25519().unwrap().key;
    let login = Login::new("guest", "127.0.0.1", &key).with_port(port);
    let mut connect = Box::pin(login.connect(&setting.ctx));
    let mut processes = Vec::new();
    while processes.is_empty() {
        let step = tokio::time::timeout(Duration::from_millis(20), &mut connect).await;
        assert!(step.is_err(), "nobody let us in");
        processes = connected_to(port);
    }
    drop(connect);
    all_end(&processes).await;
    assert!(connected_to(port).is_empty());
    setting.finish().await;
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
    let start = format!("the connection to {guest} was lost at `echo $$ >started; exec sleep 600`");
    assert!(text.starts_with(&start), "{text}");
    assert!(text.contains("ssh said last: "), "{text}");
    assert!(text.contains(&format!("\nconsole of server {id}:\n  Booting.")), "{text}");
    // It stays lost, and whoever wants it back logs in again.
    assert!(guest.run("echo").await.unwrap_err().is_lost());
    let again = login.connect(&setting.ctx).await.unwrap();
    again.check("kill $(cat started)").await.unwrap();
    setting.finish().await;
}
