//! The fixtures of suites: set up once, undone after their last test, and one cause
//! where they do not come to be.

use squall::journal::{Event, Verdict};

use crate::program::Program;

/// Counts the events that say this of a suite.
fn count(program: &Program, says: impl Fn(&Event) -> bool) -> usize {
    program.events.iter().filter(|event| says(event)).count()
}

fn place(program: &Program, says: impl Fn(&Event) -> bool) -> usize {
    program.events.iter().position(says).unwrap()
}

fn started(event: &Event, of: &str) -> bool {
    matches!(event, Event::FixtureStarted { suite, .. } if suite == of)
}

fn undone(event: &Event, of: &str) -> bool {
    matches!(event, Event::Cleanup { test: Some(suite), outcome } if suite == of && outcome.is_clean())
}

#[test]
fn a_fixture_is_set_up_once_and_undone_after_its_last_test() {
    let mut program = Program::run(&["fixtures.holds", "-j", "3"]);
    let code = program.end();
    program.assert_accounted_for();
    assert_eq!(code, 1, "the test that asks for what nobody sets up fails");
    for test in ["one", "two", "stranger", "inner.both"] {
        let verdict = program.verdict(&format!("fixtures.holds.{test}"));
        assert_eq!(verdict.word(), "passed", "{test}: {verdict:?}");
    }
    let Verdict::Failed { failure } = program.verdict("fixtures.holds.wrong-type") else {
        panic!("{:?}", program.verdict("fixtures.holds.wrong-type"));
    };
    for part in ["`alloc::string::String`", "fixtures::Shared` by suite fixtures.holds"] {
        assert!(failure.message().contains(part), "{failure}");
    }
    for suite in ["fixtures.holds", "fixtures.holds.inner"] {
        assert_eq!(count(&program, |event| started(event, suite)), 1, "{suite}");
        assert_eq!(count(&program, |event| undone(event, suite)), 1, "{suite}");
    }
    let last =
        program.events.iter().rposition(|event| matches!(event, Event::TestFinished(_))).unwrap();
    assert!(place(&program, |event| undone(event, "fixtures.holds")) > last);
    assert!(
        place(&program, |event| undone(event, "fixtures.holds.inner"))
            < place(&program, |event| undone(event, "fixtures.holds")),
        "the inner goes first"
    );
    let mut networks: Vec<_> = program
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Note { key, value, .. } if key == "network" => value.as_str(),
            _ => None,
        })
        .collect();
    networks.dedup();
    assert_eq!(networks.len(), 1, "they share one network: {networks:?}");
}

#[test]
fn a_fixture_that_fails_is_one_cause_for_all_its_tests_and_leaves_nothing() {
    let mut program = Program::run(&["fixtures.fails", "fixtures.skips", "-j", "2"]);
    assert_eq!(program.end(), 1);
    program.assert_accounted_for();
    for test in ["one", "two"] {
        let Verdict::NotRun { reason } = program.verdict(&format!("fixtures.fails.{test}")) else {
            panic!("{:?}", program.verdict(&format!("fixtures.fails.{test}")));
        };
        let wanted = "the fixture of suite `fixtures.fails` was not set up: \
                      the second half is missing";
        assert_eq!(reason, wanted);
    }
    assert_eq!(count(&program, |event| started(event, "fixtures.fails")), 1);
    assert!(count(&program, |event| undone(event, "fixtures.fails")) == 1, "what it made went");
    match program.verdict("fixtures.skips.one") {
        Verdict::Skipped { reason } => assert_eq!(reason, "no hardware for it"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_fixture_that_takes_its_process_along_does_so_once() {
    lost("fixtures.aborts", &["one", "two", "three"], "SIGABRT");
}

#[test]
fn a_fixture_that_holds_on_to_its_thread_does_so_once() {
    lost("fixtures.blocks", &["one", "two"], "did not end within 1 s");
}

/// Runs a suite whose fixture is deadly, and a test beside it.
fn lost(suite: &str, tests: &[&str], why: &str) {
    let mut program = Program::run(&[suite, "misbehaving.passes"]);
    assert_eq!(program.end(), 1);
    program.assert_accounted_for();
    program.assert_nothing_left_behind();
    for test in tests {
        let verdict = program.verdict(&format!("{suite}.{test}"));
        let Verdict::NotRun { reason } = verdict else { panic!("{verdict:?}") };
        assert!(reason.contains(why), "{reason}");
    }
    assert_eq!(count(&program, |event| started(event, suite)), 1);
    let failed =
        |event: &Event| matches!(event, Event::FixtureFailed { suite: of, .. } if of == suite);
    assert_eq!(count(&program, failed), 1);
    assert_eq!(program.verdict("misbehaving.passes").word(), "passed");
}
