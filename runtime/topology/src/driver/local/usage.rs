//! The resources used by a process and every process it started.

use std::time::Duration;

use super::family::{Family, Member};
use super::record::process;
use crate::driver::Usage;

/// Sums the usage of all that are alive. One that ends meanwhile counts as zero.
pub(super) fn usage(main: Member, family: &Family) -> Usage {
    let mut usage = Usage { pid: main.pid, processes: 0, memory: 0, cpu: Duration::ZERO };
    let mut ticks = 0;
    for member in &family.members {
        let Some(process) = process(member.pid) else { continue };
        let Ok(stat) = process.stat() else { continue };
        usage.processes += 1;
        usage.memory += process.smaps_rollup().map_or(0, |rollup| {
            let maps = rollup.memory_map_rollup.into_iter();
            maps.filter_map(|map| map.extension.map.get("Pss").copied()).sum()
        });
        // The time of children that ended and were waited for is recorded nowhere else.
        let waited = u64::try_from(stat.cutime + stat.cstime).unwrap_or(0);
        ticks += stat.utime + stat.stime + waited;
    }
    let milliseconds = ticks * 1000 / procfs::ticks_per_second().max(1);
    usage.cpu = Duration::from_millis(milliseconds);
    usage
}
