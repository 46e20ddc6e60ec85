//! Why a test would run on a cloud or be skipped there, and who says so.

use std::collections::BTreeSet;

use serde::Serialize;
use squall_model::VersionRange;

use super::applies::unmet;
use crate::credentials::{Persona, Scope};
use crate::journal::Offer;
use crate::registry::{Layer, Test};

/// Something that a test depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// What it asks for.
    pub wants: String,
    /// What the cloud has.
    pub found: String,
    /// Whether that is enough.
    pub met: bool,
    /// Who asks for it: the test or a suite, and where that stands.
    pub said_by: String,
}

/// What is known of a cloud.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// What it offers.
    pub offers: Vec<Offer>,
    /// Its roles; none where they could not be asked for.
    pub roles: Option<BTreeSet<String>>,
}

/// Gives each thing that a test depends on; it runs where all of them are met.
pub fn why(test: &Test, layers: &[Layer], known: &Known) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for layer in layers {
        for need in layer.needs {
            let unmet = unmet(need, &known.offers);
            let versions = match need.versions {
                VersionRange::ALL => String::new(),
                range => format!(" {range}"),
            };
            reasons.push(Reason {
                wants: format!("service {}{versions}", need.service),
                met: unmet.is_none(),
                found: found(need.service, &known.offers),
                said_by: said_by(layer),
            });
        }
    }
    let wishing = layers.iter().find(|layer| !layer.identities.is_empty());
    for wish in &test.identities {
        let Ok(persona) = wish.persona.parse::<Persona>() else { continue };
        let lacks = |roles: &BTreeSet<String>| -> Vec<String> {
            persona.roles.iter().filter(|role| !roles.contains(*role)).cloned().collect()
        };
        let lacks = known.roles.as_ref().map(lacks).unwrap_or_default();
        let has = lacks.is_empty();
        let scope = match persona.scope {
            Scope::Project => "a project of its own",
            Scope::Domain => "a domain of its own",
            Scope::System => "the system",
        };
        reasons.push(Reason {
            wants: format!("identity {}", wish.persona),
            found: match (&known.roles, has) {
                (None, _) => "the roles could not be asked for".to_owned(),
                (Some(_), true) => format!("role `{}` in {scope}", persona.roles.join("` and `")),
                (Some(roles), false) => {
                    let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
                    format!("no role `{}`, only {}", lacks.join("` and `"), roles.join(", "))
                }
            },
            met: has,
            said_by: wishing.map_or_else(|| "the default".to_owned(), said_by),
        });
    }
    reasons
}

fn found(service: &str, offers: &[Offer]) -> String {
    match offers.iter().find(|offer| offer.service == service) {
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
    use crate::registry::{IdentityWish, Need, Registry, TestDescriptor, layers};

    static TEST: TestDescriptor = TestDescriptor {
        id: "a.b",
        function: "b",
        module: "m::a",
        package: "p",
        summary: "",
        file: "a.rs",
        line: 7,
        kind: None,
        needs: &[Need {
            service: "compute",
            versions: VersionRange { min: Some(Microversion::new(2, 99)), max: None },
        }],
        identities: &[IdentityWish { name: "manager", persona: "manager", fresh: false }],
        tags: &[],
        timeout: None,
        claims: &[],
        known_bug: None,
        run: |_| Box::pin(async { Ok(()) }),
    };

    #[test]
    fn what_is_not_met_is_told_with_who_asks_for_it() {
        let test = Registry::new([&TEST].into_iter(), [].into_iter()).tests.remove(0);
        let versions = VersionRange::new(None, Some(Microversion::new(2, 90)));
        let known = Known {
            offers: vec![Offer { service: "compute".into(), versions }],
            roles: Some(["member".to_owned()].into()),
        };
        let reasons = why(&test, &layers(&test), &known);
        assert!(reasons.iter().all(|reason| !reason.met && reason.said_by == "the test, a.rs:7"));
        assert_eq!(reasons[0].wants, "service compute 2.99 and later");
        assert_eq!(reasons[1].found, "no role `manager`, only member");
        let unasked = Known { roles: None, ..known };
        assert!(why(&test, &layers(&test), &unasked)[1].met);
    }
}
