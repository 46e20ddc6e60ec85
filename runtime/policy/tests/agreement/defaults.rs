//! The default rules of every service, asked for all personas, decide as in the service.

use crate::oracle::Oracle;
use crate::{PLAIN, asked, compare};

/// Compares all default rules of a service for all personas. `oracle` is the service whose
/// environment is asked.
fn compare_defaults(service: &str, oracle: &str) {
    let mut oracle = Oracle::start(oracle);
    for new_defaults_only in [true, false] {
        let targets = asked::targets(asked::rules(service));
        let world = asked::world(service, new_defaults_only, &targets);
        let decided = compare(&mut oracle, &world);
        let allowed = decided.iter().filter(|word| *word == "allow").count();
        println!("{service}: {allowed} of {} allowed", decided.len());
        assert!(allowed > 0);
    }
}

#[test]
#[ignore = "needs oslo.policy: SQUALL_ORACLES"]
fn default_rules_without_checks_of_their_own_decide_as_in_oslo_policy() {
    for service in ["identity", "image", "placement", "volume"] {
        compare_defaults(service, PLAIN);
    }
}

#[test]
#[ignore = "needs nova and neutron: SQUALL_ORACLES"]
fn default_rules_of_compute_and_network_decide_as_in_nova_and_neutron() {
    for service in ["compute", "network"] {
        compare_defaults(service, service);
    }
}
