//! Getting in: what is waited for, what ends the wait, and what a failure shows.

use std::time::Duration;

use squall::remote::{Key, KeyPair, Login, Trouble};
use squall::wait::Why;

use crate::server::{Server, keygen, until};
use crate::setting::Setting;

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn a_key_from_memory_and_one_from_a_file_get_in() {
    let (setting, server) = (Setting::new().await, Server::start());
    let guest = server.login().connect(&setting.ctx).await.unwrap();
    assert_eq!(guest.to_string(), format!("guest@127.0.0.1:{}", server.port));
    assert_eq!(guest.check("echo $USER").await.unwrap().text(), "guest");

    let folder = tempfile::tempdir().unwrap();
    let path = keygen(folder.path(), "ecdsa", "a key");
    server.authorize(&std::fs::read_to_string(folder.path().join("a key.pub")).unwrap());
    let login = Login::new("guest", "127.0.0.1", &Key::from_file(&path)).with_port(server.port);
    let guest = login.connect(&setting.ctx).await.unwrap();
    assert_eq!(guest.check("echo in").await.unwrap().text(), "in");
    setting.finish().await;
}

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn an_ecdsa_pair_gets_in_and_through_another_host() {
    let (setting, server) = (Setting::new().await, Server::start());
    let pair = KeyPair::ecdsa().unwrap();
    let jump = Server::start();
    server.authorize(&pair.public_key);
    let login = Login::new("guest", "127.0.0.1", &pair.key).with_port(server.port);
    let guest = login.through(jump.login()).connect(&setting.ctx).await.unwrap();
    assert_eq!(guest.check("echo in").await.unwrap().text(), "in");
    drop(guest);
    jump.wait_for_silence();
    server.wait_for_silence();
    setting.finish().await;
}

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn a_key_that_is_put_in_place_late_gets_in() {
    let (setting, server) = (Setting::new().await, Server::start());
    server.authorize("");
    let login = server.login();
    let connect = login.connect(&setting.ctx);
    let denied = async {
        let log = server.home().with_file_name("log");
        let is_denied = || std::fs::read_to_string(&log).is_ok_and(|log| log.contains("[preauth]"));
        until("the key to be denied", is_denied).await;
        server.authorize(&server.pair.public_key);
    };
    let (guest, ()) = tokio::join!(connect, denied);
    assert_eq!(guest.unwrap().check("echo in").await.unwrap().text(), "in");
    assert!(setting.journal().contains("permission denied"), "{}", setting.journal());
    setting.finish().await;
}

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn a_wrong_key_is_told_with_what_ssh_said_and_the_console() {
    let (setting, server) = (Setting::new().await, Server::start());
    let id = setting.server().await;
    let other = KeyPair::ed25519().unwrap();
    let login = Login::new("guest", "127.0.0.1", &other.key)
        .with_port(server.port)
        .with_console_of(setting.ctx.actor(), &id)
        .within(Duration::from_secs(10));
    let error = login.connect(&setting.ctx).await.unwrap_err();
    let text = error.to_string();
    for part in [
        &format!("gave up waiting for ssh to guest@127.0.0.1:{} after 10 s", server.port),
        "saw permission denied",
        "ssh said last: guest@127.0.0.1: Permission denied (publickey).",
        &format!("\nconsole of server {id}:\n  Booting.\n"),
        "\n  Welcome to ",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let console = setting.notes(&format!("console of server {id}"));
    assert!(console.len() == 1 && console[0].starts_with("Booting."), "{console:?}");
    setting.finish().await;
}

#[tokio::test]
#[ignore = "needs ssh, OpenSSH's client"]
async fn nobody_listening_is_told_with_the_console_or_why_there_is_none() {
    let setting = Setting::new().await;
    let id = setting.server().await;
    // Bound and not listening: nobody else gets the port meanwhile.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = socket.local_addr().unwrap().port();
    let key = KeyPair::ed25519().unwrap().key;
    for (server, shows) in [
        (id.as_str(), "login:".to_owned()),
        ("no-such-server", "it could not be fetched: ".to_owned()),
    ] {
        let login = Login::new("guest", "127.0.0.1", &key)
            .with_port(port)
            .with_console_of(setting.ctx.actor(), server)
            .within(Duration::from_secs(5));
        let error = login.connect(&setting.ctx).await.unwrap_err();
        assert!(
            matches!(&error.trouble, Trouble::Connect { wait, .. } if matches!(wait.why, Why::TimeUp)),
            "{error:?}"
        );
        let text = error.to_string();
        assert!(text.contains("saw connection refused"), "{text}");
        assert!(text.contains(&format!("port {port}: Connection refused")), "{text}");
        assert!(text.contains(&format!("console of server {server}:\n")), "{text}");
        assert!(text.contains(&shows), "{text}");
    }
    setting.finish().await;
}

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn a_guest_that_runs_no_command_is_quoted() {
    let (setting, server) = (Setting::new().await, Server::start());
    let only = "command=\"echo 'Please login as the user debian'\"";
    server.authorize(&format!("{only} {}", server.pair.public_key));
    let login = server.login().within(Duration::from_secs(10));
    let text = login.connect(&setting.ctx).await.unwrap_err().to_string();
    assert!(text.contains("saw logged in, but no command runs"), "{text}");
    assert!(text.contains("ssh said last: Please login as the user debian"), "{text}");
    setting.finish().await;
}

#[tokio::test]
async fn a_missing_ssh_ends_the_wait_at_once_and_says_what_to_install() {
    let setting = Setting::new().await;
    let key = KeyPair::ed25519().unwrap().key;
    let login = Login::new("guest", "127.0.0.1", &key).with_program("/nonexistent/ssh");
    let text = login.connect(&setting.ctx).await.unwrap_err().to_string();
    assert!(text.contains("apt-get install openssh-client"), "{text}");
    setting.finish().await;
}

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn a_key_that_ssh_cannot_read_ends_the_wait_at_once() {
    let setting = Setting::new().await;
    let server = Server::start();
    let login = Login::new("guest", "127.0.0.1", &Key::from_text("no key")).with_port(server.port);
    let error = login.connect(&setting.ctx).await.unwrap_err();
    assert!(
        matches!(&error.trouble, Trouble::Connect { wait, .. } if matches!(wait.why, Why::Probe(_))),
        "{error}"
    );
    assert!(error.to_string().contains("ssh cannot use the key"), "{error}");
    setting.finish().await;
}

#[tokio::test]
async fn the_public_half_of_a_pair_is_registered_and_goes_with_the_test() {
    let setting = Setting::new().await;
    let pair = KeyPair::ed25519().unwrap();
    let made = pair.register(&setting.ctx).await.unwrap();
    let shown = setting.ctx.compute().keypairs().show(&made.name).send().await.unwrap();
    let kept = shown.body.at("/keypair/public_key").and_then(|key| key.as_str());
    assert_eq!(kept.map(str::trim), Some(pair.public_key.trim()));
    assert!(!setting.journal().contains("PRIVATE KEY"), "{}", setting.journal());
    setting.finish().await;
}
