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
    let call = quote_spanned!(function.sig.output.span()=> ::std::boxed::Box::pin(#ident(ctx)));
    quote! {
        #(#conditions)*
        const _: () = {
            fn run<'a>(ctx: &'a ::squall::Context) -> ::squall::registry::TestFuture<'a> {
                #call
            }
            ::squall::__private::inventory::submit! {
                ::squall::registry::TestDescriptor {
                    #fields
                    function: #name,
                    known_bug: #known_bug,
                    run,
                }
            }
        };
    }
}
