//! Interprets the messages of `ssh` after a failed login: what they mean, and whether another
//! attempt may succeed.

/// An attempt that was refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// What happened, worded the same for each attempt that it happens to.
    pub(super) state: String,
    /// The last message of `ssh`.
    pub(super) said: Option<String>,
    /// Whether further attempts cannot succeed.
    pub(super) is_lasting: bool,
}

impl Refusal {
    /// Creates a refusal that no further attempt changes.
    pub(super) fn lasting(state: impl Into<String>) -> Self {
        Self { state: state.into(), said: None, is_lasting: true }
    }
}

/// What parts of messages mean. The order matters: a key that cannot be read leads to a
/// denial too.
const MEANINGS: &[(&str, &str, bool)] = &[
    (
        "UNPROTECTED PRIVATE KEY FILE",
        "ssh does not use a key file that others can read: run `chmod 600` on it",
        true,
    ),
    ("Load key ", "ssh cannot use the key", true),
    ("no such identity", "the key file does not exist", true),
    ("Bad configuration option", "this ssh is too old", true),
    (
        "ControlPath too long",
        "the path of the folder for temporary files is too long: set TMPDIR to a shorter one",
        true,
    ),
    (
        "too long for Unix domain socket",
        "the path of the folder for temporary files is too long: set TMPDIR to a shorter one",
        true,
    ),
    ("Permission denied", "permission denied", false),
    ("Too many authentication failures", "permission denied", false),
    ("Connection refused", "connection refused", false),
    ("Connection timed out", "timed out", false),
    ("Operation timed out", "timed out", false),
    ("No route to host", "no route to the host", false),
    ("Network is unreachable", "the network is unreachable", false),
    ("Could not resolve hostname", "the host name cannot be resolved", false),
    ("Connection reset", "the connection was closed", false),
    ("Connection closed", "the connection was closed", false),
    ("closed by remote host", "the connection was closed", false),
];

/// Interprets the log of `ssh`, and the guest's output if the login succeeded but the command
/// did not run.
pub(super) fn refusal(log: &str, greeting: &str) -> Refusal {
    let said = last_line(log);
    let found = MEANINGS.iter().find(|(part, ..)| log.contains(part));
    match (found, last_line(greeting)) {
        (Some((_, state, is_lasting)), None) => {
            Refusal { state: (*state).to_owned(), said, is_lasting: *is_lasting }
        }
        (_, Some(greeting)) => Refusal {
            state: "logged in, but no command runs".to_owned(),
            said: Some(greeting),
            is_lasting: false,
        },
        (None, None) => Refusal {
            state: said.clone().unwrap_or_else(|| "ssh ended without a message".to_owned()),
            said,
            is_lasting: false,
        },
    }
}

/// Returns the last line that is not noise.
pub(super) fn last_line(log: &str) -> Option<String> {
    let noise = ["Warning: Permanently added", "** ", "@@@"];
    let tells = |line: &&str| !line.is_empty() && !noise.iter().any(|word| line.starts_with(word));
    log.lines().map(str::trim).rfind(tells).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDED: &str = "Warning: Permanently added '192.0.2.7' (ED25519) to the list of known \
                         hosts.\r\n";

    #[test]
    fn what_ssh_says_is_told_in_few_words_and_in_its_own() {
        for (log, state, is_lasting) in [
            (
                "ssh: connect to host 192.0.2.7 port 22: Connection refused\r\n",
                "connection refused",
                false,
            ),
            ("ssh: connect to host 192.0.2.7 port 22: Connection timed out", "timed out", false),
            (
                "ssh: connect to host 192.0.2.7 port 22: No route to host",
                "no route to the host",
                false,
            ),
            (
                "kex_exchange_identification: read: Connection reset by peer\n\
                 Connection reset by 192.0.2.7 port 22",
                "the connection was closed",
                false,
            ),
            ("cirros@192.0.2.7: Permission denied (publickey).", "permission denied", false),
            (
                "Load key \"/k\": error in libcrypto\ncirros@h: Permission denied (publickey).",
                "ssh cannot use the key",
                true,
            ),
            (
                "no such identity: /k: No such file or directory\nc@h: Permission denied (publickey).",
                "the key file does not exist",
                true,
            ),
            ("something new", "something new", false),
        ] {
            let refusal = refusal(&format!("{ADDED}{log}"), "");
            assert_eq!((refusal.state.as_str(), refusal.is_lasting), (state, is_lasting), "{log}");
            assert_eq!(refusal.said.as_deref(), log.lines().next_back(), "{log}");
        }
    }

    #[test]
    fn a_guest_that_only_talks_is_quoted() {
        let met = refusal(ADDED, "\nPlease login as the user \"debian\".\n\n");
        assert_eq!(met.state, "logged in, but no command runs");
        assert_eq!(met.said.as_deref(), Some("Please login as the user \"debian\"."));
        assert_eq!(refusal(ADDED, "").state, "ssh ended without a message");
    }
}
