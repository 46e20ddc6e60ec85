//! This target never names `squall_suites`, as a program does that forgot to: the
//! linker leaves the crate out, with all its tests and without a word.

squall::manifest!();

#[test]
fn tests_that_the_linker_lost_are_an_error_that_says_what_to_add() {
    let registered = squall::registry::discover().tests;
    assert!(registered.is_empty());
    let missing = squall::registry::check(&[SQUALL_MANIFEST], &registered);
    assert_eq!(missing.len(), 1);
    assert!(missing[0].expected >= 80, "{}", missing[0]);
    assert!(missing[0].help().contains("use squall_suites as _;"), "{}", missing[0].help());
}
