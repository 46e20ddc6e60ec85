//! Tests on token streams, without a compiler.

use quote::quote;

use super::*;

fn errors_of(attribute: TokenStream, item: TokenStream) -> Vec<String> {
    service_client(attribute, item).1.messages()
}

#[expect(clippy::needless_pass_by_value, reason = "takes the output of `quote!`")]
/// Returns the errors of one method in a trait that has no others.
fn in_method(method: TokenStream) -> Vec<String> {
    errors_of(
        quote!(service_type = "key-manager", microversions("1.0"..="1.9")),
        quote!(
            trait KeyManager {
                #method
            }
        ),
    )
}

/// Checks that each message contains its part, in order.
fn assert_messages(found: &[String], parts: &[&str]) {
    assert_eq!(found.len(), parts.len(), "{found:#?}");
    for (message, part) in found.iter().zip(parts) {
        assert!(message.contains(part), "`{part}` in {found:#?}");
    }
}

#[test]
fn a_client_without_errors_expands() {
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
fn all_errors_are_reported_at_once() {
    let found = errors_of(
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
        "unknown argument `service`, expected one of `service_type`",
        "the first and the last one",
        "service_type = ",
        "must start with `/` and not end",
        "must be in snake case",
        "may only have methods",
        "expected a path",
        "must not have supertraits",
        "`{b}` has no argument: add `b: &str`",
        "remove `async`",
        "the receiver must be `&self`",
    ];
    for part in parts {
        assert!(found.iter().any(|message| message.contains(part)), "`{part}` in {found:#?}");
    }
}

#[test]
fn the_client_exists_despite_errors() {
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
fn an_item_that_is_not_a_trait_is_kept() {
    let item = quote!(
        struct KeyManager;
    );
    let (output, errors) = service_client(quote!(service_type = "a"), item.clone());
    assert_eq!(output.to_string(), item.to_string());
    assert_messages(&errors.messages(), &["must be on a trait"]);
}

#[test]
fn a_method_has_one_request_with_a_path() {
    assert_messages(
        &in_method(quote!(
            fn a(&self);
        )),
        &["`a` has no request"],
    );
    assert_messages(
        &in_method(quote!(
            #[get()]
            fn a(&self);
        )),
        &["expected a path"],
    );
    assert_messages(
        &in_method(quote!(
            #[get = "/"]
            fn a(&self);
        )),
        &["expected a path"],
    );
    assert_messages(
        &in_method(quote!(
            #[get(a)]
            fn a(&self);
        )),
        &["expected a path"],
    );
    assert_messages(
        &in_method(quote!(
            #[get("/a")]
            #[put("/a")]
            fn a(&self);
        )),
        &["can only have one request"],
    );
    assert_messages(
        &in_method(quote!(
            #[get("/a?b=c")]
            fn a(&self);
        )),
        &["must not have a query"],
    );
    assert_messages(
        &in_method(quote!(
            #[get("/a/{b}/{b}")]
            fn a(&self, b: &str);
        )),
        &["is in the path twice"],
    );
}

#[test]
fn versions_are_within_those_of_the_service() {
    assert_messages(
        &in_method(quote!(
            #[get("/a", since = 1.1, until = "1.10")]
            fn a(&self);
        )),
        &["a microversion is a string", "the service has microversions 1.0 to 1.9"],
    );
    assert_messages(
        &in_method(quote!(
            #[get("/a", since = "1.5", until = "1.4")]
            fn a(&self);
        )),
        &["`until` is lower than `since`, which is `1.5`"],
    );
    let without = errors_of(
        quote!(service_type = "a"),
        quote!(
            trait A {
                #[get("/a", since = "1.1")]
                fn a(&self);
            }
        ),
    );
    assert_messages(&without, &["the service has no microversions"]);
    let reversed = errors_of(
        quote!(service_type = "a", microversions("1.10"..="1.9")),
        quote!(
            trait A {}
        ),
    );
    assert_messages(&reversed, &["is lower than the first, `1.10`"]);
}

#[test]
fn statuses_are_in_their_range() {
    assert_messages(
        &in_method(quote!(
            #[get("/a", success(200, 404, 200), errors(200, 404))]
            fn a(&self);
        )),
        &["a status of success", "`200` is listed twice", "a status of failure"],
    );
}

#[test]
fn a_paged_list_names_its_next_page() {
    let (output, errors) = service_client(
        quote!(service_type = "key-manager"),
        quote! {
            trait KeyManager {
                #[get("/a", envelope = "a/b", paging(marker = "id", marker = "/meta/name"))]
                fn a(&self) -> Vec<A>;
                #[get("/b", paging(next = "next"))]
                fn b(&self) -> Vec<B>;
                #[get("/c")]
                fn c(&self) -> Vec<C>;
            }
        },
    );
    assert!(errors.messages().is_empty(), "{:#?}", errors.messages());
    let text = output.to_string().replace(' ', "");
    for part in [
        "Marker{collection:\"/a~1b\".into(),markers:::std::vec![\"/id\".into(),\"/meta/name\".into()].into(),}",
        "Link{collection:\"\".into(),next:\"/next\".into(),}",
        "paging:::core::option::Option::None",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn a_wrong_paging_is_an_error() {
    assert_messages(
        &in_method(quote!(
            #[post("/a", paging(marker = "id"))]
            fn a(&self) -> A;
        )),
        &["only a `get`", "must be a list"],
    );
    assert_messages(
        &in_method(quote!(
            #[get("/a", paging())]
            fn a(&self) -> Vec<A>;
        )),
        &["how the next page is found"],
    );
    assert_messages(
        &in_method(quote!(
            #[get("/a", paging(marker = "", next = "/next/", next = "a", markr = "id"))]
            fn a(&self) -> Vec<A>;
        )),
        &[
            "unknown argument `markr` (did you mean `marker`?)",
            "`next` is given twice",
            "by `marker` or by `next`",
            "a key or a JSON pointer",
        ],
    );
}

#[test]
fn every_argument_has_one_use() {
    assert_messages(
        &in_method(quote!(
            #[get("/a/{b}")]
            fn a(&self, b: &str, c: u8, #[query] d: impl Display, #[query("d")] e: u8);
        )),
        &["`c` is not used", "use a named type", "`d` is in the query twice"],
    );
    assert_messages(
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
            "expected one of `#[query]`, `#[body]`",
            "can only have one of these",
            "a plain name",
            "can only have one body",
            "`d` is not used",
        ],
    );
    assert_messages(
        &in_method(quote!(
            #[get("/a")]
            fn a(&self, #[body] b: B);
        )),
        &["`GET` has no body"],
    );
}

#[test]
fn the_return_type_is_the_content_of_the_body() {
    assert_messages(
        &in_method(quote!(
            #[get("/a")]
            fn a(&self) -> Result<A, E>;
        )),
        &["`Result` is added automatically"],
    );
    assert_messages(
        &in_method(quote!(
            #[get("/a")]
            fn a(&self) -> &str;
        )),
        &["must own its values"],
    );
    assert_messages(
        &in_method(quote!(
            #[head("/a")]
            fn a(&self) -> A;
        )),
        &["`HEAD` has no body"],
    );
    assert_messages(
        &in_method(quote!(
            #[delete("/a", envelope = "a")]
            fn a(&self);
        )),
        &["a body for this envelope"],
    );
}

#[test]
fn ids_and_names_are_unique() {
    assert_messages(
        &in_method(quote!(
            #[put("/a/{b}")]
            fn replace(&self, b: &str);
            #[patch("/a/{b}")]
            fn change(&self, b: &str);
            #[get("/a", id = "key_manager.a.list")]
            fn of(&self);
        )),
        &[
            "`a.update` is already the id of `replace`",
            "an id must be a resource and a verb",
            "every client already has a method `of`",
        ],
    );
}

#[test]
fn a_method_is_a_plain_declaration() {
    assert_messages(
        &in_method(quote!(
            #[cfg(unix)]
            #[get("/a")]
            unsafe fn a<T>(&self) {}
        )),
        &["end it with `;`", "remove `unsafe`", "must not be generic", "must not have conditions"],
    );
}
