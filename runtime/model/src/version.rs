//! A microversion of a service's API, `major.minor`.
//!
//! Versions are ordered by number, not as text or decimals: 2.10 follows 2.9.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};

/// A version of a service's API, `major.minor`.
///
/// ```
/// use squall_model::Microversion;
/// let (nine, ten) = (Microversion::new(2, 9), "2.10".parse::<Microversion>()?);
/// assert!(nine < ten && nine.next() == ten);
/// # Ok::<(), squall_model::version::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Microversion {
    /// The part before the dot.
    pub major: u16,
    /// The part after the dot.
    pub minor: u16,
}

impl Microversion {
    /// Creates a version.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// Returns the next version with the same major number.
    #[must_use]
    pub const fn next(self) -> Self {
        Self::new(self.major, self.minor + 1)
    }

    /// Returns the version before this one; `None` for minor 0.
    pub const fn previous(self) -> Option<Self> {
        match self.minor.checked_sub(1) {
            Some(minor) => Some(Self::new(self.major, minor)),
            None => None,
        }
    }
}

impl fmt::Display for Microversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// A text that is not a microversion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    text: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a microversion: expected two numbers separated by a dot, as in `2.90`",
            self.text
        )
    }
}

impl std::error::Error for ParseError {}

impl FromStr for Microversion {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let number = |part: &str| {
            let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse().ok()).flatten()
        };
        text.split_once('.')
            .and_then(|(major, minor)| Some(Self::new(number(major)?, number(minor)?)))
            .ok_or_else(|| ParseError { text: text.to_owned() })
    }
}

impl Serialize for Microversion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Microversion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_by_number() {
        let mut all: Vec<Microversion> =
            ["2.100", "2.9", "2.10", "1.39"].iter().map(|t| t.parse().unwrap()).collect();
        all.sort_unstable();
        let text: Vec<String> = all.iter().map(ToString::to_string).collect();
        assert_eq!(text, ["1.39", "2.9", "2.10", "2.100"]);
    }

    #[test]
    fn anything_but_two_numbers_is_refused() {
        for text in ["", "2", "2.", ".1", "2.1.0", "+2.1", "2.-1", "latest", "2.70000"] {
            assert!(text.parse::<Microversion>().is_err(), "{text}");
        }
    }
}
