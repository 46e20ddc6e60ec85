//! Faulty registrations: what would skip or fail a test on every cloud, found at the start.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use squall_model::service::official_types;

use super::cases::CasesFault;
use super::{Registry, Test, layers};
use crate::credentials::Persona;
use crate::features;
use crate::services;
use squall_model::suggest::{alternatives, similar};

/// A registration that cannot be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, with the source location.
    pub what: String,
    /// What to do.
    pub help: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// A name is compared with others only if it is at least this long.
const SHORTEST: usize = 4;

/// From this many tests on, a tag is taken as intended.
const COMMON: usize = 5;

/// Returns every faulty registration.
///
/// - An id that is used more than once.
/// - A test with cases whose function gives none, panics, or gives one without a proper id.
/// - A service in `needs` that is unknown and resembles a known one. Other unknown names are
///   taken as the service types of a plugin.
/// - A range of microversions that the service's spec does not have.
/// - A feature that is unknown and resembles a known one.
/// - A tag that only one test has and that resembles a common one.
/// - A persona that is not one.
pub fn faults(registry: &Registry) -> Vec<Fault> {
    let mut faults: BTreeMap<String, String> = BTreeMap::new();
    for twice in &registry.duplicates {
        faults.insert(
            format!(
                "the id `{}` is used more than once: at {}",
                twice.id,
                twice.places.join(" and ")
            ),
            "give every test and suite a unique id".to_owned(),
        );
    }
    faults.extend(registry.without_cases.iter().map(CasesFault::explain));
    let tags = tags(&registry.tests);
    for test in &registry.tests {
        for layer in layers(test) {
            let at = format!("{}:{}", layer.file, layer.line);
            for need in layer.needs {
                faults.extend(service(need.service, &at));
                faults.extend(versions(need, &at));
            }
            for name in layer.features {
                faults.extend(feature(name, &at));
            }
            for request in layer.identities {
                if let Err(error) = request.persona.parse::<Persona>() {
                    faults.insert(format!("{at}: {error}"), "fix `identities(…)`".to_owned());
                }
            }
        }
        let own = test.descriptor;
        for tag in own.tags {
            faults.extend(rare_tag(tag, &tags, &format!("{}:{}", own.file, own.line)));
        }
    }
    faults.into_iter().map(|(what, help)| Fault { what, help }).collect()
}

type Found = Option<(String, String)>;

fn service(name: &str, at: &str) -> Found {
    if services::named(name).is_some() || squall_model::service::is_official(name) {
        return None;
    }
    let known: BTreeSet<&str> =
        services::all().iter().map(|spec| spec.name).chain(official_types()).collect();
    misspelt("service", name, known, at)
}

fn versions(need: &super::Need, at: &str) -> Found {
    let spec = services::built_in_named(need.service)?;
    if !spec.has_microversions() || spec.versions.intersect(&need.versions).is_some() {
        return None;
    }
    let what = format!(
        "{at}: needs {} {}, and the spec of {} has {}",
        need.service, need.versions, spec.name, spec.versions
    );
    Some((what, "no cloud can meet it; fix `needs(…)`".to_owned()))
}

fn feature(name: &str, at: &str) -> Found {
    if features::is_known(name) {
        return None;
    }
    misspelt("feature", name, features::KNOWN.iter().map(|known| known.name).collect(), at)
}

fn rare_tag(tag: &str, tags: &BTreeMap<&str, usize>, at: &str) -> Found {
    if tags.get(tag).is_none_or(|count| *count > 1) {
        return None;
    }
    let common = tags.iter().filter(|(_, count)| **count >= COMMON).map(|(tag, _)| *tag);
    misspelt("tag", tag, common.collect(), at)
}

fn misspelt(what: &str, name: &str, known: BTreeSet<&str>, at: &str) -> Found {
    if name.len() < SHORTEST {
        return None;
    }
    match alternatives(similar(name, known)).as_str() {
        "" => None,
        near => Some((format!("{at}: unknown {what} `{name}`"), format!("did you mean {near}?"))),
    }
}

fn tags(tests: &[Test]) -> BTreeMap<&'static str, usize> {
    let mut tags = BTreeMap::new();
    for tag in tests.iter().flat_map(|test| test.tags.iter().copied()) {
        *tags.entry(tag).or_default() += 1;
    }
    tags
}

#[cfg(test)]
mod tests {
    use squall_model::{Microversion, VersionRange};

    use super::*;
    use crate::registry::{IdentityRequest, Need, TestDescriptor};

    const fn test(id: &'static str) -> TestDescriptor {
        TestDescriptor {
            file: "a.rs",
            line: 7,
            ..TestDescriptor::new(id, |_| Box::pin(async { Ok(()) }))
        }
    }

    fn of(tests: &'static [TestDescriptor]) -> Vec<Fault> {
        faults(&Registry::new(tests.iter(), [].into_iter()))
    }

    #[test]
    fn every_faulty_registration_is_reported_at_once() {
        static TESTS: [TestDescriptor; 4] = [
            TestDescriptor {
                needs: &[Need { service: "comptue", versions: VersionRange::ALL }],
                features: &["compute.puase"],
                ..test("a.one")
            },
            TestDescriptor {
                needs: &[Need {
                    service: "compute",
                    versions: VersionRange::since(Microversion::new(2, 999)),
                }],
                ..test("a.two")
            },
            TestDescriptor {
                identities: &[IdentityRequest { name: "x", persona: "", fresh: false }],
                ..test("a.three")
            },
            test("a.three"),
        ];
        let faults = of(&TESTS);
        let has = |what: &str, help: &str| {
            faults.iter().any(|fault| fault.what.contains(what) && fault.help.contains(help))
        };
        assert!(has("a.rs:7: unknown service `comptue`", "did you mean `compute`?"), "{faults:?}");
        assert!(has("unknown feature `compute.puase`", "`compute.pause`"), "{faults:?}");
        assert!(has("needs compute 2.999 and later", "no cloud can meet it"), "{faults:?}");
        assert!(has("the id `a.three` is used more than once", "unique id"), "{faults:?}");
        assert!(has("a.rs:7: ", "identities"), "{faults:?}");
    }

    #[test]
    fn a_rare_tag_that_resembles_a_common_one_is_misspelt() {
        static TESTS: [TestDescriptor; 6] = [
            TestDescriptor { tags: &["smoke"], ..test("a.1") },
            TestDescriptor { tags: &["smoke"], ..test("a.2") },
            TestDescriptor { tags: &["smoke"], ..test("a.3") },
            TestDescriptor { tags: &["smoke"], ..test("a.4") },
            TestDescriptor { tags: &["smoke"], ..test("a.5") },
            TestDescriptor { tags: &["smokey"], ..test("a.6") },
        ];
        let faults = of(&TESTS);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(faults[0].help, "did you mean `smoke`?");
    }

    #[test]
    fn a_plugins_own_names_are_accepted() {
        static TESTS: [TestDescriptor; 1] = [TestDescriptor {
            needs: &[
                Need { service: "acme-rockets", versions: VersionRange::ALL },
                Need { service: "block-storage", versions: VersionRange::ALL },
            ],
            features: &["acme.turbo"],
            tags: &["acme"],
            ..test("acme.rockets.launch")
        }];
        assert_eq!(of(&TESTS), []);
    }
}
