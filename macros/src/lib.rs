//! The attributes and macros of Squall; use them through the `squall` crate.
//!
//! Each is parsed, checked and expanded by plain functions on token streams
//! that give back output *and* errors, so that they are tested without a
//! compiler; this file only hands over.

mod emit;
mod errors;
mod manifest;
mod read;
mod service_client;
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
/// - `tags` and `kind` (`api`, `scenario`, `microversion`, `policy`, `upgrade`, `destructive`)
///   are what filters select by.
/// - `timeout` is the deadline in seconds.
/// - `known_bug = "launchpad 2112345"` marks a test that fails until a bug is mended: its
///   failure is counted apart, and it fails when the bug is gone, until the mark is.
/// - `claims` keep tests apart: `exclusive` runs while nothing else does, a word
///   (`aggregates`) while no other test claims it, and `servers = 3` while no more than
///   `squall run --at-most servers=N` are claimed.
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
/// The words are those of a test. Needs, tags and claims are added to a test's own;
/// of everything else the nearest suite's word holds where the test has none.
///
/// `fixture = set_up` names an `async fn(&Context) -> squall::Result<T>` whose result
/// all tests share, as `ctx.fixture::<T>()`. It is called once, before the first of
/// them, and what it made is undone after the last.
#[proc_macro_attribute]
pub fn suite(attribute: TokenStream, item: TokenStream) -> TokenStream {
    joined(suite::suite(attribute.into(), item.into()))
}

/// Makes the client of a service out of a trait.
///
/// ```ignore
/// use squall::{schemars::JsonSchema, serde::{Deserialize, Serialize}};
///
/// /// Keeps secrets.
/// #[squall::service_client(
///     service_type = "key-manager",
///     version_path = "/v1",
///     microversions("1.0"..="1.1")
/// )]
/// pub trait KeyManager {
///     /// Lists secrets.
///     #[get("/secrets", envelope = "secrets")]
///     fn list_secrets(&self, #[query] limit: Option<u32>) -> Vec<Secret>;
///
///     /// Stores a secret.
///     #[post("/secrets", errors(400, 403))]
///     fn create_secret(&self, #[body] secret: &SecretCreate) -> SecretRef;
///
///     /// Shows a secret's consumers.
///     #[get("/secrets/{secret_id}/consumers", since = "1.1", errors(404))]
///     fn list_consumers(&self, secret_id: &str) -> Consumers;
///
///     /// Deletes a secret.
///     #[delete("/secrets/{secret_id}", errors(404))]
///     fn delete_secret(&self, secret_id: &str);
/// }
///
/// # async fn doc(ctx: &squall::Context) -> squall::Result {
/// let keys = KeyManager::of(ctx.actor().session());
/// let secrets = keys.list_secrets(Some(10)).send().await?;
/// # Ok(()) }
/// ```
///
/// In the trait's place stands a struct of its name. Each method gives a
/// `squall::client::Call`, which is sent, or expected to be refused, as a
/// generated client's: versions are negotiated, responses are validated, and
/// the ledger guards what makes things. Beside them it has
///
/// - `of(&Session)`, the client of an identity, and `new(ServiceClient)`, for one
///   with a version or a validation of its own;
/// - `client()`, the `ServiceClient` that does the work;
/// - `spec()`, its `ServiceSpec`: versions and operations, as a
///   `squall::kinds::Kind` takes them.
///
/// # The trait
///
/// - `service_type = "key-manager"` is the type by which catalogs have the
///   service; required.
/// - `version_path = "/v1"` is the path of the API version below its endpoint;
///   left out where there is none.
/// - `microversions("1.0"..="1.1")` are the first and the last one that the
///   client knows, both included; left out where the service has none.
/// - `name = "key_manager"` is the first part of every operation's id; without
///   it the service type is, with `_` for `-`.
///
/// It is not generic and holds methods alone.
///
/// # A method
///
/// One of `#[get]`, `#[head]`, `#[post]`, `#[put]`, `#[patch]`, `#[delete]` says
/// what it sends: the path below the version's, with parameters in braces, and
/// after it, where needed,
///
/// - `since = "1.1"`, `until = "1.4"`: the microversions that have it, both
///   included;
/// - `success = 202` or `success(200, 202)`: the statuses of success; another one
///   is a violation. Without it 200, for a `post` 201, and 204 for what answers
///   without a body;
/// - `errors(404, 409)`: the statuses of failure that it is known for;
/// - `envelope = "secret"`: the key under which the body stands, in the request
///   and in the response;
/// - `id = "secrets.show"`: resource and verb of the operation's id. Without it
///   they come from the path: `get` on a collection is `list`, on an item `show`;
///   `post` is `create`, `put` and `patch` are `update`, `delete` is `delete` or
///   `delete_all`, `head` is `check`; what belongs to an item is named after both,
///   as in `secret_consumers`.
///
/// The arguments after `&self` are
///
/// - the path's parameters, by their names; anything with `Display`;
/// - `#[query] limit: Option<u32>`, a parameter of the query, left out when it is
///   `None`; `#[query("sort-key")]` names it otherwise. Anything with `Display`
///   and `JsonSchema`;
/// - `#[body] secret: &SecretCreate`, the JSON body. Anything with `Serialize` and
///   `JsonSchema`.
///
/// The result is what the response's body holds, anything with `Deserialize` and
/// `JsonSchema`, and is left out where there is no body. The type is the schema:
/// a field that is no `Option` has to be there, and more than the type knows may
/// be. A field that comes with a version says so:
///
/// ```ignore
/// #[schemars(extend("x-openstack" = squall::serde_json::json!({"min-ver": "1.1"})))]
/// consumers: Option<Vec<Consumer>>,
/// ```
///
/// Types of a crate that depends on `squall` alone derive through it:
///
/// ```ignore
/// #[derive(Deserialize, JsonSchema)]
/// #[serde(crate = "squall::serde")]
/// #[schemars(crate = "squall::schemars")]
/// struct Secret { /* … */ }
/// ```
#[proc_macro_attribute]
pub fn service_client(attribute: TokenStream, item: TokenStream) -> TokenStream {
    joined(service_client::service_client(attribute.into(), item.into()))
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
