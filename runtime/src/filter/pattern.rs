//! What a value is held against.

use regex::Regex;

/// A pattern for one value.
#[derive(Debug, Clone)]
pub(super) enum Pattern {
    /// Stands somewhere in the value.
    Part(String),
    /// Is the value.
    Exact(String),
    /// Is found in the value; a pattern with `*` is turned into one.
    Regex(Regex),
}

impl Pattern {
    /// Reads a plain pattern: with `*` for anything, or else a part of the value
    /// (`part`) or all of it.
    pub(super) fn plain(text: &str, part: bool) -> Self {
        if text.contains('*') {
            let whole: Vec<String> = text.split('*').map(regex::escape).collect();
            // Escaped text with `.*` between is always a regular expression.
            if let Ok(regex) = Regex::new(&format!("^{}$", whole.join(".*"))) {
                return Self::Regex(regex);
            }
        }
        if part { Self::Part(text.to_owned()) } else { Self::Exact(text.to_owned()) }
    }

    pub(super) fn fits(&self, value: &str) -> bool {
        match self {
            Self::Part(text) => value.contains(text.as_str()),
            Self::Exact(text) => value == text,
            Self::Regex(regex) => regex.is_match(value),
        }
    }
}
