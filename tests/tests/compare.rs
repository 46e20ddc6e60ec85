//! `squall compare`: two clouds side by side.

use serde_json::Value;

use crate::support::{Sandbox, ServedCloud};

const TESTS: &str =
    "id(compute.flavors.show) | id(network.networks.update) | id(contract.placement.traits.*)";

#[test]
fn a_cloud_agrees_with_its_like_and_the_runs_can_be_compared_again() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "c");
    let json = ["compare", "--cloud", "c", TESTS, "--format", "json", "-o", "apart.json"];
    sandbox.run(json).expect_code(0);
    let agreement: Value = serde_json::from_str(&sandbox.read("apart.json")).unwrap();
    let compared = agreement["requests"]["compared"].as_u64().unwrap();
    assert!(compared >= 8, "{agreement}");
    assert_eq!(agreement["requests"]["agree"], compared, "{agreement}");
    assert_eq!(agreement["runs"][0]["cloud"], "embedded");
    assert_eq!(agreement["runs"][1]["cloud"], "c");

    let [first, second] = &sandbox.runs()[..] else { panic!("{:?}", sandbox.runs()) };
    let [first, second] = [first, second].map(|run| run.to_str().unwrap());
    let again = ["compare", "--run", first, "--run", second, "--fail-under", "100"];
    let again = sandbox.run(again).expect_code(0);
    assert!(again.stdout.contains(&format!("{compared} of {compared} requests agree")), "{again}");
}

#[test]
fn what_cannot_be_compared_is_said_before_anything_runs() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "c");
    let three = ["compare", "--cloud", "c", "--cloud", "c", "--cloud", "embedded", TESTS];
    let three = sandbox.run(three).expect_code(2);
    assert!(three.stderr.contains("a comparison is between two clouds, not 3"), "{three}");
    let unknown = sandbox.run(["compare", "--cloud", "nowhere", TESTS]).expect_code(2);
    assert!(unknown.stderr.contains("nowhere"), "{unknown}");
    let share = ["compare", "--cloud", "c", "--fail-under", "101", TESTS];
    let share = sandbox.run(share).expect_code(2);
    assert!(share.stderr.contains("a percentage from 0 to 100"), "{share}");
    assert!(sandbox.runs().is_empty());

    sandbox.run(["run", "--cloud", "c", "id(compute.flavors.show)"]).expect_code(0);
    let one = sandbox.run(["compare", "--run", "last"]).expect_code(2);
    assert!(one.stderr.contains("between two runs, not 1"), "{one}");
    sandbox.run(["run", "--cloud", "c", "id(network.networks.update)"]).expect_code(0);
    let runs = sandbox.runs();
    let [first, second] = &runs[..] else { panic!("{runs:?}") };
    let apart = ["compare", "--run", first.to_str().unwrap(), "--run", second.to_str().unwrap()];
    let apart = sandbox.run(apart).expect_code(3);
    assert!(apart.stderr.contains("no request in common"), "{apart}");
}
