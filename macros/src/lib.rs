//! The attributes and macros of Squall; use them through the `squall` crate.
//!
//! Each is parsed, checked and expanded by plain functions on token streams
//! that give back output *and* errors, so that they are tested without a
//! compiler; this file only hands over.

mod errors;
mod manifest;
mod suite;
mod summary;
mod test;
mod words;

use proc_macro::TokenStream;

/// Registers an async function as a test.
///
/// ```ignore
/// /// A server boots.
/// #[squall::test(
///     id = "compute.servers.boot",
///     needs(compute >= "2.37", image),
///     identities(member, other = member),
///     tags(slow),
///     timeout = 120
/// )]
/// async fn boot(ctx: &squall::Context) -> squall::Result {
///     Ok(())
/// }
/// ```
///
/// - `id` is required, unique over all crates, and stays when the function is
///   renamed or moved.
/// - `needs` names the services the test calls and the microversions it calls
///   them at; a cloud that does not offer them skips the test. A service that
///   has no client of ours is named by its type: `"key-manager" >= "1.1"`.
/// - `identities` are the personas it acts as; the first is the default, and
///   `other = member` gives a name to a further one.
/// - `tags` and `kind` (`api`, `scenario`, `policy`, `upgrade`, `destructive`)
///   are what filters select by.
/// - `timeout` is the deadline in seconds.
///
/// What a test does not say it takes from the suites of its modules.
#[proc_macro_attribute]
pub fn test(attribute: TokenStream, item: TokenStream) -> TokenStream {
    joined(test::test(attribute.into(), item.into()))
}

/// Says what the tests of a module, and of the modules below, have in common.
///
/// ```ignore
/// /// Servers over their whole life.
/// #[squall::suite(id = "compute.servers", kind = "api", needs(compute))]
/// pub struct Servers;
/// ```
///
/// The words are those of a test. Needs and tags are added to a test's own; of
/// everything else the nearest suite's word holds where the test has none.
#[proc_macro_attribute]
pub fn suite(attribute: TokenStream, item: TokenStream) -> TokenStream {
    joined(suite::suite(attribute.into(), item.into()))
}

/// Counts the tests in this package, for the programs that run them.
///
/// It stands once, at the root of a crate that holds tests, and makes the crate
/// one that `squall::main!` can name.
#[proc_macro]
pub fn manifest(input: TokenStream) -> TokenStream {
    manifest::manifest(input.into()).into()
}

/// Writes the `main` of a program that runs the tests of this package and of
/// the crates it names.
///
/// ```ignore
/// squall::main!(acme_tests);
/// ```
///
/// The crates must have `squall::manifest!()` at their root. When the program
/// starts, the tests that were registered are held against those that stand in
/// the source: what the linker lost is an error and not a shorter run.
#[proc_macro]
pub fn main(input: TokenStream) -> TokenStream {
    manifest::program(input.into(), manifest::Program::CommandLine).into()
}

/// Writes the `main` of a test target (`harness = false`) that runs the tests on
/// an embedded cloud inside its own process and takes the options of libtest.
///
/// It names crates as [`main!`](macro@main) does.
#[proc_macro]
pub fn harness(input: TokenStream) -> TokenStream {
    manifest::program(input.into(), manifest::Program::Harness).into()
}

fn joined((output, errors): (proc_macro2::TokenStream, errors::Errors)) -> TokenStream {
    let mut output = output;
    output.extend(errors.into_tokens());
    output.into()
}
