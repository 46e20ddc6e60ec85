//! The whole way, on token streams: no compiler is needed to see a mistake.

use quote::quote;

use super::*;

fn mistakes(attribute: TokenStream, item: TokenStream) -> Vec<String> {
    service_client(attribute, item).1.messages()
}

#[expect(clippy::needless_pass_by_value, reason = "what `quote!` gives is handed on")]
/// Gives the mistakes in one method of a trait that is right otherwise.
fn in_method(method: TokenStream) -> Vec<String> {
    mistakes(
        quote!(service_type = "key-manager", microversions("1.0"..="1.9")),
        quote!(
            trait KeyManager {
                #method
            }
        ),
    )
}

/// Holds messages against parts of them, in order.
fn assert_told(found: &[String], parts: &[&str]) {
    assert_eq!(found.len(), parts.len(), "{found:#?}");
    for (message, part) in found.iter().zip(parts) {
        assert!(message.contains(part), "`{part}` in {found:#?}");
    }
}

#[test]
fn a_client_without_mistakes_expands() {
    let (output, errors) = service_client(
        quote!(
            service_type = "key-manager",
            version_path = "/v1",
            microversions("1.0"..="1.1"),
            name = "keys"
        ),
        quote! {
            /// Keeps secrets.
            pub trait KeyManager {
                /// Shows a secret.
                #[get("/secrets/{secret_id}", since = "1.1", errors(404), envelope = "secret")]
                fn show(&self, secret_id: &str, #[query("sort-key")] by: Option<&str>) -> Secret;
                #[post("/secrets", success(201, 202), id = "secrets.store")]
                fn create(&self, #[body] secret: &SecretCreate) -> SecretRef;
                #[delete("/secrets/{r}")]
                fn delete(&self, r: impl Display);
            }
        },
    );
    assert!(errors.messages().is_empty(), "{:#?}", errors.messages());
    let text = output.to_string().replace(' ', "");
    syn::parse2::<syn::File>(output).unwrap();
    for part in [
        "pubstructKeyManager(::squall::client::ServiceClient);",
        "pubfnshow(&self,secret_id:&str,by:Option<&str>)->::squall::client::Call<Secret>",
        ".path(\"secret_id\",secret_id).query_some(\"sort-key\",by).envelope(\"secret\")",
        ".serde_body(::core::option::Option::None,&secret)",
        "id:\"keys.secrets.store\"",
        "success:&[201,202]",
        "success:&[204]",
        "`GET/secrets/{secret_id}`,operation`keys.secrets.show`.",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn every_mistake_is_told_at_once() {
    let found = mistakes(
        quote!(service = "x", version_path = "v1/", microversions("1.9"..="1.10", 3), name = "a.b"),
        quote!(
            trait KeyManager: Send {
                const A: u8;
                #[get("/a/{b}")]
                fn a(&self) -> A;
                #[get]
                async fn b(&mut self) -> A;
            }
        ),
    );
    let parts = [
        "unknown word `service`, expected one of `service_type`",
        "both ends are named",
        "service_type = ",
        "a version's path starts with `/`",
        "one word of ids",
        "holds methods and nothing else",
        "expected a path",
        "no other above it",
        "`{b}` has no argument: add `b: &str`",
        "leave `async` out",
        "it takes `&self`",
    ];
    for part in parts {
        assert!(found.iter().any(|message| message.contains(part)), "`{part}` in {found:#?}");
    }
}

#[test]
fn whatever_is_wrong_the_client_is_there() {
    let (output, errors) = service_client(
        quote!(),
        quote!(
            /// Keeps secrets.
            pub trait KeyManager {
                /// Shows a secret.
                fn show(&self, #[query] secret_id: &str) -> Secret;
                fn associated() -> Secret;
            }
        ),
    );
    assert!(!errors.is_empty());
    assert!(!errors.messages().is_empty());
    let text = output.to_string().replace(' ', "");
    syn::parse2::<syn::File>(output).unwrap();
    assert!(text.contains("pubstructKeyManager"), "{text}");
    assert!(text.contains("pubfnshow(&self,secret_id:&str)->::squall::client::Call<Secret>"));
    assert!(!text.contains("associated"));
}

#[test]
fn what_is_no_trait_is_given_back() {
    let item = quote!(
        struct KeyManager;
    );
    let (output, errors) = service_client(quote!(service_type = "a"), item.clone());
    assert_eq!(output.to_string(), item.to_string());
    assert_told(&errors.messages(), &["stands on a trait"]);
}

#[test]
fn a_request_is_one_and_has_a_path() {
    assert_told(
        &in_method(quote!(
            fn a(&self);
        )),
        &["`a` sends no request"],
    );
    assert_told(
        &in_method(quote!(
            #[get()]
            fn a(&self);
        )),
        &["expected a path"],
    );
    assert_told(
        &in_method(quote!(
            #[get = "/"]
            fn a(&self);
        )),
        &["expected a path"],
    );
    assert_told(
        &in_method(quote!(
            #[get(a)]
            fn a(&self);
        )),
        &["expected a path"],
    );
    assert_told(
        &in_method(quote!(
            #[get("/a")]
            #[put("/a")]
            fn a(&self);
        )),
        &["sends one request"],
    );
    assert_told(
        &in_method(quote!(
            #[get("/a?b=c")]
            fn a(&self);
        )),
        &["a path has no query"],
    );
    assert_told(
        &in_method(quote!(
            #[get("/a/{b}/{b}")]
            fn a(&self, b: &str);
        )),
        &["stands in the path twice"],
    );
}

#[test]
fn versions_lie_inside_the_services() {
    assert_told(
        &in_method(quote!(
            #[get("/a", since = 1.1, until = "1.10")]
            fn a(&self);
        )),
        &["a microversion is no number", "the service has microversions 1.0 to 1.9"],
    );
    assert_told(
        &in_method(quote!(
            #[get("/a", since = "1.5", until = "1.4")]
            fn a(&self);
        )),
        &["`until` comes before `since`, which is `1.5`"],
    );
    let without = mistakes(
        quote!(service_type = "a"),
        quote!(
            trait A {
                #[get("/a", since = "1.1")]
                fn a(&self);
            }
        ),
    );
    assert_told(&without, &["the service has no microversions"]);
    let reversed = mistakes(
        quote!(service_type = "a", microversions("1.10"..="1.9")),
        quote!(
            trait A {}
        ),
    );
    assert_told(&reversed, &["comes before the first, `1.10`"]);
}

#[test]
fn statuses_are_what_they_say() {
    assert_told(
        &in_method(quote!(
            #[get("/a", success(200, 404, 200), errors(200, 404))]
            fn a(&self);
        )),
        &["a status of success", "`200` is said twice", "a status of failure"],
    );
}

#[test]
fn every_argument_goes_to_one_place() {
    assert_told(
        &in_method(quote!(
            #[get("/a/{b}")]
            fn a(&self, b: &str, c: u8, #[query] d: impl Display, #[query("d")] e: u8);
        )),
        &["`c` goes nowhere", "name the type", "`d` stands in the query twice"],
    );
    assert_told(
        &in_method(quote!(
            #[post("/a")]
            fn a(
                &self,
                #[body] b: B,
                #[body] c: C,
                #[path] d: D,
                #[body]
                #[query]
                (e, f): E,
            );
        )),
        &[
            "stands nothing but `#[query]`, `#[body]`",
            "an argument goes to one place",
            "a plain name",
            "a request has one body",
            "`d` goes nowhere",
        ],
    );
    assert_told(
        &in_method(quote!(
            #[get("/a")]
            fn a(&self, #[body] b: B);
        )),
        &["`GET` has no body"],
    );
}

#[test]
fn the_result_is_what_the_body_holds() {
    assert_told(
        &in_method(quote!(
            #[get("/a")]
            fn a(&self) -> Result<A, E>;
        )),
        &["the `Result` comes by itself"],
    );
    assert_told(
        &in_method(quote!(
            #[get("/a")]
            fn a(&self) -> &str;
        )),
        &["owns its values"],
    );
    assert_told(
        &in_method(quote!(
            #[head("/a")]
            fn a(&self) -> A;
        )),
        &["`HEAD` has no body"],
    );
    assert_told(
        &in_method(quote!(
            #[delete("/a", envelope = "a")]
            fn a(&self);
        )),
        &["no body that could stand in an envelope"],
    );
}

#[test]
fn ids_and_names_are_told_apart() {
    assert_told(
        &in_method(quote!(
            #[put("/a/{b}")]
            fn replace(&self, b: &str);
            #[patch("/a/{b}")]
            fn change(&self, b: &str);
            #[get("/a", id = "key_manager.a.list")]
            fn of(&self);
        )),
        &[
            "`a.update` is the id of `replace` already",
            "an id is a resource and a verb",
            "every client has a method `of`",
        ],
    );
}

#[test]
fn a_method_is_described_and_not_written() {
    assert_told(
        &in_method(quote!(
            #[cfg(unix)]
            #[get("/a")]
            unsafe fn a<T>(&self) {}
        )),
        &["end it with `;`", "not `unsafe`", "cannot be generic", "no conditions"],
    );
}
