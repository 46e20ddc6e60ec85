//! Generates a test's registration.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ItemFn;
use syn::spanned::Spanned as _;

use crate::summary::summary;
use crate::words::{Fields, Words};

/// Returns the registration of a test without errors.
pub(super) fn expand(words: &Words, function: &ItemFn) -> TokenStream {
    let Fields { id, kind, needs, features, identities, tags, timeout, claims, known_bug } =
        Fields::of(words);
    let ident = &function.sig.ident;
    let name = ident.to_string();
    let summary = summary(&function.attrs);
    let conditions = function.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    // A wrong return type is reported at the return type.
    let call = quote_spanned!(function.sig.output.span()=> ::std::boxed::Box::pin(#ident(ctx)));
    quote! {
        #(#conditions)*
        const _: () = {
            fn run<'a>(ctx: &'a ::squall::Context) -> ::squall::registry::TestFuture<'a> {
                #call
            }
            ::squall::__private::inventory::submit! {
                ::squall::registry::TestDescriptor {
                    id: #id,
                    function: #name,
                    module: ::core::module_path!(),
                    package: ::core::env!("CARGO_PKG_NAME"),
                    summary: #summary,
                    file: ::core::file!(),
                    line: ::core::line!(),
                    kind: #kind,
                    needs: #needs,
                    features: #features,
                    identities: #identities,
                    tags: #tags,
                    timeout: #timeout,
                    claims: #claims,
                    known_bug: #known_bug,
                    run,
                }
            }
        };
    }
}
