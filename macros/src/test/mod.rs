//! `#[squall::test]`: registers an async function as a test.

mod check;
mod expand;

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemFn;

use crate::errors::Errors;
use crate::words;

/// Expands the attribute. The item is always part of the output, so that an editor keeps
/// working.
pub(crate) fn test(attribute: TokenStream, item: TokenStream) -> (TokenStream, Errors) {
    let mut errors = Errors::default();
    let words = words::parse(attribute, &mut errors);
    words::check(&words, &mut errors);
    let function = match syn::parse2::<ItemFn>(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            errors.at(error.span(), format!("`#[squall::test]` must be on a function: {error}"));
            return (item, errors);
        }
    };
    check::check(&words, &function, &mut errors);
    if !errors.is_empty() {
        return (item, errors);
    }
    let registration = expand::expand(&words, &function);
    let tokens = quote! {
        // Tests are async whether or not they await anything.
        #[allow(clippy::unused_async)]
        #item
        #registration
    };
    (tokens, errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors_of(attribute: TokenStream, item: TokenStream) -> Vec<String> {
        test(attribute, item).1.messages()
    }

    #[test]
    fn all_errors_are_reported_at_once() {
        let found = errors_of(
            quote!(id = "Boot", needs(computer >= "2.1", compute >= 2.10), speed = 3, timeout = 0),
            quote!(
                fn boot() {}
            ),
        );
        for part in [
            "an id consists",
            "unknown service",
            "not a number",
            "unknown argument `speed`",
            "seconds",
        ] {
            assert!(found.iter().any(|m| m.contains(part)), "{part} in {found:#?}");
        }
        assert!(found.iter().any(|m| m.contains("async fn")), "{found:#?}");
    }

    #[test]
    fn a_claim_is_to_the_cloud_a_class_or_a_number_of_units() {
        let item = quote!(
            async fn boot(ctx: &Context) -> squall::Result {
                Ok(())
            }
        );
        let claims = quote!(id = "a.b", claims(exclusive = 2, servers = 0, volumes, volumes));
        let found = errors_of(claims, item.clone());
        assert_eq!(found.len(), 3, "{found:#?}");
        let (out, errors) = test(quote!(id = "a.b", claims(exclusive, servers = 3, hosts)), item);
        assert!(errors.is_empty());
        for part in ["Claim :: Cloud", "Units (\"servers\" , 3)", "Whole (\"hosts\")"] {
            assert!(out.to_string().contains(part), "{part} in {out}");
        }
    }

    #[test]
    fn the_item_is_kept_even_if_it_is_not_a_function() {
        let item = quote!(
            struct Boot;
        );
        let (out, errors) = test(quote!(id = "compute.boot"), item.clone());
        assert_eq!(out.to_string(), item.to_string());
        assert!(errors.messages()[0].contains("must be on a function"));
    }

    #[test]
    fn an_id_is_required() {
        let item = quote!(
            async fn boot(ctx: &Context) -> squall::Result {
                Ok(())
            }
        );
        assert!(errors_of(quote!(), item)[0].contains("id = "));
    }
}
