//! What a lost worker leaves at the cloud.

use squall::journal::Event;
use squall::ledger;

use crate::program::Program;

#[test]
fn what_a_crashed_test_made_is_undone_by_the_end_of_the_run() {
    let mut program = Program::run(&["makes_and_aborts"]);
    assert_eq!(program.end(), 1);
    program.assert_accounted_for();
    assert_eq!(program.verdict("misbehaving.makes_and_aborts").word(), "crashed");
    let undone: Vec<&str> = program
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Cleanup { test: None, outcome } => Some(outcome),
            _ => None,
        })
        .flat_map(|outcome| outcome.removed.iter().map(|removed| removed.kind.as_str()))
        .collect();
    assert!(undone.contains(&"identity.project"), "{undone:?}");
    let records = ledger::read(&program.run_dir()).unwrap().records;
    assert!(!records.is_empty());
    assert_eq!(ledger::outstanding(&records), []);
}
