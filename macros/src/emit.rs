//! Helpers that write values into expansions.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use squall_model::Microversion;
use syn::LitStr;

use crate::read::microversion;

/// Writes an `Option`.
pub(crate) fn option(value: Option<&impl ToTokens>) -> TokenStream {
    if let Some(value) = value {
        quote!(::core::option::Option::Some(#value))
    } else {
        quote!(::core::option::Option::None)
    }
}

/// Writes a range of microversions, unbounded where there is no version.
pub(crate) fn range(min: Option<&LitStr>, max: Option<&LitStr>) -> TokenStream {
    let end = |text: Option<&LitStr>| {
        let version = text
            .and_then(microversion)
            .map(|Microversion { major, minor }| quote!(::squall::__private::Microversion::new(#major, #minor)));
        option(version.as_ref())
    };
    let (min, max) = (end(min), end(max));
    quote!(::squall::__private::VersionRange::new(#min, #max))
}
