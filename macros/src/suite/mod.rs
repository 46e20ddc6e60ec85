//! `#[squall::suite]`: sets what the tests of a module have in common.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Item, ItemStruct, Path};

use crate::errors::Errors;
use crate::words;

/// Expands the attribute. The item is always part of the output.
pub(crate) fn suite(attribute: TokenStream, item: TokenStream) -> (TokenStream, Errors) {
    let mut errors = Errors::default();
    let words = words::parse(attribute, &mut errors);
    words::check(&words, &mut errors);
    if words.id.is_none() {
        errors.at(Span::call_site(), "a suite needs an id: `id = \"service.resource\"`");
    }
    if let Some(bug) = &words.known_bug {
        errors.on(bug, "`known_bug` is only for tests, not for suites");
    }
    if let Some(cases) = &words.cases {
        errors.on(cases, "`cases` is only for tests, not for suites");
    }
    let Some(marker) = marker(&item, &mut errors) else { return (item, errors) };
    if !errors.is_empty() {
        return (item, errors);
    }
    let fields = words::fields(&words, &marker.attrs);
    let fixture = fixture(words.fixture.as_ref());
    let (ident, name) = (&marker.ident, marker.ident.to_string());
    let conditions = marker.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let conditions: Vec<_> = conditions.collect();
    let registration = quote! {
        // Constructed once, so that the compiler does not warn about an unused struct.
        #(#conditions)*
        const _: #ident = #ident {};
        #(#conditions)*
        ::squall::__private::inventory::submit! {
            ::squall::registry::SuiteDescriptor {
                #fields
                name: #name,
                fixture: #fixture,
            }
        }
    };
    (quote!(#item #registration), errors)
}

/// Returns the descriptor of the fixture that a function sets up.
fn fixture(set_up: Option<&Path>) -> TokenStream {
    let Some(path) = set_up else { return quote!(::core::option::Option::None) };
    // Type errors in the function are reported at its name.
    let call = quote_spanned!(path.span()=> #path(ctx));
    quote! {
        ::core::option::Option::Some(::squall::registry::FixtureDescriptor {
            set_up: {
                fn set_up<'a>(
                    ctx: &'a ::squall::Context,
                ) -> ::squall::registry::FixtureFuture<'a> {
                    ::std::boxed::Box::pin(async move {
                        ::squall::Result::Ok(::squall::registry::Fixture::new(#call.await?))
                    })
                }
                set_up
            },
        })
    }
}

/// Returns the unit struct with the attribute.
fn marker(item: &TokenStream, errors: &mut Errors) -> Option<ItemStruct> {
    const SHAPE: &str = "`#[squall::suite]` must be on a struct without fields, \
                         as in `pub struct Servers;`, in the module of its tests";
    match errors.take(syn::parse2::<Item>(item.clone()))? {
        Item::Struct(marker) if marker.fields.is_empty() => Some(marker),
        other => {
            errors.on(other, SHAPE);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suite_must_be_on_a_struct_without_fields() {
        let (_, errors) = suite(
            quote!(id = "compute.servers"),
            quote!(
                fn servers() {}
            ),
        );
        assert!(errors.messages()[0].contains("struct without fields"));
    }

    #[test]
    fn a_fixture_names_the_function_that_sets_it_up() {
        let marker = || {
            quote!(
                struct Servers;
            )
        };
        let (expanded, errors) = suite(quote!(id = "a.b", fixture = shared::server), marker());
        assert!(errors.is_empty());
        assert!(expanded.to_string().contains("shared :: server (ctx)"), "{expanded}");
        let (_, errors) = suite(quote!(id = "a.b", fixture = "server"), marker());
        assert!(errors.messages()[0].contains("the name of an `async fn`"));
    }

    #[test]
    fn arguments_are_checked_as_for_tests() {
        let (_, errors) = suite(
            quote!(id = "compute.servers", kind = "smoke", identities(root, member, member)),
            quote!(
                struct Servers;
            ),
        );
        let messages = errors.messages().join("\n");
        for part in ["unknown kind", "unknown persona", "two identities are named `member`"] {
            assert!(messages.contains(part), "{part} in {messages}");
        }
    }
}
