//! Patterns that values are matched against.

use regex::Regex;

/// A pattern for one value.
#[derive(Debug, Clone)]
pub(super) enum Pattern {
    /// Is contained in the value.
    Part(String),
    /// Equals the value.
    Exact(String),
    /// Matches within the value; a pattern with `*` is converted to one.
    Regex(Regex),
}

impl Pattern {
    /// Parses a plain pattern: with `*` as a wildcard, or else a part of the value
    /// (`part`) or all of it.
    pub(super) fn plain(text: &str, part: bool) -> Self {
        if text.contains('*') {
            let whole: Vec<String> = text.split('*').map(regex::escape).collect();
            // Escaped text joined by `.*` is always a valid regular expression.
            if let Ok(regex) = Regex::new(&format!("^{}$", whole.join(".*"))) {
                return Self::Regex(regex);
            }
        }
        if part { Self::Part(text.to_owned()) } else { Self::Exact(text.to_owned()) }
    }

    /// Returns its text, if it is a word without wildcards.
    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Self::Part(text) | Self::Exact(text) => Some(text),
            Self::Regex(_) => None,
        }
    }

    pub(super) fn fits(&self, value: &str) -> bool {
        match self {
            Self::Part(text) => value.contains(text.as_str()),
            Self::Exact(text) => value == text,
            Self::Regex(regex) => regex.is_match(value),
        }
    }
}
