//! What is known about a cloud, as far as it decides which tests run.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::Facts;
use crate::features::Features;
use crate::journal::Offer;
use crate::settings::CloudSettings;

/// What is known about a cloud.
#[derive(Debug, Clone, Default)]
pub struct CloudProfile {
    /// Its services and their microversions.
    pub offers: Vec<Offer>,
    /// The services whose microversions are not known, each with the reason.
    pub unknown: BTreeMap<String, String>,
    /// Its features, at least those that tests need.
    pub features: Features,
    /// The settings for it.
    pub settings: CloudSettings,
    /// Its roles; none if they could not be listed.
    pub roles: Option<BTreeSet<String>>,
}

impl From<&Facts> for CloudProfile {
    fn from(facts: &Facts) -> Self {
        Self {
            offers: facts.offers(),
            unknown: facts
                .services
                .iter()
                .filter_map(|(service, fact)| {
                    let why = fact.trouble.as_ref().or(fact.unknown.as_ref())?;
                    Some((service.clone(), why.clone()))
                })
                .collect(),
            features: facts.features.clone(),
            settings: facts.settings.clone(),
            roles: None,
        }
    }
}
