//! The compiler's output for wrong uses of the macros. Each file in `refused/` is beside its
//! expected output; `TRYBUILD=overwrite cargo test -p squall-macros --test refused` updates
//! it.

#[test]
fn every_error_is_on_its_token() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/refused/*.rs");
    cases.compile_fail("tests/refused/service_client/*.rs");
}
