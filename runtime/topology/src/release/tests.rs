//! The rules that hold for every release.

use super::*;

fn releases() -> impl Iterator<Item = Release> {
    Release::names().into_iter().map(|name| Release::named(name).unwrap())
}

/// The names and versions in a lock.
fn rows(lock: &str) -> Vec<(&str, &str)> {
    lock.lines()
        .filter(|line| !line.starts_with(['#', ' ']))
        .map(|line| line.split([' ', ';']).next().unwrap().split_once("==").unwrap())
        .collect()
}

fn normal(name: &str) -> String {
    name.to_lowercase().replace(['_', '.'], "-")
}

#[test]
fn every_release_has_every_bundle_and_its_name() {
    for (release, name) in releases().zip(Release::names()) {
        assert_eq!(release.name, name);
        let all = Service::ALL.into_iter().map(Bundle::Service).chain([Bundle::Client]);
        for bundle in all {
            assert!(release.bundles.contains_key(&bundle), "{bundle} of {name}");
        }
    }
}

#[test]
fn a_lock_has_what_its_release_asks_for_and_digests_for_all() {
    for release in releases() {
        for (bundle, requirements) in &release.bundles {
            let lock = release.lock(*bundle).unwrap();
            let rows = rows(lock);
            for requirement in requirements {
                let words = requirement.package.split(['=', '<', '>']).filter(|w| !w.is_empty());
                let words: Vec<&str> = words.collect();
                let row = rows.iter().find(|(name, _)| *name == normal(words[0]));
                let (_, version) = row.unwrap_or_else(|| panic!("{bundle} lacks {}", words[0]));
                if requirement.package.contains("==") {
                    assert_eq!(*version, words[1], "{}", requirement.package);
                }
            }
            for line in lock.lines().filter(|line| !line.starts_with(['#', ' '])) {
                assert!(line.ends_with('\\'), "no digest: {line}");
            }
        }
    }
}

#[test]
fn the_cloud_runs_what_the_specs_were_harvested_from() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../api-specs/sources.toml");
    let sources = std::fs::read_to_string(path).unwrap();
    let release = Release::named("2026.2").unwrap();
    let locks: Vec<&str> =
        release.bundles.keys().map(|bundle| release.lock(*bundle).unwrap()).collect();
    let digests: Vec<&str> =
        sources.lines().filter_map(|line| line.strip_prefix("wheel = ")).collect();
    assert!(!digests.is_empty());
    for digest in digests {
        let digest = digest.trim_matches('"');
        assert!(locks.iter().any(|lock| lock.contains(digest)), "{digest} is in no lock");
    }
}

#[test]
fn an_unknown_release_names_those_that_there_are() {
    let error = Release::named("1999.1").unwrap_err();
    assert_eq!(error.to_string(), "release `1999.1`: unknown release");
    assert_eq!(error.help, "known: 2026.2, 2026.1");
}
