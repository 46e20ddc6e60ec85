//! A child process: its lines in, its lines out, and its end.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWriteExt as _, BufReader};
use tokio::process::{ChildStdin, Command};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// How long a child that was told to end, or whose pipes somebody else still
/// holds, is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many times lines are kept unread before the child has to wait.
const AHEAD: usize = 64;

/// How much is read at once.
const AT_ONCE: usize = 64 * 1024;

/// A running child.
///
/// It is ended when this is dropped, and ends by itself when its standard input
/// does: it is told so by being a subcommand of ours.
#[derive(Debug)]
pub(super) struct Child {
    process: tokio::process::Child,
    stdin: Option<ChildStdin>,
    lines: mpsc::Receiver<Lines>,
    pid: u32,
}

/// What a child wrote: one line or more, each with its end but perhaps the last of all.
#[derive(Debug)]
pub(super) enum Lines {
    /// To its standard output.
    Out(Vec<u8>),
    /// To its standard error.
    Err(Vec<u8>),
}

/// Takes lines apart; their ends stay with them.
pub(super) fn each(lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    lines.split_inclusive(|byte| *byte == b'\n')
}

impl Child {
    /// Starts a child in a process group of its own.
    pub(super) fn start(
        program: &Path,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> io::Result<Self> {
        let mut process = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let (sender, lines) = mpsc::channel(AHEAD);
        if let Some(out) = process.stdout.take() {
            tokio::spawn(forward(out, Lines::Out, sender.clone()));
        }
        if let Some(err) = process.stderr.take() {
            tokio::spawn(forward(err, Lines::Err, sender));
        }
        let pid = process.id().unwrap_or_default();
        Ok(Self { stdin: process.stdin.take(), process, lines, pid })
    }

    /// Gives its process id.
    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    /// Writes a line to it; a child that is gone will be seen to be.
    pub(super) async fn tell(&mut self, line: &str) {
        if let Some(stdin) = &mut self.stdin {
            let _ = stdin.write_all(format!("{line}\n").as_bytes()).await;
            let _ = stdin.flush().await;
        }
    }

    /// Gives its next lines, all that have come by now, or none when it is gone and
    /// everything was read.
    pub(super) async fn lines(&mut self) -> Option<Lines> {
        tokio::select! {
            biased;
            lines = self.lines.recv() => lines,
            _ = self.process.wait() => {
                // Somebody it started may hold on to its pipes: do not wait for them.
                timeout(Duration::from_millis(500), self.lines.recv()).await.ok().flatten()
            }
        }
    }

    /// Closes its standard input and waits for its end, which is made to come.
    pub(super) async fn end(mut self) -> Option<ExitStatus> {
        drop(self.stdin.take());
        match timeout(PATIENCE, self.process.wait()).await {
            Ok(status) => status.ok(),
            Err(_) => self.kill().await,
        }
    }

    /// Ends it at once.
    pub(super) async fn kill(mut self) -> Option<ExitStatus> {
        // It may be gone already, which is as well.
        let _ = self.process.start_kill();
        timeout(PATIENCE, self.process.wait()).await.ok()?.ok()
    }
}

async fn forward(
    from: impl AsyncRead + Unpin,
    wrap: impl Fn(Vec<u8>) -> Lines,
    to: mpsc::Sender<Lines>,
) {
    let mut from = BufReader::with_capacity(AT_ONCE, from);
    loop {
        let mut lines = Vec::new();
        // A child that breaks off in the middle of a line leaves half of it.
        match from.read_until(b'\n', &mut lines).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let more = from.buffer();
        if let Some(last) = more.iter().rposition(|byte| *byte == b'\n') {
            lines.extend_from_slice(&more[..=last]);
            from.consume(last + 1);
        }
        if to.send(wrap(lines)).await.is_err() {
            return;
        }
    }
}
