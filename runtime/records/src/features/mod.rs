//! Features as data; the journal stores them.

mod source;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use source::{Line, Source};

/// Whether a cloud has a feature, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Feature {
    /// Whether the cloud has it.
    pub state: State,
    /// What was found, in words.
    pub found: String,
    /// Where that comes from.
    pub source: Source,
    /// What was found, if a setting overrides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<Box<Self>>,
}

/// Whether a cloud has a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The cloud has it.
    Present,
    /// The cloud does not have it.
    Absent,
    /// It could not be found out: a test that needs it runs.
    Unknown,
}

impl Feature {
    /// Whether a test that needs it may run.
    pub fn is_met(&self) -> bool {
        self.state != State::Absent
    }
}

/// Features, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Features(BTreeMap<String, Feature>);

impl Features {
    /// Returns a feature; `None` if it was not checked.
    pub fn get(&self, name: &str) -> Option<&Feature> {
        self.0.get(name)
    }

    /// Whether no feature was checked.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the features, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Feature)> {
        self.0.iter().map(|(name, feature)| (name.as_str(), feature))
    }
}

impl FromIterator<(String, Feature)> for Features {
    fn from_iter<I: IntoIterator<Item = (String, Feature)>>(features: I) -> Self {
        Self(features.into_iter().collect())
    }
}
