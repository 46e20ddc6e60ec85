//! Which verdict each misbehaviour comes to.

use squall::journal::{Event, Verdict};

use crate::program::Program;

#[test]
fn each_misbehaviour_ends_in_one_verdict_and_the_others_go_on() {
    let mut program = Program::run(&["!tag(long) & !tag(shared)", "-j", "4"]);
    let code = program.end();
    program.assert_accounted_for();
    program.assert_nothing_left_behind();
    assert_eq!(code, 1);

    for (test, word) in [
        ("passes", "passed"),
        ("prints", "passed"),
        ("fails", "failed"),
        ("errs", "failed"),
        ("wavers", "failed"),
        ("known", "known bug"),
        ("mended", "failed"),
        ("panics", "failed"),
        ("skips", "skipped"),
        ("needs", "skipped"),
        ("loops", "timed out"),
        ("blocks", "timed out"),
        ("waits", "timed out"),
        ("aborts", "crashed"),
        ("makes_and_aborts", "crashed"),
        ("exits", "crashed"),
        ("overflows", "crashed"),
    ] {
        let verdict = program.verdict(&format!("misbehaving.{test}"));
        assert_eq!(verdict.word(), word, "{test}: {verdict:?}");
    }
}

#[test]
fn a_case_that_the_worker_does_not_know_fails_and_says_why() {
    let mut program = Program::run(&["shifts"]);
    assert_eq!(program.end(), 1);
    program.assert_accounted_for();
    assert_eq!(program.verdict("misbehaving.shifts.same").word(), "passed");
    let unknown = program.events.iter().find_map(|event| match event {
        Event::TestFinished(result) if result.test.contains("process-") => Some(&result.verdict),
        _ => None,
    });
    let Some(Verdict::Failed { failure }) = unknown else { panic!("{unknown:?}") };
    assert!(failure.message().contains("return the same cases each time"), "{failure:?}");
}

#[test]
fn a_test_that_passes_when_it_is_tried_again_is_flaky_and_not_passed() {
    let mut program = Program::run(&["wavers", "fails", "known", "--retries", "1"]);
    assert_eq!(program.end(), 1);
    program.assert_accounted_for();
    let tried_again = |test: &str| {
        let again = |event: &&Event| matches!(event, Event::AttemptFailed(r) if r.test == test);
        program.events.iter().filter(again).count()
    };
    assert_eq!(tried_again("misbehaving.wavers"), 1);
    assert_eq!(tried_again("misbehaving.fails"), 1);
    // What is known to fail is not tried again.
    assert_eq!(tried_again("misbehaving.known"), 0);
    match program.verdict("misbehaving.wavers") {
        Verdict::Flaky { failed: 1, failure } => {
            assert_eq!(failure.message(), "not the first time");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(program.verdict("misbehaving.fails").word(), "failed");
}

#[test]
fn a_known_bug_does_not_fail_a_run_and_one_that_is_gone_does() {
    let mut program = Program::run(&["known"]);
    assert_eq!(program.end(), 0);
    let mut program = Program::run(&["mended"]);
    assert_eq!(program.end(), 1);
    let Verdict::Failed { failure } = program.verdict("misbehaving.mended") else {
        panic!("it did not fail");
    };
    assert!(failure.message().contains("launchpad 2"), "{}", failure.message());
}

#[test]
fn a_test_that_lets_go_of_its_thread_is_told_from_one_that_does_not() {
    let mut program = Program::run(&["loops", "blocks & !tag(long)", "waits & !tag(long)"]);
    program.end();
    let blocked = |test: &str| match program.verdict(&format!("misbehaving.{test}")) {
        Verdict::TimedOut { blocked, after_ms: 1000 } => *blocked,
        other => panic!("{test}: {other:?}"),
    };
    assert!(blocked("loops") && blocked("blocks") && !blocked("waits"));
}

#[test]
fn a_failure_has_its_place_and_its_words() {
    let mut program = Program::run(&["fails", "errs", "panics"]);
    program.end();
    for (test, message) in [
        ("fails", "on purpose: `1 + 1` is 2, expected 3"),
        ("errs", "invalid digit found in string"),
        ("panics", "panicked: something"),
    ] {
        let Verdict::Failed { failure } = program.verdict(&format!("misbehaving.{test}")) else {
            panic!("{test} did not fail");
        };
        assert_eq!(failure.message(), message);
        let place = failure.location().unwrap();
        assert!(place.file.ends_with("misbehaving/endings.rs"), "{place}");
    }
}

#[test]
fn a_crash_says_what_the_process_died_of() {
    let mut program = Program::run(&["aborts & !makes", "exits", "overflows", "passes", "-j", "1"]);
    program.end();
    for (test, how) in
        [("aborts", "SIGABRT"), ("exits", "exit code 0"), ("overflows", "a stack overflow")]
    {
        match program.verdict(&format!("misbehaving.{test}")) {
            Verdict::Crashed { how: said, .. } => assert!(said.contains(how), "{test}: {said}"),
            other => panic!("{test}: {other:?}"),
        }
    }
    assert_eq!(program.verdict("misbehaving.passes"), &Verdict::Passed);
}

#[test]
fn what_tests_print_is_kept_apart_from_what_workers_say() {
    let mut program = Program::run(&["prints"]);
    assert_eq!(program.end(), 0);
    let printed = Event::Output { text: "something printed".to_owned() };
    assert!(program.events.contains(&printed));
    program.assert_accounted_for();
}

#[test]
fn a_run_in_which_nothing_applied_says_so_with_its_code() {
    let mut program = Program::run(&["skips", "needs"]);
    assert_eq!(program.end(), 3);
    program.assert_accounted_for();
}

/// A file that accepts what `misbehaving.fails` does until a date, and what `misbehaving.passes`
/// no longer does.
fn accepting(until: &str) -> Program {
    let dir = tempfile::tempdir().unwrap();
    let entry = |test: &str| {
        format!(
            "- id: {test}\n  tests: [misbehaving.{test}]\n  answer: accepted\n  says: on purpose\n  \
             package: squall-cloud\n  version: 0.1.0\n  symbol: world.compute\n  \
             cause: It is too kind.\n  expires: {until}\n"
        )
    };
    std::fs::write(dir.path().join("known.yaml"), entry("fails") + &entry("passes")).unwrap();
    let settings = "[cloud.embedded]\naccepted-findings = \"known.yaml\"\n";
    std::fs::write(dir.path().join("squall.toml"), settings).unwrap();
    let mut program =
        Program::run_in(dir, &["id(misbehaving.fails) | id(misbehaving.passes)", "--retries", "1"]);
    program.end();
    program.assert_accounted_for();
    program
}

#[test]
fn a_failure_that_a_file_accepts_is_a_known_bug_and_is_not_tried_again() {
    let mut program = accepting("9000-01-01");
    assert_eq!(program.child.wait().unwrap().code(), Some(0));
    let Verdict::KnownBug { bug, .. } = program.verdict("misbehaving.fails") else {
        panic!("{:?}", program.verdict("misbehaving.fails"));
    };
    assert_eq!(bug, "known/fails: It is too kind. (world.compute, squall-cloud 0.1.0)");
    assert!(!program.events.iter().any(|event| matches!(event, Event::AttemptFailed(_))));

    let (code, text) = program.findings();
    assert!(text.contains("accepted as known/fails: It is too kind."), "{text}");
    assert!(text.contains("known/passes is unmet: its test did not fail so"), "{text}");
    assert!(text.contains("1 cause, 1 of them accepted"), "{text}");
    assert_eq!(code, Some(1));
}

#[test]
fn what_was_accepted_until_a_date_fails_after_it_and_says_so() {
    let program = accepting("2020-01-01");
    let Verdict::Failed { failure } = program.verdict("misbehaving.fails") else {
        panic!("{:?}", program.verdict("misbehaving.fails"));
    };
    assert_eq!(
        failure.causes().last().map(String::as_str),
        Some("it was accepted as known/fails: only until 2020-01-01")
    );
    let (code, text) = program.findings();
    assert!(text.contains("known/fails is not accepted any more: only until 2020-01-01"), "{text}");
    assert_eq!(code, Some(1));
}
