//! Generates a test's registration.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ItemFn;
use syn::spanned::Spanned as _;

use crate::emit::option;
use crate::words::{self, Words};

/// Returns the registration of a test without errors.
pub(super) fn expand(words: &Words, function: &ItemFn) -> TokenStream {
    let fields = words::fields(words, &function.attrs);
    let known_bug = option(words.known_bug.as_ref());
    let ident = &function.sig.ident;
    let name = ident.to_string();
    let conditions = function.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    // A wrong return type is reported at the return type.
    let span = function.sig.output.span();
    let (body, run) = match &words.cases {
        None => {
            let call = quote_spanned!(span=> ::std::boxed::Box::pin(#ident(ctx)));
            let body = quote! {
                fn run<'a>(ctx: &'a ::squall::Context) -> ::squall::registry::TestFuture<'a> {
                    #call
                }
            };
            (body, quote!(::squall::registry::Run::Once(run)))
        }
        Some(cases) => {
            let call = quote_spanned!(span=> ::std::boxed::Box::pin(#ident(ctx, case)));
            let body = quote! {
                fn cases() -> ::std::vec::Vec<::squall::registry::BoundCase> {
                    ::squall::registry::bind(#cases(), |ctx, case| #call)
                }
            };
            (body, quote!(::squall::registry::Run::Cases(cases)))
        }
    };
    quote! {
        #(#conditions)*
        const _: () = {
            #body
            ::squall::__private::inventory::submit! {
                ::squall::registry::TestDescriptor {
                    #fields
                    function: #name,
                    known_bug: #known_bug,
                    run: #run,
                }
            }
        };
    }
}
