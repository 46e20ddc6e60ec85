//! `#[squall::test]`: an async function becomes a registered test.

mod check;
mod expand;

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemFn;

use crate::errors::Errors;
use crate::words;

/// Gives what the attribute expands to, and every mistake; the item is given
/// back whatever is wrong with it, so that an editor stays useful.
pub(crate) fn test(attribute: TokenStream, item: TokenStream) -> (TokenStream, Errors) {
    let mut errors = Errors::default();
    let words = words::parse(attribute, &mut errors);
    words::check(&words, &mut errors);
    let function = match syn::parse2::<ItemFn>(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            errors.at(error.span(), format!("`#[squall::test]` stands on a function: {error}"));
            return (item, errors);
        }
    };
    check::check(&words, &function, &mut errors);
    if !errors.is_empty() {
        return (item, errors);
    }
    let registration = expand::expand(&words, &function);
    let tokens = quote! {
        // It is async because a test is, whether or not it waits for anything.
        #[allow(clippy::unused_async)]
        #item
        #registration
    };
    (tokens, errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(attribute: TokenStream, item: TokenStream) -> Vec<String> {
        test(attribute, item).1.messages()
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let found = mistakes(
            quote!(id = "Boot", needs(computer >= "2.1", compute >= 2.10), speed = 3, timeout = 0),
            quote!(
                fn boot() {}
            ),
        );
        for part in ["an id is", "unknown service", "no number", "unknown word `speed`", "seconds"]
        {
            assert!(found.iter().any(|m| m.contains(part)), "{part} in {found:#?}");
        }
        assert!(found.iter().any(|m| m.contains("async fn")), "{found:#?}");
    }

    #[test]
    fn a_claim_is_to_everything_to_a_class_or_to_a_number_of_its_things() {
        let item = quote!(
            async fn boot(ctx: &Context) -> squall::Result {
                Ok(())
            }
        );
        let claims = quote!(id = "a.b", claims(exclusive = 2, servers = 0, volumes, volumes));
        let found = mistakes(claims, item.clone());
        assert_eq!(found.len(), 3, "{found:#?}");
        let (out, errors) = test(quote!(id = "a.b", claims(exclusive, servers = 3, hosts)), item);
        assert!(errors.is_empty());
        for part in ["Claim :: Cloud", "Units (\"servers\" , 3)", "Whole (\"hosts\")"] {
            assert!(out.to_string().contains(part), "{part} in {out}");
        }
    }

    #[test]
    fn the_item_is_given_back_even_when_it_is_no_function() {
        let item = quote!(
            struct Boot;
        );
        let (out, errors) = test(quote!(id = "compute.boot"), item.clone());
        assert_eq!(out.to_string(), item.to_string());
        assert!(errors.messages()[0].contains("stands on a function"));
    }

    #[test]
    fn an_id_is_required() {
        let item = quote!(
            async fn boot(ctx: &Context) -> squall::Result {
                Ok(())
            }
        );
        assert!(mistakes(quote!(), item)[0].contains("id = "));
    }
}
