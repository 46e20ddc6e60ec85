//! Generates the fields of a descriptor from an attribute's arguments.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Attribute;

use super::{Bound, ClaimWord, EXCLUSIVE, NeedWord, Words, service_name};
use crate::emit::{option, range};
use crate::summary::summary;

/// Returns the fields that a test and a suite have in common, for arguments without errors and
/// the attributes of the item. Each value is allowed in a `static`.
pub(crate) fn fields(words: &Words, attributes: &[Attribute]) -> TokenStream {
    let needs = words.needs.iter().map(need);
    let identities = words.identities.iter().map(|who| {
        let (persona, fresh) = (who.persona.text(), who.fresh);
        let name = who.name.as_ref().map_or_else(|| persona.clone(), ToString::to_string);
        quote! {
            ::squall::registry::IdentityRequest { name: #name, persona: #persona, fresh: #fresh }
        }
    });
    let claims = words.claims.iter().map(claim);
    let features = &words.features;
    let tags = words.tags.iter().map(|tag| &tag.text);
    let id = words.id.as_ref().map(syn::LitStr::value).unwrap_or_default();
    let summary = summary(attributes);
    let (kind, timeout) = (option(words.kind.as_ref()), option(words.timeout.as_ref()));
    quote! {
        id: #id,
        module: ::core::module_path!(),
        package: ::core::env!("CARGO_PKG_NAME"),
        summary: #summary,
        file: ::core::file!(),
        line: ::core::line!(),
        kind: #kind,
        needs: &[#(#needs),*],
        features: &[#(#features),*],
        identities: &[#(#identities),*],
        tags: &[#(#tags),*],
        timeout: #timeout,
        claims: &[#(#claims),*],
    }
}

fn claim(ClaimWord { class, units }: &ClaimWord) -> TokenStream {
    let class = class.to_string();
    match units {
        Some(units) => quote!(::squall::registry::Claim::Units(#class, #units)),
        None if class == EXCLUSIVE => quote!(::squall::registry::Claim::Cloud),
        None => quote!(::squall::registry::Claim::Whole(#class)),
    }
}

fn need(need: &NeedWord) -> TokenStream {
    let service = service_name(&need.service);
    let versions = match &need.bound {
        None => range(None, None),
        Some((Bound::AtLeast, version)) => range(Some(version), None),
        Some((Bound::AtMost, version)) => range(None, Some(version)),
        Some((Bound::Exactly, version)) => range(Some(version), Some(version)),
    };
    quote!(::squall::registry::Need { service: #service, versions: #versions })
}
