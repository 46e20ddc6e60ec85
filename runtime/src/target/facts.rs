//! What a cloud offers, determined before the first test.

use std::collections::BTreeMap;

use squall_model::VersionRange;
use squall_model::service::aliases;

use crate::client::by_id::SessionApi;
use crate::client::discovery::Versions;
use crate::client::validate::UnknownKeys;
use crate::client::{Error, ServiceDescription, Session};
use crate::features::{Features, Line, decide};
use crate::journal::Offer;
use crate::services;
use crate::settings::CloudSettings;

/// What is known about a cloud.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Its services: registered ones under Squall's name, others under their type.
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
    /// Why its microversions are not known although it answers; only for a service without a
    /// spec. Tests that need a range of them then run.
    pub unknown: Option<String>,
    /// The setting that adds the service, if the catalog lacks it.
    pub set_at: Option<Line>,
}

impl Facts {
    /// Whether the cloud has a service, by Squall's name or its type.
    pub fn has(&self, service: &str) -> bool {
        self.services.contains_key(services::our_name(service))
    }

    /// Returns the microversions of a service.
    pub fn versions(&self, service: &str) -> Option<VersionRange> {
        self.services.get(services::our_name(service)).map(|fact| fact.versions)
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
        if let Some(warn) = &settings.warn_of_unknown_keys {
            session.set_unknown_keys(if warn.value {
                UnknownKeys::Warn
            } else {
                UnknownKeys::Refuse
            });
        }
        let api = SessionApi::new(session.clone());
        self.features = decide(&api, &self.offers(), features, &settings).await;
        self.settings = settings;
        self
    }

    /// Whether a service is there and answers.
    pub fn answers(&self, service: &str) -> bool {
        self.services.get(services::our_name(service)).is_some_and(|fact| fact.trouble.is_none())
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
pub(crate) async fn look_around(session: &Session) -> Result<Facts, Error> {
    let catalog = session.catalog().await?;
    let mut asked: BTreeMap<String, ServiceDescription> = BTreeMap::new();
    let mut taken: Vec<&str> = Vec::new();
    for spec in services::built_in() {
        taken.extend(aliases(spec.service_type));
        if catalog.has(spec.service_type) {
            asked.insert(spec.name.to_owned(), (*spec).into());
        }
    }
    for endpoint in catalog.endpoints() {
        let service = endpoint.service_type.as_str();
        if !taken.contains(&service) {
            let name = services::our_name(service);
            asked.entry(name.to_owned()).or_insert_with(|| described(name));
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
        let found = session.service(service).discover().await;
        let fact = judge(&name, spec, found.map_err(|error| error.to_string()));
        (name, fact)
    });
    let services = futures_util::future::join_all(facts).await.into_iter().collect();
    Ok(Facts { services, ..Facts::default() })
}

/// Judges what a service's version documents say by its spec.
///
/// - A service that does not answer, or with a server error, is a problem.
/// - A service with microversions in its spec must report a range that fits: without one, with a
///   reversed one, or with another major version, its endpoint leads to something else.
/// - A service without microversions in its spec must list its API version, and no microversions.
///   Swift has no version documents, and a service without a spec may have none.
fn judge(name: &str, spec: VersionRange, found: Result<Versions, String>) -> Fact {
    let has_spec = services::built_in_named(name).is_some();
    let known = |versions| Fact { versions, ..Fact::default() };
    let unknown = |why| Fact { versions: spec, unknown: Some(why), ..Fact::default() };
    let trouble = |why| Fact { versions: spec, trouble: Some(why), ..Fact::default() };
    let versions = match found {
        Err(error) => return trouble(error),
        Ok(versions) => versions,
    };
    let versioned = spec != VersionRange::ALL;
    match versions {
        Versions::Range(VersionRange { min: Some(min), max: Some(max) }) if min > max => {
            trouble(format!("it reports the reversed range {min} to {max}"))
        }
        Versions::Range(range) if has_spec && !versioned => trouble(format!(
            "its endpoint leads to another service: that has microversions, {range}, and {name} has \
             none"
        )),
        Versions::Range(range) if versioned && !same_major(range, spec) => trouble(format!(
            "its endpoint leads to another service: that has the microversions {range}, and \
             {name} has {spec}"
        )),
        Versions::Range(range) => known(range),
        Versions::Unversioned if versioned => {
            trouble(format!("its version document names no microversions, and {name} has {spec}"))
        }
        Versions::Unversioned => known(VersionRange::ALL),
        Versions::Unknown(why) if has_spec && name != WITHOUT_VERSION_DOCUMENT => {
            trouble(format!("it has no version document of {name}: {why}"))
        }
        Versions::Unknown(_) if has_spec => known(VersionRange::ALL),
        Versions::Unknown(why) => unknown(format!("it has no version document: {why}")),
    }
}

/// Swift serves no version document (2.37.0, `swift/proxy/server.py`).
const WITHOUT_VERSION_DOCUMENT: &str = "object_storage";

fn same_major(a: VersionRange, b: VersionRange) -> bool {
    let major = |range: VersionRange| range.max.or(range.min).map(|version| version.major);
    major(a) == major(b)
}

/// A service that a setting adds although the catalog lacks it: its tests run and fail.
fn set_by_hand(service: &str, at: Line) -> Fact {
    let versions =
        services::built_in_named(service).map_or(VersionRange::ALL, |spec| spec.versions);
    Fact {
        versions,
        trouble: Some("it is not in the catalog".to_owned()),
        set_at: Some(at),
        ..Fact::default()
    }
}

/// Describes a service by its name: one of ours from its spec, any other by its type alone.
pub(crate) fn described(name: &str) -> ServiceDescription {
    services::built_in_named(name).map_or_else(|| theirs(type_of(name)), Into::into)
}

/// Returns the type of a service by its name.
pub(crate) fn type_of(name: &str) -> &str {
    services::named(name).map_or(name, |spec| spec.service_type)
}

/// A service of which only the type is known.
fn theirs(service_type: &str) -> ServiceDescription {
    ServiceDescription {
        name: service_type.to_owned().into(),
        service_type: service_type.to_owned().into(),
        version_path: "".into(),
        versions: VersionRange::ALL,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use squall_model::Microversion;

    use super::*;
    use crate::client::script::Script;

    fn range(min: (u16, u16), max: (u16, u16)) -> VersionRange {
        let version = |(major, minor)| Some(Microversion::new(major, minor));
        VersionRange::new(version(min), version(max))
    }

    fn judged(name: &str, found: Versions) -> Fact {
        let spec = services::built_in_named(name).map_or(VersionRange::ALL, |spec| spec.versions);
        judge(name, spec, Ok(found))
    }

    #[test]
    fn a_range_that_fits_the_spec_is_known() {
        let found = range((2, 1), (2, 96));
        let expected = Fact { versions: found, ..Fact::default() };
        assert_eq!(judged("compute", Versions::Range(found)), expected);
        assert_eq!(judged("identity", Versions::Unversioned), Fact::default());
        assert_eq!(judged("acme", Versions::Unversioned), Fact::default());
    }

    #[test]
    fn what_does_not_fit_the_spec_is_a_problem_and_leaves_the_specs_versions() {
        let unknown = || Versions::Unknown("GET http://c/ answered 404".to_owned());
        for (name, found, words) in [
            ("compute", unknown(), "no version document of compute: GET http://c/ answered 404"),
            ("compute", Versions::Unversioned, "names no microversions"),
            ("compute", Versions::Range(range((3, 0), (3, 70))), "leads to another service"),
            ("compute", Versions::Range(range((2, 96), (2, 1))), "reversed range 2.96 to 2.1"),
            ("image", Versions::Range(range((2, 1), (2, 96))), "leads to another service"),
            ("image", unknown(), "no version document of image"),
            ("identity", unknown(), "no version document of identity"),
        ] {
            let fact = judged(name, found);
            assert!(fact.trouble.as_ref().is_some_and(|why| why.contains(words)), "{fact:?}");
            assert_eq!(fact.versions, services::built_in_named(name).unwrap().versions);
        }
    }

    #[tokio::test]
    async fn a_plugins_service_goes_by_either_of_its_names() {
        let toys = json!({"versions": [{"id": "v1", "min_version": "1.0", "version": "1.2"}]});
        let script = Script::new()
            .signed_in(&[("toy-box", "http://cloud.test/toys"), ("acme", "http://cloud.test/acme")])
            .answer("GET", "/toys/", 200, toys);
        let facts = look_around(&script.session()).await.unwrap();
        assert_eq!(facts.services.keys().collect::<Vec<_>>(), ["acme", "toys"]);
        for name in ["toys", "toy-box"] {
            assert!(facts.has(name) && facts.answers(name), "{name}: {facts:?}");
            assert_eq!(facts.versions(name), Some(range((1, 0), (1, 2))), "{name}");
        }
        assert_eq!(described("toys").service_type, "toy-box");
    }

    #[test]
    fn a_service_that_fails_is_a_problem_whether_it_has_a_spec_or_not() {
        for name in ["compute", "object_storage", "acme"] {
            let spec =
                services::built_in_named(name).map_or(VersionRange::ALL, |spec| spec.versions);
            let fact = judge(name, spec, Err("status 503".to_owned()));
            assert_eq!(fact.trouble.as_deref(), Some("status 503"));
        }
    }

    #[test]
    fn services_that_may_lack_a_version_document_are_no_problem_without_one() {
        let unknown = || Versions::Unknown("GET http://c/ answered 404".to_owned());
        assert_eq!(judged("object_storage", unknown()), Fact::default());
        let acme = judged("acme", unknown());
        assert!(acme.trouble.is_none() && acme.unknown.is_some(), "{acme:?}");
    }
}
