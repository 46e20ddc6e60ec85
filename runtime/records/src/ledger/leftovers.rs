//! The result of undoing.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Outstanding;

/// What was undone and what is left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CleanupOutcome {
    /// What was removed, in that order.
    pub removed: Vec<Removed>,
    /// What may still exist.
    pub left: Vec<Leftover>,
    /// Why more may be left than is listed: a damaged ledger, a list that was refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

impl CleanupOutcome {
    /// Whether nothing is known or suspected to be left.
    pub fn is_clean(&self) -> bool {
        self.left.is_empty() && self.unknown.is_empty()
    }

    /// Returns the outcome of a cleanup that could not be done: everything is left.
    pub fn nothing_undone(left: &[Outstanding], why: &str) -> Self {
        let left = left.iter().map(|thing| Leftover::new(thing, why)).collect();
        Self { left, ..Self::default() }
    }

    /// Adds the result of another round.
    pub fn merge(&mut self, other: Self) {
        self.removed.extend(other.removed);
        self.left.extend(other.left);
        self.unknown.extend(other.unknown);
    }
}

impl fmt::Display for CleanupOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for removed in &self.removed {
            writeln!(f, "removed {removed}")?;
        }
        self.write_left(f)
    }
}

impl CleanupOutcome {
    /// Writes what is left, and the counts.
    fn write_left(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for left in &self.left {
            writeln!(f, "left {left}")?;
        }
        for unknown in &self.unknown {
            writeln!(f, "unknown: {unknown}")?;
        }
        write!(f, "{} removed, {} left", self.removed.len(), self.left.len())?;
        if self.unknown.is_empty() { Ok(()) } else { write!(f, ", and perhaps more") }
    }

    /// Returns the text about what is left, without what was removed.
    pub fn left_text(&self) -> impl fmt::Display + '_ {
        struct Left<'a>(&'a CleanupOutcome);
        impl fmt::Display for Left<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.write_left(f)
            }
        }
        Left(self)
    }
}

/// A resource that was removed and verified to be gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The ids it had; none if it was never created.
    pub ids: Vec<String>,
}

impl fmt::Display for Removed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)?;
        if self.ids.is_empty() { write!(f, " (was never created)") } else { Ok(()) }
    }
}

/// A resource that may still exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leftover {
    /// The number of its intent in the ledger; 0 if the ledger has none.
    pub seq: u64,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its id, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The test that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
    /// Why it was not undone.
    pub why: String,
}

impl Leftover {
    /// Creates a leftover from an entry of the ledger.
    pub fn new(thing: &Outstanding, why: impl Into<String>) -> Self {
        Self {
            seq: thing.seq,
            kind: thing.intent.kind.clone(),
            name: thing.intent.name.clone(),
            id: thing.id.clone(),
            test: thing.intent.test.clone(),
            why: why.into(),
        }
    }
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)?;
        if let Some(id) = &self.id {
            write!(f, " [{id}]")?;
        }
        write!(f, ": {}", self.why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_not_clean() {
        let unknown = vec!["line 3 is damaged".to_owned()];
        let outcome = CleanupOutcome { unknown, ..CleanupOutcome::default() };
        assert!(!outcome.is_clean());
        assert_eq!(
            outcome.to_string(),
            "unknown: line 3 is damaged\n0 removed, 0 left, and perhaps more"
        );
        assert!(CleanupOutcome::default().is_clean());
        assert_eq!(CleanupOutcome::default().to_string(), "0 removed, 0 left");
    }
}
