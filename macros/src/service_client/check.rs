//! Judging what a client's trait says of its service, and its methods together.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use proc_macro2::Span;
use syn::LitStr;

use super::words::{ClientWords, is_taken};
use super::{Client, id, method};
use crate::errors::Errors;
use crate::read::{is_slug, version_parts};

/// Finds every mistake in the words of the trait's attribute.
pub(super) fn words(words: &ClientWords, errors: &mut Errors) {
    match &words.service_type {
        None => errors.at(
            Span::call_site(),
            "a client needs its service's type as catalogs have it: `service_type = \"key-manager\"`",
        ),
        Some(text) if !is_slug(&text.value()) => {
            errors.on(text, "a service type is lower-case words, as in `key-manager`");
        }
        Some(_) => {}
    }
    if let Some(path) = &words.version_path {
        let text = path.value();
        if !text.is_empty() && (!text.starts_with('/') || text.ends_with('/')) {
            errors.on(
                path,
                "a version's path starts with `/` and does not end with it, as in `/v1`; \
                 it is left out where the service has none",
            );
        }
    }
    if let Some(name) = &words.name
        && !is_snake(&name.value())
    {
        errors.on(name, "a service's name is one word of ids, as in `key_manager`");
    }
    if let Some((first, last)) = &words.microversions {
        let both = (version(first, errors), version(last, errors));
        if let (Some(from), Some(to)) = both
            && from > to
        {
            errors.on(last, format!("the last microversion comes before the first, `{from}`"));
        }
    }
}

/// Finds every mistake in the trait and its methods.
pub(super) fn check(client: &Client, errors: &mut Errors) {
    let item = &client.item;
    if let Some(token) = &item.unsafety {
        errors.on(token, "a client's trait is not `unsafe`");
    }
    if !item.generics.params.is_empty() {
        errors.on(&item.generics, "a client's trait is not generic");
    }
    if let Some(clause) = &item.generics.where_clause {
        errors.on(clause, "a client's trait is not generic");
    }
    if !item.supertraits.is_empty() {
        errors.on(&item.supertraits, "a client's trait has no other above it");
    }
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for method in &client.methods {
        method::check(&client.words, method, errors);
        let ident = &method.signature.ident;
        if is_taken(ident) {
            errors
                .on(ident, format!("every client has a method `{ident}`: call this one otherwise"));
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
                    "`{id}` is the id of `{other}` already: \
                     say another, as in `id = \"{resource}.{ident}\"`"
                );
                match &request.id {
                    Some(id) => errors.on(id, message),
                    None => errors.on(&request.word, message),
                }
            }
        }
    }
}

/// Reads a microversion, or says that it is none.
pub(super) fn version(text: &LitStr, errors: &mut Errors) -> Option<Version> {
    let parts = version_parts(text).map(|(major, minor)| Version { major, minor });
    if parts.is_none() {
        errors.on(text, "expected a microversion, as in `\"1.1\"`");
    }
    parts
}

/// A microversion, ordered by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    major: u16,
    minor: u16,
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// Tells whether a text is a word that can stand between the dots of an id.
pub(super) fn is_snake(text: &str) -> bool {
    is_slug(text) && !text.contains('-') && text.starts_with(|c: char| c.is_ascii_lowercase())
}
