//! Describes how a process ended.

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

/// Signals that end a process, with their names.
const SIGNALS: [(i32, &str); 10] = [
    (2, "SIGINT"),
    (3, "SIGQUIT"),
    (4, "SIGILL"),
    (6, "SIGABRT"),
    (7, "SIGBUS"),
    (8, "SIGFPE"),
    (9, "SIGKILL"),
    (11, "SIGSEGV"),
    (13, "SIGPIPE"),
    (15, "SIGTERM"),
];

/// Describes how a worker ended.
pub(super) fn how(status: Option<ExitStatus>, output: &[String]) -> String {
    let Some(status) = status else {
        return "unknown: its exit status was not available".to_owned();
    };
    if let Some(signal) = status.signal() {
        let name = SIGNALS.iter().find(|(number, _)| *number == signal).map(|(_, name)| *name);
        let mut how = match name {
            Some(name) => format!("signal {signal} ({name})"),
            None => format!("signal {signal}"),
        };
        if output.iter().any(|line| line.contains("overflowed its stack")) {
            how.push_str(", a stack overflow");
        } else if signal == 9 {
            how.push_str(": it was killed, for example by the system's out-of-memory killer");
        }
        return how;
    }
    let code = status.code().unwrap_or_default();
    format!("exit code {code} before its tests had finished: a test must not call `exit`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_have_their_names() {
        assert_eq!(how(Some(ExitStatus::from_raw(6)), &[]), "signal 6 (SIGABRT)");
        let output = ["thread 'worker-1' has overflowed its stack".to_owned()];
        assert!(how(Some(ExitStatus::from_raw(6)), &output).ends_with("a stack overflow"));
    }

    #[test]
    fn an_exit_is_distinguished_from_a_signal() {
        assert!(how(Some(ExitStatus::from_raw(3 << 8)), &[]).starts_with("exit code 3"));
    }
}
