//! Checks a client's trait: the arguments of its attribute, and its methods together.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use proc_macro2::Span;

use super::words::{ClientWords, is_taken};
use super::{Client, id, method};
use crate::errors::Errors;
use crate::read::{is_slug, is_snake, version_of};

/// Checks the arguments of the trait's attribute.
pub(super) fn words(words: &ClientWords, errors: &mut Errors) {
    match &words.service_type {
        None => errors.at(
            Span::call_site(),
            "a client needs the service type of the catalog: `service_type = \"key-manager\"`",
        ),
        Some(text) if !is_slug(&text.value()) => {
            errors.on(text, "a service type consists of lower-case words, as in `key-manager`");
        }
        Some(_) => {}
    }
    if let Some(path) = &words.version_path {
        let text = path.value();
        if !text.is_empty() && (!text.starts_with('/') || text.ends_with('/')) {
            errors.on(
                path,
                "`version_path` must start with `/` and not end with it, as in `/v1`; \
                 leave it out if the service has none",
            );
        }
    }
    if let Some(name) = &words.name
        && !is_snake(&name.value())
    {
        errors.on(name, "a service's name must be in snake case, as in `key_manager`");
    }
    if let Some((first, last)) = &words.microversions {
        let both = (version_of(first, errors), version_of(last, errors));
        if let (Some(from), Some(to)) = both
            && from > to
        {
            errors.on(last, format!("the last microversion is lower than the first, `{from}`"));
        }
    }
}

/// Checks the trait and its methods.
pub(super) fn check(client: &Client, errors: &mut Errors) {
    let item = &client.item;
    if let Some(token) = &item.unsafety {
        errors.on(token, "the trait of a client must not be `unsafe`");
    }
    if !item.generics.params.is_empty() {
        errors.on(&item.generics, "the trait of a client must not be generic");
    }
    if let Some(clause) = &item.generics.where_clause {
        errors.on(clause, "the trait of a client must not be generic");
    }
    if !item.supertraits.is_empty() {
        errors.on(&item.supertraits, "the trait of a client must not have supertraits");
    }
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for method in &client.methods {
        method::check(&client.words, method, errors);
        let ident = &method.signature.ident;
        if is_taken(ident) {
            errors
                .on(ident, format!("every client already has a method `{ident}`: rename this one"));
        }
        let Some(request) = &method.request else { continue };
        match ids.entry(id::of(request)) {
            Entry::Vacant(free) => {
                free.insert(ident.to_string());
            }
            Entry::Occupied(taken) => {
                let (id, other) = (taken.key(), taken.get());
                let resource = id.split('.').next().unwrap_or_default();
                let message = format!(
                    "`{id}` is already the id of `{other}`: \
                     set another, as in `id = \"{resource}.{ident}\"`"
                );
                match &request.id {
                    Some(id) => errors.on(id, message),
                    None => errors.on(&request.word, message),
                }
            }
        }
    }
}
