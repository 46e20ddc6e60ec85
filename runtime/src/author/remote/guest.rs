//! A connected guest: commands run on it until it is dropped.

use std::fmt::{self, Write as _};
use std::sync::Arc;
use std::time::Duration;

use openssh::{Error, Stdio};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout};

use super::console::Console;
use super::error::{RemoteError, Trouble, said};
use super::login::Login;
use super::master::Master;
use super::{Command, Output};
use crate::context::Context;
use crate::wait::Backoff;

/// How many commands run at once. A server allows ten sessions a connection
/// (`MaxSessions`), and the connection itself is one.
const AT_ONCE: usize = 9;

/// The message of `ssh` when the server accepts no further session and nothing was run.
const FULL: &str = "Session open refused by peer";

/// How many bytes of each output the journal keeps.
const KEPT: usize = 4096;

/// A guest that is connected.
///
/// It is cheap to clone; the connection ends with the last copy. Commands may run
/// beside each other.
#[derive(Clone)]
pub struct Guest(Arc<Inner>);

struct Inner {
    name: String,
    ctx: Context,
    master: Master,
    console: Option<Console>,
    within: Duration,
    room: Semaphore,
}

impl Guest {
    pub(super) fn new(
        login: &Login,
        ctx: &Context,
        master: Master,
        console: Option<Console>,
    ) -> Self {
        Self(Arc::new(Inner {
            name: login.to_string(),
            ctx: ctx.clone(),
            master,
            console,
            within: login.command_within,
            room: Semaphore::new(AT_ONCE),
        }))
    }

    /// Runs a command and returns its result, whatever its status.
    ///
    /// A command that does not end in time is an error with its output so far. It may still run
    /// on the guest: SSH cannot end it.
    pub async fn run(&self, command: impl Into<Command>) -> Result<Output, RemoteError> {
        let command = command.into();
        let Inner { ctx, master, console, within, .. } = &*self.0;
        let within = command.within.unwrap_or(*within);
        let start = Instant::now();
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let ended = timeout(within, self.send(&command, &mut stdout, &mut stderr)).await;
        let took = start.elapsed();
        let named = command.to_string();
        let trouble = match ended {
            Ok(Ok(status)) => {
                self.tell(&command, &format!("exit {status}"), took, &stdout, &stderr);
                return Ok(Output { stdout, stderr, status, took });
            }
            Err(_) => Trouble::TimeUp { command: named, within, said: said(&stdout, &stderr) },
            Ok(Err(Error::InvalidCommand)) => {
                Trouble::Unsent { command: named, why: "it holds a zero byte".to_owned() }
            }
            Ok(Err(_)) if !master.is_up().await => {
                Trouble::Lost { command: named, last: master.last_words().await }
            }
            Ok(Err(Error::RemoteProcessTerminated)) => {
                Trouble::Killed { command: named, said: said(&stdout, &stderr) }
            }
            Ok(Err(error)) => Trouble::Unsent { command: named, why: causes(&error) },
        };
        let ended = match &trouble {
            Trouble::TimeUp { .. } => "no end in time",
            Trouble::Lost { .. } => "the connection was lost",
            Trouble::Killed { .. } => "killed",
            _ => "not sent",
        };
        self.tell(&command, ended, took, &stdout, &stderr);
        let error = RemoteError::new(self, trouble);
        Err(if error.is_lost() { error.with_console(console.as_ref(), ctx).await } else { error })
    }

    /// Runs a command that must exit with 0.
    pub async fn check(&self, command: impl Into<Command>) -> Result<Output, RemoteError> {
        let command = command.into();
        let named = command.to_string();
        let output = self.run(command).await?;
        if output.is_ok() {
            return Ok(output);
        }
        let (status, said) = (output.status, said(&output.stdout, &output.stderr));
        Err(RemoteError::new(self, Trouble::Status { command: named, status, said }))
    }

    /// Returns the error for a command whose output cannot be parsed.
    pub(super) fn unread(&self, command: &str, output: &Output) -> RemoteError {
        let trouble = Trouble::Unread { command: command.to_owned(), output: output.text() };
        RemoteError::new(self, trouble)
    }

    /// Sends a command and reads its output, which is kept when this is dropped.
    async fn send(
        &self,
        command: &Command,
        stdout: &mut Vec<u8>,
        stderr: &mut Vec<u8>,
    ) -> Result<i32, Error> {
        let _room = self.0.room.acquire().await;
        let mut sent = self.0.master.session.raw_command(command.line());
        sent.stdin(if command.stdin.is_empty() { Stdio::null() } else { Stdio::piped() });
        sent.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut pace = Backoff::default();
        let mut child = loop {
            match sent.spawn().await {
                // The server still counts sessions that just ended or were abandoned.
                Err(error) if causes(&error).contains(FULL) => {
                    *stderr = b"the server accepts no further session".to_vec();
                    sleep(pace.next_delay()).await;
                }
                sent => break sent?,
            }
        };
        stderr.clear();
        let (input, out, err) =
            (child.stdin().take(), child.stdout().take(), child.stderr().take());
        let write = async {
            if let Some(mut input) = input {
                // A command need not read its input.
                let _ = input.write_all(&command.stdin).await;
            }
        };
        let read = async {
            if let Some(mut out) = out {
                out.read_to_end(stdout).await?;
            }
            Ok(())
        };
        let read_err = async {
            if let Some(mut err) = err {
                err.read_to_end(stderr).await?;
            }
            Ok(())
        };
        // Output that was not read before waiting for the end would be lost.
        let ((), read, read_err) = tokio::join!(write, read, read_err);
        read.and(read_err).map_err(Error::ChildIo)?;
        match child.wait().await {
            // The guest's shell reports it, with the status 127.
            Err(Error::Remote(_)) => Ok(127),
            Err(error) => Err(error),
            Ok(status) => status.code().ok_or(Error::RemoteProcessTerminated),
        }
    }

    /// Records a command as evidence.
    fn tell(&self, command: &Command, ended: &str, took: Duration, out: &[u8], err: &[u8]) {
        let mut text = format!("$ {command}\n{ended} after {:.3} s", took.as_secs_f64());
        if !command.stdin.is_empty() {
            let _ = write!(text, ", given {} bytes", command.stdin.len());
        }
        for (bytes, name) in [(out, ""), (err, "stderr: ")] {
            if !bytes.is_empty() {
                let _ = write!(text, "\n{name}{}", kept(bytes));
            }
        }
        self.0.ctx.note(&format!("ssh {self}"), text);
    }
}

/// The guest, as in `cirros@192.0.2.7`.
impl fmt::Display for Guest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.name)
    }
}

impl fmt::Debug for Guest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guest({self})")
    }
}

/// Returns the end of an output as text.
fn kept(bytes: &[u8]) -> String {
    let left_out = bytes.len().saturating_sub(KEPT);
    let text = String::from_utf8_lossy(&bytes[left_out..]);
    let text = text.trim_end();
    if left_out == 0 { text.to_owned() } else { format!("({left_out} bytes omitted)…{text}") }
}

/// Formats an error with its causes.
fn causes(error: &dyn std::error::Error) -> String {
    let below = std::iter::successors(error.source(), |error| error.source());
    below.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_output_is_kept_by_its_end() {
        assert_eq!(kept(b"short\n"), "short");
        let long = [vec![b'a'; 10], vec![b'b'; KEPT]].concat();
        assert_eq!(kept(&long), format!("(10 bytes omitted)…{}", "b".repeat(KEPT)));
    }
}
