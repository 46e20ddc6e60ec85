//! `squall run --observe`: what it keeps of a cloud.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use squall::journal::Event;
use squall::observed::{KeptAnswer, KeptBody, read};

use crate::support::{Sandbox, ServedCloud};

const TESTS: &str = "id(compute.flavors.show) | id(network.networks.show)";

fn kept(dir: &Path) -> BTreeMap<String, KeptAnswer> {
    let (answers, errors) = read(dir).unwrap();
    assert!(errors.is_empty(), "{errors:?}");
    let name = |file: &Path| file.strip_prefix(dir).unwrap().display().to_string();
    answers.into_iter().map(|(file, answer)| (name(&file), answer)).collect()
}

#[test]
fn two_runs_keep_the_same_answers_and_nothing_of_their_cloud() {
    let sandbox = Sandbox::new();
    let dir = sandbox.path().join("observed");
    let other = sandbox.path().join("other");
    sandbox.run(["run", "--seed", "1", "--observe", "observed", TESTS]).expect_code(0);
    let first = kept(&dir);
    assert!(!first.is_empty());
    for (name, answer) in &first {
        assert!(name.starts_with("embedded/") && answer.embedded, "{name}");
        assert_eq!(answer.package, None, "{name}");
        let text = fs::read_to_string(dir.join(name)).unwrap();
        for own in ["squall-", "127.0.0.1", "hunter"] {
            assert!(!text.contains(own), "{own} in {text}");
        }
    }
    let shown = first.iter().find(|(name, _)| name.contains("/flavors.show/")).unwrap().1;
    let Some(KeptBody::Json(body)) = &shown.body else { panic!("{shown:?}") };
    assert_eq!(body["flavor"]["name"], "text");
    // Another seed is another cloud, with other ids; one process at a time is another order.
    let again = ["run", "--seed", "2", "--jobs", "1", "--observe", "other", TESTS];
    sandbox.run(again).expect_code(0);
    let matching = |all: BTreeMap<String, KeptAnswer>| -> Vec<String> {
        all.into_keys().filter(|name| name.contains("/flavors.show/")).collect()
    };
    assert_eq!(matching(kept(&other)), matching(first));
}

#[test]
fn a_served_embedded_cloud_confirms_nothing() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "real");
    let run = ["run", "--cloud", "real", "--observe", "observed", "id(compute.flavors.show)"];
    sandbox.run(run).expect_code(0);
    let answers = kept(&sandbox.path().join("observed"));
    assert!(answers.values().all(|answer| answer.embedded) && !answers.is_empty());
}

#[test]
fn a_directory_that_cannot_be_written_is_reported_before_a_run_starts() {
    let sandbox = Sandbox::new();
    sandbox.write("observed", "a file");
    let output = sandbox.run(["run", "--observe", "observed", TESTS]).expect_code(2);
    assert!(output.stderr.contains("cannot keep answers in observed"), "{output}");
    assert!(sandbox.runs().is_empty());
}

#[test]
fn answers_that_cannot_be_kept_fail_the_run_and_no_test() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "c");
    // A file is where the folder of the operation's answers would be.
    sandbox.write("observed/embedded/compute/flavors.show", "a file");
    let run = ["run", "--cloud", "c", "--observe", "observed", "id(compute.flavors.show)"];
    let output = sandbox.run(run).expect_code(1);
    assert!(output.stderr.contains("some answers were not kept: "), "{output}");
    let events = sandbox.events();
    let place = |is_it: &dyn Fn(&Event) -> bool| events.iter().position(is_it).unwrap();
    let reported = place(&|event| matches!(event, Event::AnswerNotKept { .. }));
    let finished = place(&|event| match event {
        Event::TestFinished(result) => !result.verdict.is_bad(),
        _ => false,
    });
    assert!(reported < finished, "a worker that is killed later has reported it");
}
