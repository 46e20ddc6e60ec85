//! What a cloud can do beyond having a service: extensions, middlewares, ways of its
//! hypervisors; each with where that is known from.
//!
//! - A feature is a dotted name, the service's first: `network.extension.trunk`,
//!   `object_storage.tempurl`, `compute.console_log`.
//! - The cloud is asked where there is something to ask. What nothing tells is taken
//!   for granted, and a file of settings has the last word.
//! - A feature of a plugin's, which nobody knows how to ask for, is absent until a file
//!   of settings sets it.

mod ask;
mod decide;
mod known;
mod source;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) use ask::{Told, Untold, ask};
pub use decide::decide;
pub use known::{FAMILIES, KNOWN, KnownFeature, is_known, is_probed};
pub use source::{Line, Source};

/// Whether a cloud has a feature, and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Feature {
    /// Whether it has.
    pub state: State,
    /// What was found, in words.
    pub found: String,
    /// Where that is known from.
    pub source: Source,
    /// What was found before somebody set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<Box<Self>>,
}

/// Whether a cloud has a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It has.
    Present,
    /// It has not.
    Absent,
    /// It could not be found out: a test that needs it runs, and tells.
    Unknown,
}

impl Feature {
    /// Tells whether a test that needs it may run.
    pub fn is_met(&self) -> bool {
        self.state != State::Absent
    }
}

/// Features, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Features(BTreeMap<String, Feature>);

impl Features {
    /// Gives what is known of a feature; none of one that was not asked for.
    pub fn get(&self, name: &str) -> Option<&Feature> {
        self.0.get(name)
    }

    /// Tells whether none was asked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Gives them, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Feature)> {
        self.0.iter().map(|(name, feature)| (name.as_str(), feature))
    }
}

impl FromIterator<(String, Feature)> for Features {
    fn from_iter<I: IntoIterator<Item = (String, Feature)>>(features: I) -> Self {
        Self(features.into_iter().collect())
    }
}
