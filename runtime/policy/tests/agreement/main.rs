//! Asks oslo.policy the same questions as this crate: what both decide has to be equal.
//!
//! The tests need the Python environments of the services that `cargo xtask harvest` creates, and
//! are ignored without. `SQUALL_ORACLES` is the folder with the environments, `SQUALL_CASES` how
//! many cases are generated, and `SQUALL_SEED` the seed, which is printed.

mod asked;
mod defaults;
mod generate;
mod oracle;

use generate::Generator;
use oracle::{Oracle, World};
use serde_json::Value as Json;

/// A service whose package registers no checks of its own: oslo.policy alone.
const PLAIN: &str = "placement";

fn seed() -> u64 {
    let seed = std::env::var("SQUALL_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    println!("SQUALL_SEED={seed}");
    seed
}

fn cases() -> usize {
    std::env::var("SQUALL_CASES").map_or(5_000, |cases| cases.parse().expect("a number of cases"))
}

/// Generates rules, files, credentials and targets for a service, and compares.
fn compare_generated(service: &str) {
    let mut generator = Generator::new(seed(), service);
    let mut oracle = Oracle::start(service);
    let (wanted, mut done) = (cases(), 0);
    let mut counts = std::collections::BTreeMap::new();
    while done < wanted {
        let world = generator.world();
        done += world.checks.len();
        for word in compare(&mut oracle, &world) {
            *counts.entry(word).or_insert(0) += 1;
        }
    }
    println!("{service}: {done} cases agree: {counts:?}");
    // If nothing is ever allowed, the comparison shows little.
    for word in ["allow", "deny", "wrong-scope", "fails"] {
        let count: usize = counts.get(word).copied().unwrap_or_default();
        assert!(count * 50 > done || (word == "fails" && count * 200 > done), "{word}: {count}");
    }
}

/// Asks both about a world and returns what they decide.
fn compare(oracle: &mut Oracle, world: &World) -> Vec<String> {
    let theirs = oracle.ask(world);
    let ours = world.decide();
    let differ = |at: usize| {
        let check = &world.checks[at];
        format!(
            "{}: we say {}, oslo.policy {}\nrules: {}\nfile: {}\nnew defaults only: {}\n\
             credentials: {}\ntarget: {}\nparents: {}",
            check.rule,
            ours[at],
            theirs[at],
            serde_json::to_string_pretty(&world.json()["rules"]).expect("rules are JSON"),
            world.file,
            world.new_defaults_only,
            Json::Object(check.credentials.clone()),
            check.target,
            check.parents,
        )
    };
    assert_eq!(ours.len(), theirs.len());
    let different = (0..ours.len()).find(|at| ours[*at] != theirs[*at]);
    assert!(different.is_none(), "{}", different.map(differ).unwrap_or_default());
    ours
}

#[test]
#[ignore = "needs oslo.policy: SQUALL_ORACLES"]
fn generated_rules_decide_as_in_oslo_policy() {
    compare_generated(PLAIN);
}

#[test]
#[ignore = "needs nova: SQUALL_ORACLES"]
fn generated_rules_of_compute_decide_as_in_nova() {
    compare_generated("compute");
}

#[test]
#[ignore = "needs neutron: SQUALL_ORACLES"]
fn generated_rules_of_network_decide_as_in_neutron() {
    compare_generated("network");
}

#[test]
#[ignore = "needs oslo.policy: SQUALL_ORACLES"]
fn files_that_stop_a_service_are_errors_here() {
    let mut oracle = Oracle::start(PLAIN);
    for (file, starts) in [
        ("", true),
        ("# nothing", true),
        ("it: '@'", true),
        ("it: no", true),
        ("it: null", true),
        ("it:", true),
        ("it: 0", true),
        ("it: !", true),
        ("it: [[]]", true),
        ("it: {'role:a': 1}", true),
        ("it: yes", false),
        ("it: 1", false),
        ("it: @", false),
        ("it: [", false),
        ("- it", false),
        ("it", false),
        ("it: a\nit: b: c", false),
    ] {
        let world = World::of_file(PLAIN, file);
        let started = oracle.ask_whether_it_starts(&world);
        assert_eq!(started, starts, "{file}");
        if !started {
            assert!(world.builder().build().is_err(), "{file}");
        }
    }
}
