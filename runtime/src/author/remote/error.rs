//! Why a guest could not be reached, or a command on it failed.

use std::fmt;
use std::time::Duration;

use super::console::{Console, Log};
use crate::context::Context;
use crate::wait::WaitError;

/// How many of a command's last lines an error shows.
const LINES: usize = 10;

/// A failure on a guest: which guest, what happened, and its server's console log where
/// that may explain it.
#[derive(Debug)]
pub struct RemoteError {
    /// The guest, as in `cirros@192.0.2.7`.
    pub guest: String,
    /// What happened.
    pub trouble: Trouble,
    console: Option<Log>,
}

/// What happened to a guest.
#[derive(Debug)]
pub enum Trouble {
    /// The given login cannot be used.
    Login(String),
    /// The login did not succeed in time.
    Connect {
        /// What was seen while waiting.
        wait: WaitError,
        /// What `ssh` said last.
        last: Option<String>,
    },
    /// A command exited with another status than 0.
    Status {
        /// The command.
        command: String,
        /// Its exit status.
        status: i32,
        /// The last lines of its output.
        said: String,
    },
    /// A command did not end in time. It may still run: SSH cannot end it.
    TimeUp {
        /// The command.
        command: String,
        /// Its deadline.
        within: Duration,
        /// The last lines of its output until then.
        said: String,
    },
    /// A command was ended by a signal.
    Killed {
        /// The command.
        command: String,
        /// The last lines of its output.
        said: String,
    },
    /// The connection was lost.
    Lost {
        /// The command that was running.
        command: String,
        /// What `ssh` said last.
        last: Option<String>,
    },
    /// A command could not be sent.
    Unsent {
        /// The command.
        command: String,
        /// Why.
        why: String,
    },
    /// A command's output cannot be parsed.
    Unread {
        /// The command.
        command: String,
        /// What it wrote.
        output: String,
    },
}

impl RemoteError {
    pub(super) fn new(guest: &impl ToString, trouble: Trouble) -> Self {
        Self { guest: guest.to_string(), trouble, console: None }
    }

    /// Adds the end of the console log, if the server is known.
    pub(super) async fn with_console(mut self, console: Option<&Console>, ctx: &Context) -> Self {
        if let Some(console) = console {
            self.console = Some(console.fetch(ctx).await);
        }
        self
    }

    /// Returns the exit status, if a command exited with one.
    pub fn status(&self) -> Option<i32> {
        match &self.trouble {
            Trouble::Status { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Whether the connection was lost.
    pub fn is_lost(&self) -> bool {
        matches!(self.trouble, Trouble::Lost { .. })
    }
}

/// Returns the last lines of standard error, or of standard output if that is empty.
pub(super) fn said(stdout: &[u8], stderr: &[u8]) -> String {
    let text = |bytes| String::from_utf8_lossy(bytes).trim().to_owned();
    let said = Some(text(stderr)).filter(|said| !said.is_empty()).unwrap_or_else(|| text(stdout));
    let lines: Vec<&str> = said.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

impl fmt::Display for RemoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { guest, trouble, console } = self;
        let after = |f: &mut fmt::Formatter<'_>, said: &str| {
            if said.is_empty() { f.write_str("; it wrote nothing") } else { write!(f, ": {said}") }
        };
        match trouble {
            Trouble::Login(why) => write!(f, "cannot log in to {guest}: {why}")?,
            Trouble::Connect { wait, last } => {
                write!(f, "{wait}")?;
                last.iter().try_for_each(|last| write!(f, "; ssh said last: {last}"))?;
            }
            Trouble::Status { command, status, said } => {
                write!(f, "`{command}` on {guest} exited with status {status}")?;
                after(f, said)?;
            }
            Trouble::TimeUp { command, within, said } => {
                let within = within.as_secs_f64();
                write!(f, "`{command}` on {guest} did not end within {within} s")?;
                after(f, said)?;
            }
            Trouble::Killed { command, said } => {
                write!(f, "`{command}` on {guest} was killed")?;
                after(f, said)?;
            }
            Trouble::Lost { command, last } => {
                write!(f, "the connection to {guest} was lost during `{command}`")?;
                last.iter().try_for_each(|last| write!(f, "; ssh said last: {last}"))?;
            }
            Trouble::Unsent { command, why } => {
                write!(f, "`{command}` could not be sent to {guest}: {why}")?;
            }
            Trouble::Unread { command, output } => {
                write!(f, "cannot parse the output of `{command}` on {guest}: {output:?}")?;
            }
        }
        console.iter().try_for_each(|log| write!(f, "\n{log}"))
    }
}

impl std::error::Error for RemoteError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_of_what_was_said_are_shown() {
        let long: Vec<String> = (0..30).map(|n| format!("{n}\n")).collect();
        let long = long.concat();
        assert_eq!(said(b"out", long.as_bytes()), "20\n21\n22\n23\n24\n25\n26\n27\n28\n29");
        assert_eq!(said(b"out\n", b" \n"), "out");
        assert_eq!(said(b"", b""), "");
    }
}
