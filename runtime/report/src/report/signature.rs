//! Signatures of messages: what remains when ids, times, addresses and numbers are replaced.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Variable parts of messages, and their placeholders.
///
/// The order matters: earlier patterns win.
const CHANGING: [(&str, &str); 8] = [
    (
        "time",
        r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?|\b\d\d:\d\d:\d\d\b",
    ),
    ("name", r"\bsquall-[0-9a-z-]+"),
    // A request id counts as an id with or without its prefix.
    ("id", r"\b(?:req-)?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b"),
    ("address", r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b"),
    (
        "address",
        r"(?x) \b \d{1,3} (?: \. \d{1,3} ){3} (?: /\d+ )? (?: :\d+ )?
             | \[? \b (?: [0-9a-f]{1,4}: ){2,7} (?: :? [0-9a-f]{1,4} )+ \]? (?: :\d+ )?
             | \[? (?: [0-9a-f]{1,4}: )* : : (?: [0-9a-f]{1,4} :? )* [0-9a-f]{1,4} \]? (?: :\d+ )?",
    ),
    ("address", r"\b(?:localhost|[a-z0-9](?:[a-z0-9.-]*[a-z0-9]):\d{2,5}|127\.\d+\.\d+\.\d+)\b"),
    ("id", r"\b[0-9a-f]*\d[0-9a-f]{7,}[0-9a-f]*\b"),
    ("n", r"\d+(?:\.\d+)*"),
];

/// Returns a message with its ids, times, addresses and numbers replaced by placeholders, as in
/// `server <id> is ERROR after <n> s`.
///
/// Failures with the same signature are grouped under one cause.
pub(super) fn signature(message: &str) -> Cow<'_, str> {
    static CHANGES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let parts: Vec<String> = CHANGING.iter().map(|(_, part)| format!("({part})")).collect();
        Regex::new(&parts.join("|")).ok()
    });
    let Some(changes) = &*CHANGES else { return Cow::Borrowed(message) };
    changes.replace_all(message, |found: &Captures<'_>| {
        let which = (1..=CHANGING.len()).find(|index| found.get(*index).is_some());
        let word = which.map_or("n", |index| CHANGING[index - 1].0);
        if word == "n" && is_status(&found[0], &message[found.get_match().end()..]) {
            return found[0].to_owned();
        }
        format!("<{word}>")
    })
}

/// Whether a number is an HTTP error status, which distinguishes causes; a number followed by a
/// unit is not.
fn is_status(number: &str, rest: &str) -> bool {
    let next = rest.trim_start().split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let is_time = ["s", "ms", "seconds"].contains(&next);
    number.len() == 3 && number.starts_with(['4', '5']) && !number.contains('.') && !is_time
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variable_parts_are_replaced_by_placeholders() {
        let cases = [
            (
                "server 6c3b5f0e-8a4b-4f0a-9a51-0d1b5f3c2a11 is `ERROR` after 3.2 s",
                "server <id> is `ERROR` after <n> s",
            ),
            ("project 01706bdc14824f0ba0d708747b646a35 is gone", "project <id> is gone"),
            ("500 [req-21ce4a3c-a162-41e8-a51d-52811169777e]", "500 [<id>]"),
            (
                "got 404 servers: no flavor 43, after 500 s",
                "got 404 servers: no flavor <n>, after <n> s",
            ),
            (
                "created 2026-11-24T10:56:23.310552Z, seen at 10:56:24",
                "created <time>, seen at <time>",
            ),
            (
                "no answer from 10.0.0.17:8774 (192.168.1.0/24)",
                "no answer from <address> (<address>)",
            ),
            ("port fa:16:3e:00:aa:01 has 2001:db8::17", "port <address> has <address>"),
            ("http://cloud.test:8774/v2.1/servers", "http://<address>/v<n>/servers"),
            ("squall-a3def5a8-flavor-1f32b1b6 is left", "<name> is left"),
            ("`a` is \"ERROR\", expected \"ACTIVE\"", "`a` is \"ERROR\", expected \"ACTIVE\""),
            ("feedback: a bad face, dead beef", "feedback: a bad face, dead beef"),
        ];
        for (message, wanted) in cases {
            assert_eq!(signature(message), wanted);
        }
    }

    #[test]
    fn a_signature_is_its_own_signature() {
        let once = signature("server 42 at 10.0.0.1:80 since 10:00:00").into_owned();
        assert_eq!(signature(&once), once);
    }
}
