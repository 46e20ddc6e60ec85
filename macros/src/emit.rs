//! Values as an expansion writes them.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::LitStr;

use crate::read::version_parts;

/// Writes an `Option`.
pub(crate) fn option(value: Option<&impl ToTokens>) -> TokenStream {
    if let Some(value) = value {
        quote!(::core::option::Option::Some(#value))
    } else {
        quote!(::core::option::Option::None)
    }
}

/// Writes a range of microversions, open where there is none.
pub(crate) fn range(min: Option<&LitStr>, max: Option<&LitStr>) -> TokenStream {
    let end = |text: Option<&LitStr>| {
        let version = text
            .and_then(version_parts)
            .map(|(major, minor)| quote!(::squall::__private::Microversion::new(#major, #minor)));
        option(version.as_ref())
    };
    let (min, max) = (end(min), end(max));
    quote!(::squall::__private::VersionRange::new(#min, #max))
}
