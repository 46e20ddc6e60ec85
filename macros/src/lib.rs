//! The attributes and macros of Squall; use them through the `squall` crate.
//!
//! Each macro is parsed, checked and expanded by plain functions on token streams that
//! return output *and* errors, so that they can be tested without a compiler. This file only
//! calls them.

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
/// - `id` is required and unique over all crates. It stays the same when the function is
///   renamed or moved.
/// - `needs` lists the services that the test calls, with the microversions it uses. The test
///   is skipped on a cloud that does not offer them. A service without a built-in client is
///   given by its type: `"key-manager" >= "1.1"`.
/// - `identities` lists the personas that the test acts as. The first is the default;
///   `other = member` names another one.
/// - `tags` and `kind` (`api`, `contract`, `negative`, `boundary`, `lists`, `checkers`, `methods`, `scenario`,
///   `microversion`, `policy`, `upgrade`, `destructive`)
///   are for filters.
/// - `timeout` is the deadline in seconds.
/// - `known_bug = "launchpad 2112345"` marks a test that fails until a bug is fixed. Its
///   failure is counted separately; if it passes, that counts as a failure until the mark is
///   removed.
/// - `claims` limits what runs at the same time: `exclusive` runs alone, a word
///   (`aggregates`) runs while no other test claims it, and `servers = 3` runs while no more
///   than `squall run --at-most servers=N` are claimed.
/// - `cases = sizes` names a function without arguments that returns `Case`s. The test has a
///   second argument, `case: &T`, and each case is a test of its own with the id of the test, a
///   dot, and its own. The function is called before anything runs, in each process of a run; it
///   must return the same cases each time.
///
/// Whatever a test does not set is inherited from the suites of its modules.
#[proc_macro_attribute]
pub fn test(attribute: TokenStream, item: TokenStream) -> TokenStream {
    joined(test::test(attribute.into(), item.into()))
}

/// Sets what the tests of a module and of its submodules have in common.
///
/// ```ignore
/// /// Servers over their whole life.
/// #[squall::suite(id = "compute.servers", kind = "api", needs(compute))]
/// pub struct Servers;
/// ```
///
/// The arguments are those of [`test`]. Needs, tags and claims are added to those of a test;
/// any other argument applies if neither the test nor a nearer suite sets it.
///
/// `fixture = set_up` names an `async fn(&Context) -> squall::Result<T>`. It is called once,
/// before the first of the tests; all of them share its result as `ctx.fixture::<T>()`, and
/// the resources it created are deleted after the last one.
#[proc_macro_attribute]
pub fn suite(attribute: TokenStream, item: TokenStream) -> TokenStream {
    joined(suite::suite(attribute.into(), item.into()))
}

/// Generates a service's client from a trait.
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
///     #[get("/secrets", envelope = "secrets", paging(next = "next"))]
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
/// The trait is replaced by a struct of the same name. Each method returns a
/// `squall::client::Call` that works like those of the built-in clients: versions are
/// negotiated, responses are validated, and the ledger records what is created. The struct
/// also has
///
/// - `of(&Session)`, which creates the client of an identity, and `new(ServiceClient)`, for a
///   service client with its own version or validation;
/// - `client()`, the wrapped `ServiceClient`;
/// - `spec()`, the `ServiceSpec` with versions and operations, as a `squall::kinds::Kind`
///   needs it.
///
/// # The trait
///
/// - `service_type = "key-manager"` is the service's type in the catalog; required.
/// - `version_path = "/v1"` is the path of the API version below the endpoint, if there is
///   one.
/// - `microversions("1.0"..="1.1")` are the first and last microversion that the client knows,
///   both inclusive, if the service has any.
/// - `name = "key_manager"` is the first part of every operation id. The default is the
///   service type with `_` for `-`.
///
/// The trait must not be generic and may only have methods.
///
/// # A method
///
/// One of `#[get]`, `#[head]`, `#[post]`, `#[put]`, `#[patch]`, `#[delete]` declares the
/// request: the path below the version's, with parameters in braces, followed by any of
///
/// - `since = "1.1"`, `until = "1.4"`: the microversions that have the operation, both
///   inclusive;
/// - `success = 202` or `success(200, 202)`: the statuses of success; any other is a
///   violation. The default is 200, for a `post` 201, and 204 without a response body;
/// - `errors(404, 409)`: the documented statuses of failure;
/// - `envelope = "secret"`: the key of the content in the bodies of request and response;
/// - `paging(marker = "id")`: the list is paged by `limit` and `marker`, and the next marker is
///   this field of the last item; `paging(next = "next")`: the body has a link to the next page
///   there, as a URL or as `{rel: next, href: …}` in a list. Both are a key or a JSON pointer;
///   `marker` can be repeated if items differ. Without it, `all()` reads one page;
/// - `id = "secrets.show"`: resource and verb of the operation id. The default comes from the
///   path: `get` of a collection is `list`, of an item `show`; `post` is `create`, `put` and
///   `patch` are `update`, `delete` is `delete` or `delete_all`, `head` is `check`. The
///   resource of a path below an item is named after both, as in `secret_consumers`.
///
/// The arguments after `&self` are
///
/// - the path parameters, by name, of any type with `Display`;
/// - `#[query] limit: Option<u32>`: a query parameter, which is not sent if it is `None`.
///   `#[query("sort-key")]` sets another name. Any type with `Display` and `JsonSchema`;
/// - `#[body] secret: &SecretCreate`: the JSON body. Any type with `Serialize` and
///   `JsonSchema`.
///
/// The return type is the content of the response body, of any type with `Deserialize` and
/// `JsonSchema`; leave it out if there is no body. The type is also the schema: fields other
/// than `Option`s are required, and unknown fields are allowed. Mark a field that a
/// microversion added:
///
/// ```ignore
/// #[schemars(extend("x-openstack" = squall::serde_json::json!({"min-ver": "1.1"})))]
/// consumers: Option<Vec<Consumer>>,
/// ```
///
/// A crate that only depends on `squall` derives like this:
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
/// Use it once, at the root of a crate with tests, so that `squall::main!` can name the
/// crate.
#[proc_macro]
pub fn manifest(input: TokenStream) -> TokenStream {
    manifest::manifest(input.into()).into()
}

/// Generates the `main` of a program that runs the tests of this package and of the named
/// crates.
///
/// ```ignore
/// squall::main!(acme_tests);
/// ```
///
/// The crates must have `squall::manifest!()` at their root. When the program starts, it
/// compares the registered tests with those in the source: a test that the linker dropped is
/// an error, not a shorter run.
#[proc_macro]
pub fn main(input: TokenStream) -> TokenStream {
    manifest::program(input.into(), manifest::Program::CommandLine).into()
}

/// Generates the `main` of a test target (`harness = false`) that runs the tests on an
/// embedded cloud in its own process and accepts the options of libtest.
///
/// Crates are named as for [`main!`](macro@main).
#[proc_macro]
pub fn harness(input: TokenStream) -> TokenStream {
    manifest::program(input.into(), manifest::Program::Harness).into()
}

fn joined((output, errors): (proc_macro2::TokenStream, errors::Errors)) -> TokenStream {
    let mut output = output;
    output.extend(errors.into_tokens());
    output.into()
}
