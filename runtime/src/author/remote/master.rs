//! The one `ssh` process that holds the connection to a guest; commands go in
//! through its socket.
//!
//! It is a child that runs `cat` on the guest, and not the daemon of `ssh -f`: its pid is
//! known from the start, it is dropped with the future that waits for it, and it ends when
//! this process dies in any way, since `cat` ends with its input.

use std::io::{self, ErrorKind};
use std::process::Stdio;
use std::time::Duration;

use openssh::Session;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::folder::{Folder, GUEST};
use super::login::Login;
use super::said::{Refusal, last_line, refusal};

/// What the guest writes once it runs commands.
const IN: &str = "squall-is-in";

/// The deadline of one attempt: `ssh` has none of its own for a login.
const ATTEMPT: Duration = Duration::from_secs(30);

/// How many bytes a guest may write before it runs commands.
const GREETING: u64 = 64 * 1024;

/// How long to wait for the end of a process whose connection is lost.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// The process, while it is connected.
#[derive(Debug)]
pub(super) struct Master {
    /// The control socket, which takes commands.
    pub(super) session: Session,
    child: Mutex<Group>,
    // Held: the guest's `cat` ends when the first is closed, and could not write when
    // the second was.
    _pipes: (ChildStdin, BufReader<tokio::io::Take<ChildStdout>>),
    folder: Folder,
}

/// A child that leads a process group, which is ended when this is dropped: to go through
/// another host, `ssh` starts a second one.
#[derive(Debug)]
struct Group(Child);

impl Master {
    /// Tries to log in once.
    pub(super) async fn connect(login: &Login, within: Duration) -> Result<Self, Refusal> {
        let folder = Folder::make(login).map_err(|error| ours(&error))?;
        let (mut group, stdin, stdout) = start(login, &folder)?;
        let mut out = BufReader::new(stdout.take(GREETING));
        let mut greeting = String::new();
        match timeout(ATTEMPT.min(within), is_in(&mut out, &mut greeting)).await {
            Ok(Ok(true)) => {
                folder.forget_keys().map_err(|error| ours(&error))?;
                let session = Session::resume_mux(folder.socket().into(), None);
                Ok(Self { session, child: Mutex::new(group), _pipes: (stdin, out), folder })
            }
            Ok(Ok(false)) => {
                // Its log is complete only when it has ended.
                let _ = timeout(LAST_WORDS, group.0.wait()).await;
                Err(refusal(&folder.said(), &greeting))
            }
            Ok(Err(error)) => Err(ours(&error)),
            Err(_) => Err(Refusal {
                state: "no answer to the login".to_owned(),
                said: last_line(&folder.said()),
                is_lasting: false,
            }),
        }
    }

    /// Whether the connection is up.
    pub(super) async fn is_up(&self) -> bool {
        timeout(LAST_WORDS, self.session.check()).await.is_ok_and(|check| check.is_ok())
    }

    /// Returns what `ssh` wrote when the connection ended.
    pub(super) async fn last_words(&self) -> Option<String> {
        let _ = timeout(LAST_WORDS, async { self.child.lock().await.0.wait().await }).await;
        last_line(&self.folder.said())
    }
}

fn start(login: &Login, folder: &Folder) -> Result<(Group, ChildStdin, ChildStdout), Refusal> {
    let log = folder.log().map_err(|error| ours(&error))?;
    let spawned = Command::new(&login.program)
        .arg("-F")
        .arg(folder.config())
        .args(["-T", GUEST, &format!("echo {IN} && exec cat")])
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(log)
        .process_group(0)
        .kill_on_drop(true)
        .spawn();
    let mut group = Group(spawned.map_err(|error| unstarted(login, &error))?);
    match (group.0.stdin.take(), group.0.stdout.take()) {
        (Some(stdin), Some(stdout)) => Ok((group, stdin, stdout)),
        _ => Err(Refusal::lasting("ssh was started without pipes")),
    }
}

/// Reads until the guest runs commands, or its output ends.
async fn is_in(
    out: &mut BufReader<tokio::io::Take<ChildStdout>>,
    greeting: &mut String,
) -> io::Result<bool> {
    loop {
        let mut line = Vec::new();
        if out.read_until(b'\n', &mut line).await? == 0 {
            return Ok(false);
        }
        let line = String::from_utf8_lossy(&line);
        if line.trim_end() == IN {
            return Ok(true);
        }
        greeting.push_str(&line);
    }
}

fn unstarted(login: &Login, error: &io::Error) -> Refusal {
    let program = login.program.display();
    Refusal::lasting(if error.kind() == ErrorKind::NotFound {
        format!(
            "there is no program `{program}`: install OpenSSH's client (`apt-get install \
             openssh-client`, `dnf install openssh-clients`)"
        )
    } else {
        format!("`{program}` could not be started: {error}")
    })
}

fn ours(error: &io::Error) -> Refusal {
    Refusal::lasting(format!("the folder for a connection cannot be used: {error}"))
}

impl Drop for Group {
    fn drop(&mut self) {
        // Until it was waited for, no other process can have its pid.
        let id = self.0.id().and_then(|id| i32::try_from(id).ok());
        if let Some(pid) = id.and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
        }
    }
}
