//! Ends processes and waits until they are gone.

use std::collections::BTreeSet;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use tokio::task::spawn_blocking;

use super::family::{Family, Member};
use super::record::{self, Record};
use crate::driver::{DriverError, DriverErrorKind};

/// How long the kernel may take to end killed processes.
const KILLED: Duration = Duration::from_secs(15);

/// A handle on a process (a pidfd), so that its id cannot be reused meanwhile.
pub(super) struct Handle {
    member: Member,
    fd: Arc<OwnedFd>,
}

impl Handle {
    /// Opens a process; `None` where it is gone.
    pub(super) fn open(member: Member) -> io::Result<Option<Self>> {
        let Some(pid) = i32::try_from(member.pid).ok().and_then(Pid::from_raw) else {
            return Ok(None);
        };
        let fd = match pidfd_open(pid, PidfdFlags::NONBLOCK) {
            Ok(fd) => fd,
            Err(Errno::SRCH) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        // Checked after the file was opened, so that it is the same process.
        let stat = record::process(member.pid).and_then(|p| p.stat().ok());
        if stat.is_none_or(|stat| stat.starttime != member.started) {
            return Ok(None);
        }
        Ok(Some(Self { member, fd: Arc::new(fd) }))
    }

    /// Sends a signal. A process that is gone is not an error.
    pub(super) fn signal(&self, signal: Signal) -> io::Result<()> {
        match pidfd_send_signal(&self.fd, signal) {
            Ok(()) | Err(Errno::SRCH) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Waits until all have ended or the deadline has passed.
async fn ended(handles: &[Handle], until: Instant) -> io::Result<()> {
    let files: Vec<Arc<OwnedFd>> = handles.iter().map(|handle| Arc::clone(&handle.fd)).collect();
    spawn_blocking(move || files.iter().try_for_each(|file| readable(file, until))).await?
}

/// A pidfd becomes readable when its process ends.
fn readable(file: &OwnedFd, until: Instant) -> io::Result<()> {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let timeout = Timespec::try_from(left).map_err(io::Error::other)?;
        match poll(&mut [PollFd::new(file, PollFlags::IN)], Some(&timeout)) {
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
            Ok(_) => return Ok(()),
        }
    }
}

/// The processes to end.
pub(super) struct Victim<'a> {
    pub(super) id: &'a str,
    pub(super) record: Option<&'a Record>,
    pub(super) mark: &'a str,
}

/// Sends SIGTERM to a process, then to those it leaves behind, and SIGKILL to whatever
/// is still running after the grace.
pub(super) async fn end(victim: &Victim<'_>, grace: Duration) -> Result<(), DriverError> {
    let until = Instant::now() + grace;
    let mut known = BTreeSet::new();
    let family = victim.look(&mut known);
    if let Some(main) = family.main
        && let Some(main) = victim.open(main)?
    {
        victim.ask(&main)?;
        victim.wait(&[main], until).await?;
    }
    let mut asked: BTreeSet<Member> = family.main.into_iter().collect();
    while Instant::now() < until {
        let family = victim.look(&mut known);
        let handles = victim.open_all(&family)?;
        if handles.is_empty() {
            return Ok(());
        }
        for handle in handles.iter().filter(|handle| asked.insert(handle.member)) {
            victim.ask(handle)?;
        }
        victim.wait(&handles, until).await?;
    }
    kill(victim, known).await
}

/// Kills a process and every process it started.
pub(super) async fn kill(
    victim: &Victim<'_>,
    mut known: BTreeSet<Member>,
) -> Result<(), DriverError> {
    let until = Instant::now() + KILLED;
    loop {
        let family = victim.look(&mut known);
        let mut handles = victim.open_all(&family)?;
        if handles.is_empty() {
            return Ok(());
        }
        // The process itself first: it would restart the children it sees ending.
        handles.sort_by_key(|handle| Some(handle.member) != family.main);
        for handle in &handles {
            victim.send(handle, Signal::KILL)?;
        }
        victim.wait(&handles, until).await?;
        if Instant::now() >= until {
            let left = handles.iter().map(|handle| handle.member.pid).collect();
            return Err(victim.error(DriverErrorKind::Unkillable(left)));
        }
    }
}

impl Victim<'_> {
    fn look(&self, known: &mut BTreeSet<Member>) -> Family {
        let family = Family::find(self.record, self.mark, known);
        known.extend(&family.members);
        family
    }

    fn open(&self, member: Member) -> Result<Option<Handle>, DriverError> {
        Handle::open(member).map_err(|error| self.error(DriverErrorKind::System(error)))
    }

    fn open_all(&self, family: &Family) -> Result<Vec<Handle>, DriverError> {
        family.members.iter().filter_map(|member| self.open(*member).transpose()).collect()
    }

    /// A suspended process can end only after it is resumed.
    fn ask(&self, handle: &Handle) -> Result<(), DriverError> {
        self.send(handle, Signal::TERM)?;
        self.send(handle, Signal::CONT)
    }

    fn send(&self, handle: &Handle, signal: Signal) -> Result<(), DriverError> {
        handle.signal(signal).map_err(|error| self.error(DriverErrorKind::System(error)))
    }

    async fn wait(&self, handles: &[Handle], until: Instant) -> Result<(), DriverError> {
        ended(handles, until).await.map_err(|error| self.error(DriverErrorKind::System(error)))
    }

    fn error(&self, kind: DriverErrorKind) -> DriverError {
        DriverError::new(self.id, kind)
    }
}
