//! The pairs that Squall is measured by beside Tempest: each names a test of ours.
//! What Tempest has is asked of Tempest when the comparison runs.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::Sandbox;

#[test]
fn every_pair_names_a_test_that_there_is_and_no_other_pair_does() {
    let listed = Sandbox::new().run(["list", "--format", "json"]).expect_code(0);
    let tests: BTreeSet<String> = listed
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|test| test["id"].as_str().unwrap().to_owned())
        .collect();
    let pairs: toml::Table = include_str!("../benches/tempest/pairs.toml").parse().unwrap();
    let mut named = BTreeSet::new();
    for pair in pairs["pair"].as_array().unwrap() {
        let test = pair["squall"].as_str().unwrap();
        assert!(tests.contains(test), "there is no test `{test}`");
        assert!(named.insert(test), "`{test}` is in two pairs");
    }
    assert!(named.len() >= 40, "{} pairs are left", named.len());
}
