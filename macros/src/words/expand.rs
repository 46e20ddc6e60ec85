//! Generates the fields of a descriptor from an attribute's arguments.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Bound, ClaimWord, EXCLUSIVE, NeedWord, Words, service_name};
use crate::emit::{option, range};

/// The fields, each an expression that is allowed in a `static`.
pub(crate) struct Fields {
    pub(crate) id: String,
    pub(crate) kind: TokenStream,
    pub(crate) needs: TokenStream,
    pub(crate) features: TokenStream,
    pub(crate) identities: TokenStream,
    pub(crate) tags: TokenStream,
    pub(crate) timeout: TokenStream,
    pub(crate) claims: TokenStream,
    pub(crate) known_bug: TokenStream,
}

impl Fields {
    /// Returns the fields for arguments without errors.
    pub(crate) fn of(words: &Words) -> Self {
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
        Self {
            id: words.id.as_ref().map(syn::LitStr::value).unwrap_or_default(),
            kind: option(words.kind.as_ref()),
            needs: quote!(&[#(#needs),*]),
            features: quote!(&[#(#features),*]),
            identities: quote!(&[#(#identities),*]),
            tags: quote!(&[#(#tags),*]),
            timeout: option(words.timeout.as_ref()),
            claims: quote!(&[#(#claims),*]),
            known_bug: option(words.known_bug.as_ref()),
        }
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
