//! The exit codes of the table in `docs/src/command-line.md`, each from the program.
//!
//! 130 is tested with interrupted runs (`runtime/tests/supervisor/interrupted.rs`).

use std::time::Duration;

use super::support::effect::answer;
use super::support::{Effect, Rule, Sandbox, ServedCloud};

const ONE: &str = "id(compute.flavors.show)";

#[test]
fn each_exit_code_means_what_the_table_says() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "c");
    sandbox.run(["run", "--cloud", "c", ONE]).expect_code(0);
    sandbox.run(["preflight", "--cloud", "c"]).expect_code(0);
    sandbox.run(["drift", "--fail-under", "99"]).expect_code(4);
    sandbox.run(["run", "--cloud", "elsewhere", ONE]).expect_code(2);
    sandbox.run(["run", "--cloud", "c", "nothing-like-it"]).expect_code(2);
    let rerun = sandbox.run(["run", "--cloud", "c", "--rerun-failed"]).expect_code(2);
    assert!(rerun.stderr.contains("none of the 1 tests of run"), "{rerun}");
    sandbox.run(["report", "compare", "last", "last", "--fail-on-regression"]).expect_code(0);

    cloud.on("GET /compute/v2.1/flavors", answer(500, "broken"));
    sandbox.run(["run", "--cloud", "c", ONE]).expect_code(1);
    let preflight = sandbox.run(["preflight", "--cloud", "c"]).expect_code(1);
    assert!(preflight.stdout.contains("compute does not answer as it should"), "{preflight}");
    sandbox.run(["report", "compare", "--last", "2", "--fail-on-regression"]).expect_code(1);
    cloud.calm();

    cloud.stop();
    sandbox.run(["run", "--cloud", "c", ONE]).expect_code(3);
    sandbox.run(["preflight", "--cloud", "c"]).expect_code(3);
}

#[test]
fn what_no_user_can_cause_is_an_internal_error() {
    // A worker is started by its supervisor, which tells it what to do.
    let output = Sandbox::new().run(["worker"]).expect_code(70);
    assert!(output.stderr.contains("cannot read its assignment"), "{output}");
}

#[test]
fn a_cloud_that_is_lost_after_tests_ran_leaves_an_incomplete_run() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "c");
    // The run cannot end before the cloud does.
    let stuck = Effect::Drip(1, Duration::from_secs(3600));
    cloud.add(Rule::on("* /", stuck).after(500));
    let run = sandbox.start(["run", "--cloud", "c", "--format", "json", "-j", "2"]);
    run.line("\"passed\"");
    cloud.stop();
    let output = run.wait();
    assert_eq!(output.code, Some(1), "{output}");
}
