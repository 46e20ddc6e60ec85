//! Measures one rustc below a running cargo, through `/proc`.

use std::process::Child;
use std::time::Duration;
use std::{fs, io, thread};

/// The cost of a process.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Watched {
    /// User and system time.
    pub(super) cpu_seconds: f64,
    /// Peak resident memory.
    pub(super) peak_mib: u64,
}

/// The sampling interval. Cost after the last sample is not seen.
const PAUSE: Duration = Duration::from_millis(3);

/// The unit of times in `/proc`; the same on every platform that Rust supports.
const TICKS_PER_SECOND: f64 = 100.0;

/// Waits for `cargo` and returns the cost of the rustc of crate `name`.
pub(super) fn rustc(mut cargo: Child, name: &str) -> io::Result<Watched> {
    let mut watched = Watched::default();
    let mut pid = None;
    loop {
        if let Some(status) = cargo.try_wait()? {
            if !status.success() {
                return Err(io::Error::other("the build failed"));
            }
            return match pid {
                Some(_) => Ok(watched),
                None => Err(io::Error::other(format!("found no rustc of `{name}`"))),
            };
        }
        pid = pid.or_else(|| find(name));
        if let Some(now) = pid.and_then(sample) {
            watched.cpu_seconds = watched.cpu_seconds.max(now.cpu_seconds);
            watched.peak_mib = watched.peak_mib.max(now.peak_mib);
        }
        thread::sleep(PAUSE);
    }
}

/// Finds the rustc that compiles a crate of this name.
fn find(name: &str) -> Option<u32> {
    let processes = fs::read_dir("/proc").ok()?;
    processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok()).find(
        |pid| {
            let command = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            let mut words = command.split(|byte| *byte == 0);
            let is_rustc = words.next().is_some_and(|program| program.ends_with(b"rustc"));
            let words: Vec<&[u8]> = words.collect();
            let named =
                words.windows(2).any(|w| w[0] == b"--crate-name" && w[1] == name.as_bytes());
            is_rustc && named
        },
    )
}

fn sample(pid: u32) -> Option<Watched> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The program's name, in parentheses, may hold spaces.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = peak.split_whitespace().next()?.parse().ok()?;
    let cpu_seconds = (ticks(11)? + ticks(12)?) / TICKS_PER_SECOND;
    Some(Watched { cpu_seconds, peak_mib: kib / 1024 })
}
