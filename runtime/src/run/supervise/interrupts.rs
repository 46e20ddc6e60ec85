//! Ctrl-C, and a request to end, counted.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Counts the signals that ask this process to end.
#[derive(Debug)]
pub(super) struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
    quit: Signal,
    count: u32,
}

impl Interrupts {
    /// Takes over Ctrl-C (SIGINT), SIGTERM, SIGHUP (a closed terminal) and SIGQUIT.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
            count: 0,
        })
    }

    /// Waits for the next signal; returns how many have arrived.
    pub(super) async fn next(&mut self) -> u32 {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
            _ = self.quit.recv() => {}
        }
        self.count += 1;
        self.count
    }

    /// Returns how many signals have arrived.
    pub(super) fn count(&self) -> u32 {
        self.count
    }
}
