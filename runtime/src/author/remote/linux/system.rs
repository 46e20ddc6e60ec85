//! A guest's name, size and time of boot. All of it is read from
//! the kernel, whose files are the same whatever the system.

use std::time::Duration;

use jiff::Timestamp;

use super::{Guest, RemoteError, read};

/// Returns the host's name.
pub async fn hostname(guest: &Guest) -> Result<String, RemoteError> {
    read(guest, "cat /proc/sys/kernel/hostname", |text| (!text.is_empty()).then(|| text.to_owned()))
        .await
}

/// Returns how long the guest has been up.
pub async fn uptime(guest: &Guest) -> Result<Duration, RemoteError> {
    read(guest, "cat /proc/uptime", parse_uptime).await
}

/// Returns when the guest was booted, by its own clock.
///
/// Setting the clock changes it: use [`boot_id`] to detect a reboot.
pub async fn booted_at(guest: &Guest) -> Result<Timestamp, RemoteError> {
    read(guest, "cat /proc/stat", parse_booted_at).await
}

/// Returns the random id that the kernel chose for this boot.
pub async fn boot_id(guest: &Guest) -> Result<String, RemoteError> {
    read(guest, "cat /proc/sys/kernel/random/boot_id", |text| {
        (text.len() == 36).then(|| text.to_owned())
    })
    .await
}

/// Returns the kernel's memory in bytes: somewhat less than the flavor's.
pub async fn memory(guest: &Guest) -> Result<u64, RemoteError> {
    read(guest, "cat /proc/meminfo", parse_memory).await
}

/// Returns the number of processors in use.
pub async fn cpus(guest: &Guest) -> Result<usize, RemoteError> {
    read(guest, "cat /sys/devices/system/cpu/online", parse_cpus).await
}

fn parse_uptime(text: &str) -> Option<Duration> {
    let seconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

fn parse_booted_at(text: &str) -> Option<Timestamp> {
    let second = text.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()?;
    Timestamp::from_second(second).ok()
}

fn parse_memory(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// Counts what is listed as in `0-3,6`.
fn parse_cpus(text: &str) -> Option<usize> {
    let part = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let [first, last] = [first.parse::<usize>().ok()?, last.parse::<usize>().ok()?];
        Some(last.checked_sub(first)? + 1)
    };
    text.trim().split(',').map(part).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_writes_is_read() {
        assert_eq!(parse_uptime("123.45 240.10\n"), Some(Duration::from_millis(123_450)));
        let stat = "cpu  1 2 3\ncpu0 1 2 3\nintr 5\nbtime 1763990400\nprocesses 9\n";
        assert_eq!(parse_booted_at(stat).unwrap().to_string(), "2025-11-24T13:20:00Z");
        let memory = "MemTotal:         492116 kB\nMemFree:          401200 kB\n";
        assert_eq!(parse_memory(memory), Some(492_116 * 1024));
        for (text, count) in [("0", 1), ("0-1\n", 2), ("0-3,6", 5)] {
            assert_eq!(parse_cpus(text), Some(count), "{text}");
        }
    }

    #[test]
    fn what_is_something_else_is_not() {
        for text in ["", "x", "cat: /proc: No such file", "-1 2", "3-0"] {
            assert_eq!(parse_uptime(text).filter(|_| text != "3-0"), None, "{text}");
            assert_eq!(parse_booted_at(text), None, "{text}");
            assert_eq!(parse_memory(text), None, "{text}");
            assert_eq!(parse_cpus(text), None, "{text}");
        }
    }
}
