//! Commands: what comes back of them, and what they are told apart by.

use std::time::Duration;

use squall::remote::{Command, Trouble};

use crate::server::Server;
use crate::setting::Setting;

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn a_command_gives_both_outputs_and_its_status() {
    let (setting, server) = (Setting::new().await, Server::start());
    let guest = server.login().connect(&setting.ctx).await.unwrap();
    // 255 is what `ssh` itself ends with, and 127 what a shell does.
    for status in [0, 3, 127, 255] {
        let output = guest.run(format!("echo out; echo err >&2; exit {status}")).await.unwrap();
        assert_eq!(output.status, status);
        assert_eq!((&*output.stdout, &*output.stderr), (&b"out\n"[..], &b"err\n"[..]));
    }
    let error = guest.check("echo one; echo 'no space left' >&2; exit 3").await.unwrap_err();
    assert_eq!(error.status(), Some(3));
    let text = error.to_string();
    let named = format!("`echo one; echo 'no space left' >&2; exit 3` on {guest}");
    assert_eq!(text, format!("{named} exited with status 3: no space left"));
    assert_eq!(guest.run("no-such-program").await.unwrap().status, 127);
    let error = guest.run("kill -9 $$").await.unwrap_err();
    assert!(matches!(error.trouble, Trouble::Killed { .. }), "{error}");
    let error = guest.run(Command::new("echo").arg("a\0b")).await.unwrap_err();
    assert!(error.to_string().contains("zero byte"), "{error}");
    // None of it ended the connection.
    assert_eq!(guest.check("echo still").await.unwrap().text(), "still");
    setting.finish().await;
}

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn nasty_arguments_reach_the_program_as_they_are() {
    let (setting, server) = (Setting::new().await, Server::start());
    let guest = server.login().connect(&setting.ctx).await.unwrap();
    let nasty = ["", " a  b ", "it's", "\"$HOME\"", "`id`", "$(id)", "!!", "\\n", "*", ";", "é\n-"];
    let output = guest.check(Command::new("printf").arg("[%s]").args(nasty)).await.unwrap();
    let wanted = format!("[{}]", nasty.join("]["));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), wanted);
    setting.finish().await;
}

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn a_big_output_is_whole_and_the_journal_keeps_its_end() {
    let (setting, server) = (Setting::new().await, Server::start());
    let guest = server.login().connect(&setting.ctx).await.unwrap();
    let big =
        "i=0; while [ $i -lt 20000 ]; do echo \"line $i of many, many lines\"; i=$((i+1)); done";
    let output = guest.check(format!("{big}; {big} >&2")).await.unwrap();
    assert_eq!(output.stdout.len(), output.stderr.len());
    let text = output.text();
    assert_eq!(text.lines().count(), 20_000);
    assert!(text.ends_with("line 19999 of many, many lines"));
    let note = setting.notes("ssh ").pop().unwrap();
    assert!(note.starts_with("$ i=0; while ") && note.contains("\nexit 0 after "), "{note}");
    assert!(note.len() < 20_000 && note.ends_with("line 19999 of many, many lines"), "{note}");
    setting.finish().await;
}

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn more_commands_than_a_server_allows_at_once_all_run() {
    let (setting, server) = (Setting::new().await, Server::start());
    let guest = server.login().connect(&setting.ctx).await.unwrap();
    let runs = (0..30).map(|n| {
        let guest = guest.clone();
        tokio::spawn(async move { guest.check(format!("echo {n}")).await.unwrap().text() })
    });
    for (n, run) in runs.collect::<Vec<_>>().into_iter().enumerate() {
        assert_eq!(run.await.unwrap(), n.to_string());
    }
    setting.finish().await;
}

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn a_command_that_does_not_end_is_given_up_with_what_it_wrote() {
    let (setting, server) = (Setting::new().await, Server::start());
    let guest = server.login().connect(&setting.ctx).await.unwrap();
    let endless = Command::shell("echo $$ >pid; echo so far; exec sleep 600");
    let error = guest.run(endless.within(Duration::from_secs(5))).await.unwrap_err();
    assert!(matches!(error.trouble, Trouble::TimeUp { .. }), "{error}");
    let text = error.to_string();
    assert!(text.ends_with("did not end within 5 s: so far"), "{text}");
    // The guest is as good as before, and the command runs on: it is ended here.
    guest.check("kill $(cat pid)").await.unwrap();
    setting.finish().await;
}

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn the_journal_has_each_command_and_neither_keys_nor_input() {
    let (setting, server) = (Setting::new().await, Server::start());
    let guest = server.login().connect(&setting.ctx).await.unwrap();
    guest.run(Command::shell("cat >/dev/null; exit 4").with_stdin("HIDDEN")).await.unwrap();
    let notes = setting.notes(&format!("ssh guest@127.0.0.1:{}", server.port));
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].starts_with("$ cat >/dev/null; exit 4\nexit 4 after "), "{notes:?}");
    assert!(notes[0].ends_with(", given 6 bytes"), "{notes:?}");
    let journal = setting.journal();
    assert!(!journal.contains("HIDDEN") && !journal.contains("PRIVATE KEY"), "{journal}");
    setting.finish().await;
}
