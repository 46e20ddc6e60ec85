//! What undoing came to.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Outstanding;

/// What was undone and what was not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What was taken away, in that order.
    pub removed: Vec<Removed>,
    /// What may still be there.
    pub left: Vec<Leftover>,
}

impl Outcome {
    /// Whether nothing is left.
    pub fn is_clean(&self) -> bool {
        self.left.is_empty()
    }

    /// Adds what another round came to.
    pub fn merge(&mut self, other: Self) {
        self.removed.extend(other.removed);
        self.left.extend(other.left);
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for removed in &self.removed {
            writeln!(f, "removed {removed}")?;
        }
        for left in &self.left {
            writeln!(f, "left {left}")?;
        }
        write!(f, "{} removed, {} left", self.removed.len(), self.left.len())
    }
}

/// A thing that was taken away and seen to be gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The ids it was found under; none where it never came to be.
    pub ids: Vec<String>,
}

impl fmt::Display for Removed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)?;
        if self.ids.is_empty() { write!(f, " (never came to be)") } else { Ok(()) }
    }
}

/// A thing that may still be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leftover {
    /// The number of its intent in the ledger.
    pub seq: u64,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its id, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The test that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
    /// Why it could not be undone.
    pub why: String,
}

impl Leftover {
    /// Says why `thing` is left.
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
