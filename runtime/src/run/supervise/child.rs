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

/// How long to wait for a child that was asked to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many unread chunks are buffered before the child is blocked.
const AHEAD: usize = 64;

/// How many bytes are read at once.
const AT_ONCE: usize = 64 * 1024;

/// A running child.
///
/// Dropping this kills it. As one of our own subcommands, it also ends by itself when its
/// standard input closes.
#[derive(Debug)]
pub(super) struct Child {
    process: tokio::process::Child,
    stdin: Option<ChildStdin>,
    lines: mpsc::Receiver<Lines>,
    pid: u32,
}

/// One or more lines that a child wrote, each with its line break (the very last may lack
/// it).
#[derive(Debug)]
pub(super) enum Lines {
    /// From its standard output.
    Out(Vec<u8>),
    /// From its standard error.
    Err(Vec<u8>),
}

/// Splits into lines, keeping their line breaks.
pub(super) fn each(lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    lines.split_inclusive(|byte| *byte == b'\n')
}

impl Child {
    /// Starts a child in its own process group.
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

    /// Returns its process id.
    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    /// Writes a line to its standard input. Errors are ignored: a dead child shows in
    /// [`lines`](Self::lines).
    pub(super) async fn send_line(&mut self, line: &str) {
        if let Some(stdin) = &mut self.stdin {
            let _ = stdin.write_all(format!("{line}\n").as_bytes()).await;
            let _ = stdin.flush().await;
        }
    }

    /// Returns the lines received so far, or `None` once it has exited and everything was
    /// read.
    pub(super) async fn lines(&mut self) -> Option<Lines> {
        tokio::select! {
            biased;
            lines = self.lines.recv() => lines,
            _ = self.process.wait() => {
                // A grandchild may keep the pipes open: do not wait for it.
                timeout(Duration::from_millis(500), self.lines.recv()).await.ok().flatten()
            }
        }
    }

    /// Closes its standard input and waits for it to exit; kills it after a timeout.
    pub(super) async fn end(mut self) -> Option<ExitStatus> {
        drop(self.stdin.take());
        match timeout(PATIENCE, self.process.wait()).await {
            Ok(status) => status.ok(),
            Err(_) => self.kill().await,
        }
    }

    /// Kills it.
    pub(super) async fn kill(mut self) -> Option<ExitStatus> {
        // It may have exited already.
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
        // A killed child may leave an incomplete last line.
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
