//! The exit codes of the table in `docs/src/command-line.md`, each from the program.
//!
//! 130 is tested with interrupted runs (`runtime/tests/supervisor/interrupted.rs`); 70 needs a
//! defect.

use super::support::effect::answer;
use super::support::{Sandbox, ServedCloud};

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
