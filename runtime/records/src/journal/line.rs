//! What an event looks like when it leaves the process: without the secrets that are
//! known here, and without characters that act on a terminal or break a report.
//!
//! This is the one place for both. Reports are made from entries that passed it, while
//! the run goes on and later.

use std::borrow::Cow;

use super::{Entry, Event};
use crate::client::{clean, redact};

/// Returns the line of the journal for an entry.
pub fn line(entry: &Entry) -> serde_json::Result<String> {
    let mut line = serde_json::to_string(entry)?;
    // The client has masked an exchange already, which is nine tenths of all text.
    if !matches!(entry.event, Event::Exchange { .. })
        && let Cow::Owned(masked) = redact::mask_json(&line)
    {
        line = masked;
    }
    if let Cow::Owned(cleaned) = clean::json(&line) {
        line = cleaned;
    }
    Ok(line)
}

/// Returns the line for an entry, and the entry as a reader of the line gets it.
pub fn settled(entry: &Entry) -> serde_json::Result<(Entry, String)> {
    let line = line(entry)?;
    let entry = serde_json::from_str(&line)?;
    Ok((entry, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_secrets_and_control_characters_end_here() {
        redact::learn("planted-in-an-event");
        let text = "\u{1b}[2J planted-in-an-event \u{fffe}".to_owned();
        let (entry, line) = settled(&Entry::now(Event::Output { text })).unwrap();
        assert!(!line.contains("planted-in"), "{line}");
        let shown = "\\u{1b}[2J *** \\u{fffe}".to_owned();
        assert_eq!(entry.event, Event::Output { text: shown });
    }
}
