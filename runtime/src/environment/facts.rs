//! What a cloud offers, determined before the first test.

use std::collections::BTreeMap;

use squall_model::VersionRange;
use squall_model::service::aliases;

use crate::client::by_id::SessionApi;
use crate::client::{Error, ServiceDescription, Session};
use crate::features::{Features, Line, decide};
use crate::journal::Offer;
use crate::services;
use crate::settings::CloudSettings;

/// What is known about a cloud.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Its services: known ones under Squall's name, others under their type.
    pub services: BTreeMap<String, Fact>,
    /// The features that were checked.
    pub features: Features,
    /// The settings for it.
    pub settings: CloudSettings,
}

/// What is known about a service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fact {
    /// Its microversions; unbounded if it has none.
    pub versions: VersionRange,
    /// Why it could not be examined. Its versions are then those of the spec, so that its
    /// tests run and fail with this cause.
    pub trouble: Option<String>,
    /// The setting that adds the service, if the catalog lacks it.
    pub set_at: Option<Line>,
}

impl Facts {
    /// Whether the cloud has a service, by Squall's name or its type.
    pub fn has(&self, service: &str) -> bool {
        self.services.contains_key(service)
    }

    /// Returns the microversions of a service.
    pub fn versions(&self, service: &str) -> Option<VersionRange> {
        self.services.get(service).map(|fact| fact.versions)
    }

    /// Asks a cloud what it offers.
    ///
    /// # Errors
    /// The cloud refuses the session. A service that does not answer is not an error, see
    /// [`Fact::trouble`].
    pub async fn of(session: &Session) -> Result<Self, Error> {
        look_around(session).await
    }

    /// Applies the settings, and checks which of these features the cloud has.
    pub async fn with<'a>(
        mut self,
        session: &Session,
        settings: CloudSettings,
        features: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        for (service, set) in &settings.services {
            if !set.value {
                self.services.remove(service);
            } else if !self.has(service) {
                let fact = set_by_hand(service, set.at.clone());
                self.services.insert(service.clone(), fact);
            }
        }
        let api = SessionApi::new(session.clone());
        self.features = decide(&api, &self.offers(), features, &settings).await;
        self.settings = settings;
        self
    }

    /// Returns the services as recorded in events.
    pub fn offers(&self) -> Vec<Offer> {
        let offer = |(service, fact): (&String, &Fact)| Offer {
            service: service.clone(),
            versions: fact.versions,
        };
        self.services.iter().map(offer).collect()
    }
}

/// Asks each service of the catalog for its versions.
pub(super) async fn look_around(session: &Session) -> Result<Facts, Error> {
    let catalog = session.catalog().await?;
    let mut asked: BTreeMap<String, ServiceDescription> = BTreeMap::new();
    let mut taken: Vec<&str> = Vec::new();
    for spec in services::all() {
        taken.extend(aliases(spec.service_type));
        if catalog.has(spec.service_type) {
            asked.insert(spec.name.to_owned(), spec.into());
        }
    }
    for endpoint in catalog.endpoints() {
        let service = endpoint.service_type.as_str();
        if !taken.contains(&service) {
            asked.entry(service.to_owned()).or_insert_with(|| theirs(service));
        }
    }
    // One cause for all services: reported once, before any is asked.
    for service in asked.values() {
        match session.find_endpoint(&catalog, service) {
            Err(error) if error.is_several_regions() => return Err(error.into()),
            _ => {}
        }
    }
    let facts = asked.into_iter().map(async |(name, service)| {
        let spec = service.versions;
        let fact = match session.service(service).cloud_versions().await {
            Ok(versions) => Fact { versions: versions.unwrap_or_default(), ..Fact::default() },
            Err(error) => {
                Fact { versions: spec, trouble: Some(error.to_string()), ..Fact::default() }
            }
        };
        (name, fact)
    });
    let services = futures_util::future::join_all(facts).await.into_iter().collect();
    Ok(Facts { services, ..Facts::default() })
}

/// A service that a setting adds although the catalog lacks it: its tests run and fail.
fn set_by_hand(service: &str, at: Line) -> Fact {
    let versions = services::named(service).map_or(VersionRange::ALL, |spec| spec.versions);
    Fact { versions, trouble: Some("it is not in the catalog".to_owned()), set_at: Some(at) }
}

/// Describes a service by its name: from its spec, or by its type alone.
pub(crate) fn described(name: &str) -> ServiceDescription {
    services::named(name).map_or_else(|| theirs(name), Into::into)
}

/// A service without a spec.
fn theirs(service_type: &str) -> ServiceDescription {
    ServiceDescription {
        name: service_type.to_owned().into(),
        service_type: service_type.to_owned().into(),
        version_path: "".into(),
        versions: VersionRange::ALL,
    }
}
