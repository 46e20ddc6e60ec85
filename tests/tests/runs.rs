//! What a run leaves for later ones: how to repeat it, which tests it selected, and how long
//! it is kept.

use squall::journal::Event;

use crate::support::{Output, Sandbox, ServedCloud, Started, effect};

const TEST: &str = "id(compute.flavors.show)";

/// Runs one test, and keeps so many runs.
fn run_keeping(sandbox: &Sandbox, keep: &str) -> Output {
    let mut command = sandbox.command(["run", "--cloud", "c", TEST]);
    Started::spawn(command.env("SQUALL_KEEP_RUNS", keep)).wait().expect_code(0)
}

#[test]
fn old_runs_are_removed_before_a_new_one_unless_all_are_kept() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "c");
    run_keeping(&sandbox, "2");
    run_keeping(&sandbox, "2");
    let [oldest, newer] = &sandbox.runs()[..] else { panic!("{:?}", sandbox.runs()) };
    let third = run_keeping(&sandbox, "2");
    let id = oldest.file_name().unwrap().to_str().unwrap();
    let removed = format!("removed old runs, keeping the newest 2: {id}");
    assert!(third.stderr.contains(&removed), "{third}");
    assert!(!oldest.exists() && newer.exists() && sandbox.runs().len() == 2);
    let fourth = run_keeping(&sandbox, "all");
    assert!(!fourth.stderr.contains("removed"), "{fourth}");
    assert_eq!(sandbox.runs().len(), 3);
}

#[test]
fn a_run_says_how_to_run_the_same_again() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "c");
    sandbox.write("s.toml", "[cloud.c]\n");
    let asked = [
        "--cloud",
        "c",
        "--settings",
        "s.toml",
        "--jobs",
        "3",
        "--timeout-scale",
        "2",
        "--retries",
        "1",
        "--at-most",
        "server=2",
        "--shard",
        "1/1",
        TEST,
    ];
    sandbox.run(["run"].iter().chain(&asked)).expect_code(0);
    let again = sandbox.events().into_iter().find_map(|event| match event {
        Event::RunStarted(header) => Some(header.again),
        _ => None,
    });
    let settings = sandbox.path().join("s.toml").display().to_string();
    let expected = asked.map(|word| if word == "s.toml" { settings.as_str() } else { word });
    assert_eq!(again.unwrap(), expected);
}

#[test]
fn a_run_of_some_tests_is_told_from_one_of_all() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "c");
    let two = ["run", "--cloud", "c", TEST, "id(compute.flavors.update)"];
    cloud.on("POST /compute/v2.1/flavors", effect::answer(500, "broken"));
    sandbox.run(two);
    let failed = sandbox.events().into_iter().filter(|event| match event {
        Event::TestFinished(result) => result.verdict.is_bad(),
        _ => false,
    });
    let failed = failed.count();
    assert!(failed > 0);
    let drift = sandbox.run(["drift"]).expect_code(0);
    assert!(drift.stdout.contains("selected only 2 of "), "{drift}");
    let other = ["run", "--cloud", "c", "--rerun-failed", "id(image.images.show)"];
    let none = sandbox.run(other).expect_code(2);
    let counted = format!("none of the {failed} tests that failed in run");
    assert!(
        none.stderr.split_whitespace().collect::<Vec<_>>().join(" ").contains(&counted),
        "{none}"
    );
    sandbox.run(["run", "--cloud", "c", "--rerun-failed", "--list"]).expect_code(0);
}

#[test]
fn an_empty_variable_of_the_environment_counts_as_unset() {
    // CI systems set a variable to nothing where a user left it out.
    let sandbox = Sandbox::new();
    let run = |cloud: &str| {
        let mut command = sandbox.command(["run", TEST]);
        Started::spawn(command.env("SQUALL_CLOUD", cloud)).wait()
    };
    let embedded = run("").expect_code(0);
    assert!(embedded.stderr.contains("1 test on embedded"), "{embedded}");
    run("nowhere").expect_code(2);
}
