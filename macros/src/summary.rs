//! The first paragraph of an item's documentation.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// Returns the first paragraph of the doc comments as one line, without the full stop.
pub(crate) fn summary(attributes: &[Attribute]) -> String {
    let lines: Vec<String> = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        })
        .flat_map(|text| text.split('\n').map(|line| line.trim().to_owned()).collect::<Vec<_>>())
        .skip_while(String::is_empty)
        .take_while(|line| !line.is_empty())
        .collect();
    lines.join(" ").trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_the_first_paragraph_on_one_line() {
        let item: syn::ItemFn = syn::parse_quote! {
            /// A server boots
            /// and is deleted.
            ///
            /// It has no network.
            fn a() {}
        };
        assert_eq!(summary(&item.attrs), "A server boots and is deleted");
        let item: syn::ItemFn = syn::parse_quote!(
            fn a() {}
        );
        assert_eq!(summary(&item.attrs), "");
    }
}
