//! The first line of an item's documentation.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// Returns the first line of the doc comments without the full stop.
pub(crate) fn summary(attributes: &[Attribute]) -> String {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        })
        .map(|line| line.trim().trim_end_matches('.').to_owned())
        .find(|line| !line.is_empty())
        .unwrap_or_default()
}
