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

/// How many lines are kept unread before the child has to wait.
const AHEAD: usize = 1024;

/// A running child.
///
/// It is ended when this is dropped, and ends by itself when its standard input
/// does: it is told so by being a subcommand of ours.
#[derive(Debug)]
pub(super) struct Child {
    process: tokio::process::Child,
    stdin: Option<ChildStdin>,
    lines: mpsc::Receiver<Line>,
    pid: u32,
}

/// A line that a child wrote.
#[derive(Debug)]
pub(super) enum Line {
    /// To its standard output.
    Out(Vec<u8>),
    /// To its standard error.
    Err(String),
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
            tokio::spawn(forward(out, Line::Out, sender.clone()));
        }
        if let Some(err) = process.stderr.take() {
            let line = |bytes: Vec<u8>| Line::Err(String::from_utf8_lossy(&bytes).into_owned());
            tokio::spawn(forward(err, line, sender));
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

    /// Gives its next line, or none when it is gone and everything was read.
    pub(super) async fn line(&mut self) -> Option<Line> {
        tokio::select! {
            biased;
            line = self.lines.recv() => line,
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
    wrap: impl Fn(Vec<u8>) -> Line,
    to: mpsc::Sender<Line>,
) {
    let mut lines = BufReader::new(from);
    loop {
        let mut line = Vec::new();
        // A child that breaks off in the middle of a line leaves half of it.
        match lines.read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        if to.send(wrap(line)).await.is_err() {
            return;
        }
    }
}
