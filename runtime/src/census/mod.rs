//! What a cloud holds: every thing of every kind, to be compared with what it holds
//! later.
//!
//! It is for a verdict from outside: whether a run left something or took something
//! that was not its own. The ledger says what a run believes, a census what is there.
//!
//! - Counted is what an admin can list of every project: all kinds, ours and the
//!   plugins', that are found in a list which needs no parent.
//! - A kind that cannot be listed, as of a service that the cloud does not have, is
//!   named with the reason, and compared with nothing.

mod compare;
mod take;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use compare::{Difference, Thing};
pub use take::take;

/// What a cloud holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Census {
    /// The things of each kind: their names by their ids.
    pub kinds: BTreeMap<String, BTreeMap<String, String>>,
    /// The kinds that could not be listed, and why.
    pub unlisted: BTreeMap<String, String>,
}

impl Census {
    /// Gives how many things there are.
    pub fn len(&self) -> usize {
        self.kinds.values().map(BTreeMap::len).sum()
    }

    /// Gives a census of the same kinds with nothing in them.
    #[must_use]
    pub fn without_things(&self) -> Self {
        let kinds = self.kinds.keys().map(|kind| (kind.clone(), BTreeMap::new())).collect();
        Self { kinds, unlisted: BTreeMap::new() }
    }

    /// Tells whether there is nothing at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
