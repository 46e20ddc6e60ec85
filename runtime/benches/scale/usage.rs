//! What a child and its own children used.

use std::process::Child;

/// CPU time and memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    /// Seconds of CPU time, of all of them.
    pub(crate) cpu: f64,
    /// The peak of the largest one's resident memory.
    pub(crate) peak_kib: u32,
}

/// Waits for a child, which has to succeed; gives what it used.
///
/// The system adds up children that were waited for, so that the difference is this one's.
pub(crate) fn wait(child: &mut Child) -> Usage {
    let before = children();
    // Its peak is read while it lives: the system's sum keeps the largest of all children.
    let mut peak_kib = 0;
    loop {
        peak_kib = peak_kib.max(peak(child.id()));
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    Usage { cpu: children() - before, peak_kib }
}

fn children() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap().split_whitespace().collect();
    // `cutime` and `cstime`, the 16th and 17th field of the line, in ticks of 10 ms.
    fields[13..15].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

fn peak(pid: u32) -> u32 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
