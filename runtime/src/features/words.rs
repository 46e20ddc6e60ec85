//! The words for what is known of a feature; the journal keeps them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::source::Source;

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
