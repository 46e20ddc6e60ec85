//! `squall prove`, and operations that are only pretended.

use serde_json::Value;

use crate::support::Sandbox;

/// The list of what hand-written tests need not notice.
const ACCEPTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/unnoticed.txt");

/// A short sample of `.ci/nightly fakes`, of services in which nothing is waited for.
#[test]
fn a_sample_of_the_hand_written_tests_notices_what_is_pretended() {
    let sandbox = Sandbox::new();
    let filter = "kind(api) & (service(identity) | service(placement)) & !service(compute)";
    let prove = ["prove", filter, "--sample", "8", "--seed", "13", "--accept", ACCEPTED];
    let proof = sandbox.run(prove.into_iter().chain(["--format", "json"])).expect_code(0);
    let proof: Value = serde_json::from_str(&proof.stdout).unwrap();
    assert_eq!(proof["tests"].as_array().unwrap().len(), 8, "{proof}");
    assert!(proof["counts"]["noticed"].as_u64().unwrap() >= 8, "{proof}");
}

#[test]
fn a_test_that_looks_at_the_answer_alone_is_found() {
    let sandbox = Sandbox::new();
    let prove = ["prove", "id(contract.placement.traits.create@1.6)", "--seed", "1"];
    let proof = sandbox.run(prove).expect_code(1);
    let again = "run 'id(contract.placement.traits.create@1.6)' --pretend placement.traits.create";
    assert!(proof.stdout.contains(again), "{proof}");
    assert!(proof.stdout.contains("0 of 1 operation that have an effect noticed, 1 missed"));
    assert_eq!(sandbox.runs().len(), 1, "the runs in which something is pretended are removed");

    sandbox.write(
        "unnoticed.txt",
        "contract.placement.traits.create@1.6 placement.traits.create its form is what counts\n",
    );
    sandbox.run(prove.into_iter().chain(["--accept", "unnoticed.txt"])).expect_code(0);
}

#[test]
fn a_pretended_operation_fails_a_test_that_looks() {
    let sandbox = Sandbox::new();
    let test = "id(identity.groups.update)";
    let run = sandbox.run(["run", test, "--pretend", "identity.groups.update"]).expect_code(1);
    assert!(run.stderr.contains("`identity.groups.update` is only pretended"), "{run}");
    assert!(run.stdout.contains("Some(\"renewed\")"), "{run}");
    // Its fixtures and its cleanup are not pretended.
    let create = "identity.users.create";
    sandbox.run(["run", test, "--pretend", create]).expect_code(0);
}

#[test]
fn what_cannot_be_pretended_is_said_before_anything_runs() {
    let sandbox = Sandbox::new();
    let wrong = ["run", "id(identity.groups.update)", "--pretend", "identity.group.update"];
    let wrong = sandbox.run(wrong).expect_code(2);
    assert!(wrong.stderr.contains("did you mean `identity.groups.update`"), "{wrong}");
    let served = ["cloud", "serve", "--pretend", "identity.group.update"];
    let served = sandbox.run(served).expect_code(2);
    assert!(served.stderr.contains("the embedded cloud has no operation"), "{served}");
    let real = ["run", "--cloud", "real", "--pretend", "identity.groups.update"];
    let real = sandbox.run(real).expect_code(2);
    assert!(real.stderr.contains("cannot be used with"), "{real}");
    sandbox.write("unnoticed.txt", "identity.groups.update\n");
    let list = ["prove", "id(identity.groups.update)", "--accept", "unnoticed.txt"];
    let list = sandbox.run(list).expect_code(2);
    assert!(list.stderr.contains("unnoticed.txt: line 1 has no operation"), "{list}");
    assert!(sandbox.runs().is_empty());
}
