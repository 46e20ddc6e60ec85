//! What the compiler says of macros that are used wrongly. Each file in
//! `refused/` stands beside the words that it is refused with; `TRYBUILD=overwrite
//! cargo test -p squall-macros --test refused` writes them anew.

#[test]
fn every_mistake_is_told_on_its_token() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/refused/*.rs");
    cases.compile_fail("tests/refused/service_client/*.rs");
}
