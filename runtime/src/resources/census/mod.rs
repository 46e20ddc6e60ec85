//! A census of a cloud: every resource of every kind, to compare with a later one.
//!
//! It checks from outside whether a run left something or removed something of
//! others. The ledger is what a run knows; a census is what exists.
//!
//! - It contains what an admin can list in all projects: all kinds, built-in and of
//!   plugins, that can be listed without a parent.
//! - A kind that cannot be listed is recorded with the reason, and not compared.

mod compare;
mod take;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use compare::{Difference, Thing};
pub use take::take;

/// The resources of a cloud.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Census {
    /// The resources of each kind: names by id.
    pub kinds: BTreeMap<String, BTreeMap<String, String>>,
    /// The kinds that could not be listed, and why.
    pub unlisted: BTreeMap<String, Unlisted>,
}

/// Why a kind was not listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unlisted {
    /// The cloud does not have it: there is no such service, or no way to list it.
    Absent(String),
    /// It could not be listed, so that nothing is known about it.
    Refused(String),
}

impl Unlisted {
    /// Whether the cloud does not have the kind, so that nothing can be left.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent(_))
    }
}

impl fmt::Display for Unlisted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent(why) | Self::Refused(why) => f.write_str(why),
        }
    }
}

impl Census {
    /// Returns the number of resources.
    pub fn len(&self) -> usize {
        self.kinds.values().map(BTreeMap::len).sum()
    }

    /// Returns a census of the same kinds without resources.
    #[must_use]
    pub fn without_things(&self) -> Self {
        let kinds = self.kinds.keys().map(|kind| (kind.clone(), BTreeMap::new())).collect();
        Self { kinds, unlisted: BTreeMap::new() }
    }

    /// Whether there are no resources.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
