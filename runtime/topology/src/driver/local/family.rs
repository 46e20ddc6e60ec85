//! Finds the processes that belong to one that was started, even after it ended.
//!
//! A process belongs to it when it is a descendant, when it is in its session, or when
//! its environment has the mark that was set there. Each criterion alone misses some:
//! workers whose parent died have been re-parented, daemons leave the session, and
//! programs that write their title over their environment lose the mark.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use procfs::process::{Stat, all_processes};

use super::record::Record;

/// The environment variable that marks a process.
pub(super) const MARK: &str = "SQUALL_PROCESS";

/// Returns a process's mark, unique among all processes of all clouds.
pub(super) fn mark(run: &Path, id: &str) -> String {
    run.join(id).display().to_string()
}

/// A process of this machine, distinct from any later one with the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Member {
    pub(super) pid: u32,
    pub(super) started: u64,
}

/// The processes that belong to one that was started, at one moment.
#[derive(Debug, Default)]
pub(super) struct Family {
    /// The process itself, if it is alive.
    pub(super) main: Option<Member>,
    /// All that are alive, including the process itself.
    pub(super) members: BTreeSet<Member>,
}

impl Family {
    /// Finds them; `known` are those that were seen to belong to it before.
    pub(super) fn find(record: Option<&Record>, mark: &str, known: &BTreeSet<Member>) -> Self {
        let table = Table::read();
        let record = record.filter(|record| record.is_current());
        let mut family = Self::default();
        if let Some(record) = record {
            family.main = table.living(record);
            let stranger = family.main.is_none() && table.0.contains_key(&record.pid);
            let of_session = table.0.values().filter(|stat| {
                !stranger
                    && u32::try_from(stat.session) == Ok(record.pid)
                    && (family.main.is_some() || is_marked(stat, mark) || writes(stat, &record.log))
            });
            family.members.extend(of_session.map(member));
        }
        family.members.extend(table.0.values().filter(|s| is_marked(s, mark)).map(member));
        family.members.extend(table.0.values().map(member).filter(|m| known.contains(m)));
        table.descend(&mut family.members);
        family.members.retain(|m| table.0.get(&m.pid).is_some_and(lives));
        family
    }
}

/// Returns the process itself if it is alive; cheaper than finding all.
pub(super) fn main_of(record: &Record) -> Option<Member> {
    let stat = super::record::process(record.pid)?.stat().ok()?;
    let is_it = record.is_current() && stat.starttime == record.started && lives(&stat);
    is_it.then(|| member(&stat))
}

/// All processes of this machine.
struct Table(BTreeMap<u32, Stat>);

impl Table {
    fn read() -> Self {
        let stats = all_processes().into_iter().flatten().filter_map(|p| p.ok()?.stat().ok());
        Self(stats.map(|stat| (member(&stat).pid, stat)).collect())
    }

    fn living(&self, record: &Record) -> Option<Member> {
        let stat = self.0.get(&record.pid)?;
        (stat.starttime == record.started && lives(stat)).then(|| member(stat))
    }

    /// Adds the descendants of members.
    fn descend(&self, members: &mut BTreeSet<Member>) {
        let mut children: BTreeMap<i32, Vec<Member>> = BTreeMap::new();
        for stat in self.0.values() {
            children.entry(stat.ppid).or_default().push(member(stat));
        }
        let mut todo: Vec<Member> = members.iter().copied().collect();
        while let Some(parent) = todo.pop() {
            let of_it = i32::try_from(parent.pid).ok().and_then(|pid| children.get(&pid));
            todo.extend(of_it.into_iter().flatten().filter(|child| members.insert(**child)));
        }
    }
}

fn member(stat: &Stat) -> Member {
    Member { pid: stat.pid.unsigned_abs(), started: stat.starttime }
}

/// A zombie counts as gone.
fn lives(stat: &Stat) -> bool {
    !matches!(stat.state, 'Z' | 'X' | 'x')
}

fn is_marked(stat: &Stat, mark: &str) -> bool {
    let Ok(environment) = fs::read(format!("/proc/{}/environ", stat.pid)) else {
        return false;
    };
    let wanted = format!("{MARK}={mark}");
    environment.split(|byte| *byte == 0).any(|entry| entry == wanted.as_bytes())
}

fn writes(stat: &Stat, log: &Path) -> bool {
    [1, 2].iter().any(|number| {
        fs::read_link(format!("/proc/{}/fd/{number}", stat.pid))
            .is_ok_and(|target| target.as_os_str().as_bytes() == log.as_os_str().as_bytes())
    })
}
