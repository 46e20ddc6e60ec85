//! Explains why a test would run or be skipped on a cloud.

use std::collections::BTreeSet;

use serde::Serialize;
use squall_model::VersionRange;

use super::applies::unmet;
use super::profile::CloudProfile;
use crate::credentials::{Persona, PersonaScope};
use crate::features::{Feature, Source, State};
use crate::registry::{Layer, Need, Test, layers};

/// A requirement of a test, and whether the cloud meets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// What is required.
    pub wants: String,
    /// What was found.
    pub found: String,
    /// Where that comes from.
    pub source: Source,
    /// Whether the requirement is met.
    pub met: bool,
    /// Who requires it: the test or a suite, and its source location.
    pub said_by: String,
    /// The reason a run gives for skipping the test; none if it does not skip for this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skips: Option<String>,
}

/// Returns why a test is skipped on a cloud: its first requirement that is not met.
///
/// - A service that the cloud does not have: skipped.
/// - A range of microversions of which the cloud offers none: skipped. A service without
///   microversions meets only a requirement without a range.
/// - A feature that the cloud does not have: skipped.
/// - Whatever could not be found out counts as met, so that the test runs and shows it: a
///   service that does not answer, or does not report its microversions.
pub fn why_skip(test: &Test, profile: &CloudProfile) -> Option<String> {
    why(test, &layers(test), profile).into_iter().find_map(|reason| reason.skips)
}

/// Returns every requirement of a test; it runs if all of them are met.
pub fn why(test: &Test, layers: &[Layer], profile: &CloudProfile) -> Vec<Reason> {
    // A missing service explains more than its missing features.
    let services = layers
        .iter()
        .flat_map(|layer| layer.needs.iter().map(|need| service(need, layer, profile)));
    let features = layers
        .iter()
        .flat_map(|layer| layer.features.iter().map(|name| feature(name, layer, profile)));
    services.chain(features).chain(identities(test, layers, profile)).collect()
}

fn service(need: &Need, layer: &Layer, profile: &CloudProfile) -> Reason {
    let need = &need.of_our_name();
    let versions = match need.versions {
        VersionRange::ALL => String::new(),
        range => format!(" {range}"),
    };
    let set = profile.settings.services.get(need.service);
    let unmet = unmet(need, profile, set);
    let source = set.map_or_else(
        || Source::answer("session.discover", None),
        |set| Source::Hand(set.at.clone()),
    );
    Reason {
        wants: format!("service {}{versions}", need.service),
        met: unmet.is_none(),
        found: match set {
            Some(set) if !set.value => "set to false".to_owned(),
            _ => found(need.service, profile),
        },
        source,
        said_by: said_by(layer),
        skips: unmet,
    }
}

fn feature(name: &str, layer: &Layer, profile: &CloudProfile) -> Reason {
    let Feature { state, found, source, instead_of } =
        profile.features.get(name).cloned().unwrap_or_else(|| Feature {
            state: State::Unknown,
            found: "not checked".to_owned(),
            source: Source::Unknown,
            instead_of: None,
        });
    let instead = instead_of.map_or_else(String::new, |was| format!("; found: {}", was.found));
    let found = format!("{found}{instead}");
    let met = state != State::Absent;
    let skips = format!("needs feature {name}: {found} ({source})");
    Reason {
        wants: format!("feature {name}"),
        found,
        source,
        met,
        said_by: said_by(layer),
        skips: (!met).then_some(skips),
    }
}

fn identities(test: &Test, layers: &[Layer], profile: &CloudProfile) -> Vec<Reason> {
    let requesting = layers.iter().find(|layer| !layer.identities.is_empty());
    let mut reasons = Vec::new();
    for request in &test.identities {
        let Ok(persona) = request.persona.parse::<Persona>() else { continue };
        let lacks = |roles: &BTreeSet<String>| -> Vec<String> {
            persona.roles.iter().filter(|role| !roles.contains(*role)).cloned().collect()
        };
        let lacks = profile.roles.as_ref().map(lacks).unwrap_or_default();
        let has = lacks.is_empty();
        let scope = match persona.scope {
            PersonaScope::Project => "a project of its own",
            PersonaScope::Domain => "a domain of its own",
            PersonaScope::System => "the system",
        };
        let found = match (&profile.roles, has) {
            (None, _) => "the roles could not be listed".to_owned(),
            (Some(_), true) => format!("role `{}` in {scope}", persona.roles.join("` and `")),
            (Some(roles), false) => {
                let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
                format!("no role `{}`; roles: {}", lacks.join("` and `"), roles.join(", "))
            }
        };
        reasons.push(Reason {
            wants: format!("identity {}", request.persona),
            skips: (!has).then(|| format!("needs identity {}: {found}", request.persona)),
            found,
            source: Source::answer("identity.roles.list", None),
            met: has,
            said_by: requesting.map_or_else(|| "the default".to_owned(), said_by),
        });
    }
    reasons
}

fn found(service: &str, profile: &CloudProfile) -> String {
    if let Some(why) = profile.unknown.get(service) {
        return format!("unknown: {}", why.lines().next().unwrap_or_default());
    }
    match profile.offers.iter().find(|offer| offer.service == service) {
        None => "not in the catalog".to_owned(),
        Some(offer) if offer.versions == VersionRange::ALL => {
            "in the catalog, without microversions".to_owned()
        }
        Some(offer) => format!("offered at {}", offer.versions),
    }
}

fn said_by(layer: &Layer) -> String {
    let who = layer.suite.map_or_else(|| "the test".to_owned(), |id| format!("suite {id}"));
    format!("{who}, {}:{}", layer.file, layer.line)
}

#[cfg(test)]
mod tests {
    use squall_model::Microversion;

    use super::*;
    use crate::features::Line;
    use crate::journal::Offer;
    use crate::plan::why_skip;
    use crate::registry::{IdentityRequest, Registry, TestDescriptor, layers};
    use crate::settings::ByHand;

    static TEST: TestDescriptor = TestDescriptor {
        module: "m::a",
        file: "a.rs",
        line: 7,
        needs: &[Need {
            service: "compute",
            versions: VersionRange { min: Some(Microversion::new(2, 99)), max: None },
        }],
        features: &["network.extension.trunk"],
        identities: &[IdentityRequest { name: "manager", persona: "manager", fresh: false }],
        ..TestDescriptor::new("a.b", |_| Box::pin(async { Ok(()) }))
    };

    fn test() -> Test {
        Registry::new([&TEST].into_iter(), [].into_iter()).tests.remove(0)
    }

    fn with_feature(state: State, source: Source) -> CloudProfile {
        let found = "no extension `trunk`".to_owned();
        let trunk = Feature { state, found, source, instead_of: None };
        let versions = VersionRange::new(None, Some(Microversion::new(2, 90)));
        CloudProfile {
            offers: vec![Offer { service: "compute".into(), versions }],
            features: [("network.extension.trunk".to_owned(), trunk)].into_iter().collect(),
            roles: Some(["member".to_owned()].into()),
            ..CloudProfile::default()
        }
    }

    #[test]
    fn a_need_is_met_by_whichever_name_of_its_service() {
        let profile = CloudProfile {
            offers: vec![Offer { service: "toys".into(), versions: VersionRange::ALL }],
            ..CloudProfile::default()
        };
        let layer = layers(&test()).remove(0);
        for name in ["toys", "toy-box"] {
            let need = Need { service: name, versions: VersionRange::ALL };
            assert_eq!(service(&need, &layer, &profile).skips, None, "{name}");
        }
    }

    #[test]
    fn an_unmet_requirement_names_who_requires_it() {
        let test = test();
        let profile = with_feature(State::Absent, Source::answer("network.extensions.list", None));
        let reasons = why(&test, &layers(&test), &profile);
        assert!(reasons.iter().all(|reason| !reason.met && reason.said_by == "the test, a.rs:7"));
        assert_eq!(reasons[0].wants, "service compute 2.99 and later");
        assert_eq!(
            reasons[1].skips.as_deref(),
            Some(
                "needs feature network.extension.trunk: no extension `trunk` \
                 (network.extensions.list)"
            )
        );
        assert_eq!(reasons[2].found, "no role `manager`; roles: member");
        let unasked = CloudProfile { roles: None, ..profile };
        assert!(why(&test, &layers(&test), &unasked)[2].met);
    }

    #[test]
    fn a_setting_is_reported_with_its_line() {
        let test = test();
        let at = Line { file: "squall.toml".to_owned(), line: 12 };
        let mut profile = with_feature(State::Absent, Source::Hand(at.clone()));
        profile.settings.services.insert("compute".to_owned(), ByHand { value: false, at });
        profile.offers.clear();
        let reasons = why(&test, &layers(&test), &profile);
        assert!(reasons[1].skips.as_ref().unwrap().ends_with("(set by squall.toml:12)"));
        assert_eq!(
            why_skip(&test, &profile).unwrap(),
            "needs compute, which this cloud does not offer (set by squall.toml:12)"
        );
    }

    #[test]
    fn a_test_is_skipped_exactly_where_some_reason_is_not_met() {
        let test = test();
        for state in [State::Present, State::Absent, State::Unknown] {
            for newest in [90, 99] {
                for role in ["member", "manager"] {
                    let mut profile = with_feature(state, Source::Unknown);
                    profile.offers[0].versions.max = Some(Microversion::new(2, newest));
                    profile.roles = Some([role.to_owned()].into());
                    let reasons = why(&test, &layers(&test), &profile);
                    let runs = reasons.iter().all(|reason| reason.met);
                    assert_eq!(runs, why_skip(&test, &profile).is_none());
                    assert_eq!(runs, state != State::Absent && newest == 99 && role == "manager");
                    assert!(reasons.iter().all(|reason| reason.met == reason.skips.is_none()));
                }
            }
        }
    }
}
