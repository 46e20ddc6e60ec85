//! `#[squall::service_client]`: generates a service's client from a trait.
//!
//! The trait is replaced by a struct of the same name whose methods return calls, as those of
//! the built-in clients do. The struct and its methods are generated even if there are errors,
//! so that an editor keeps working and no follow-up errors appear.

mod check;
mod expand;
mod id;
mod method;
mod parse;
mod path;
#[cfg(test)]
mod tests;
mod words;

use proc_macro2::TokenStream;
use syn::{Item, ItemTrait};

use crate::errors::Errors;
use words::{ClientWords, Method};

/// A client's trait, parsed.
struct Client {
    words: ClientWords,
    item: ItemTrait,
    methods: Vec<Method>,
}

/// Expands the attribute.
pub(crate) fn service_client(attribute: TokenStream, item: TokenStream) -> (TokenStream, Errors) {
    let mut errors = Errors::default();
    let words = parse::words(attribute, &mut errors);
    check::words(&words, &mut errors);
    let Some(trait_) = the_trait(&item, &mut errors) else { return (item, errors) };
    let methods = parse::methods(&trait_, &mut errors);
    let client = Client { words, item: trait_, methods };
    check::check(&client, &mut errors);
    let output = if errors.is_empty() { expand::expand(&client) } else { expand::outline(&client) };
    (output, errors)
}

fn the_trait(item: &TokenStream, errors: &mut Errors) -> Option<ItemTrait> {
    const SHAPE: &str =
        "`#[squall::service_client]` must be on a trait, as in `pub trait KeyManager { … }`";
    match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Trait(item)) => Some(item),
        Ok(other) => {
            errors.on(other, SHAPE);
            None
        }
        Err(error) => {
            errors.push(error);
            None
        }
    }
}
