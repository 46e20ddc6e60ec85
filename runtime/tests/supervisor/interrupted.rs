//! Runs that somebody ends.

use rustix::process::Signal;
use squall::journal::{Event, Verdict};

use crate::program::Program;

fn started(test: &'static str) -> impl Fn(&Event) -> bool {
    move |event| matches!(event, Event::TestStarted { test: started, .. } if started == test)
}

#[test]
fn the_first_interrupt_lets_what_runs_come_to_an_end() {
    let mut program = Program::run(&["waits_long", "passes", "-j", "1"]);
    program.until(started("misbehaving.waits_long"));
    program.signal(Signal::INT);
    assert_eq!(program.end(), 130);
    program.assert_accounted_for();
    program.assert_nothing_left_behind();
    match program.verdict("misbehaving.waits_long") {
        Verdict::NotRun { reason } => assert!(reason.contains("while running"), "{reason}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_second_interrupt_ends_a_run_at_once() {
    let mut program = Program::run(&["blocks_long"]);
    program.until(started("misbehaving.blocks_long"));
    program.signal(Signal::INT);
    program.until(|event| matches!(event, Event::Interrupted { times: 1 }));
    program.signal(Signal::TERM);
    assert_eq!(program.end(), 130);
    program.assert_accounted_for();
    program.assert_nothing_left_behind();
}

#[test]
fn workers_do_not_outlive_a_supervisor_that_is_killed() {
    let mut program = Program::run(&["waits_long"]);
    program.until(started("misbehaving.waits_long"));
    program.signal(Signal::KILL);
    program.end();
    program.assert_nothing_left_behind();
}

#[test]
fn a_run_that_was_killed_goes_on_with_what_has_no_verdict() {
    let mut program = Program::run(&["passes", "waits_long", "-j", "1"]);
    program.until(started("misbehaving.waits_long"));
    program.signal(Signal::KILL);
    program.end();
    let killed = program.run_dir();

    program.go_on();
    program.until(|event| matches!(event, Event::RunResumed { done } if done.passed == 1));
    program.until(started("misbehaving.waits_long"));
    program.signal(Signal::INT);
    assert_eq!(program.end(), 130);
    assert_eq!(program.run_dir(), killed);
    program.assert_accounted_for();
    program.assert_nothing_left_behind();
    assert_eq!(program.verdict("misbehaving.passes"), &Verdict::Passed);

    // Interrupted, it can go on once more: what did not run has no verdict that counts.
    program.go_on();
    // It is told twice of before, and then starts.
    for _ in 0..3 {
        program.until(started("misbehaving.waits_long"));
    }
    program.signal(Signal::INT);
    program.end();
    program.assert_accounted_for();
}
