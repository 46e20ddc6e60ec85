//! Parses the arguments of attributes. An error in one does not hide the next.
//!
//! Which arguments there are is defined by each attribute.

use proc_macro2::{TokenStream, TokenTree};
use squall_model::{Microversion, suggest};
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{Ident, LitStr, Token, parenthesized, token};

use crate::errors::Errors;

/// Reads all items of an attribute, separated by commas.
pub(crate) fn all(
    tokens: TokenStream,
    errors: &mut Errors,
    item: impl FnMut(ParseStream, &mut Errors) -> syn::Result<()>,
) {
    let parser = |input: ParseStream| {
        each(input, errors, item);
        Ok(())
    };
    // The parser consumes any input, so it cannot fail.
    if let Err(error) = parser.parse2(tokens) {
        errors.push(error);
    }
}

/// Reads items separated by commas. An invalid one is skipped up to the next comma.
pub(crate) fn each(
    input: ParseStream,
    errors: &mut Errors,
    mut item: impl FnMut(ParseStream, &mut Errors) -> syn::Result<()>,
) {
    while !input.is_empty() {
        let read = item(input, errors).and_then(|()| {
            if input.is_empty() { Ok(()) } else { input.parse::<Token![,]>().map(drop) }
        });
        if let Err(error) = read {
            errors.push(error);
            skip_past_comma(input);
        }
    }
}

/// Reads items in parentheses.
pub(crate) fn list(
    input: ParseStream,
    errors: &mut Errors,
    mut item: impl FnMut(ParseStream) -> syn::Result<()>,
) -> syn::Result<()> {
    if !input.peek(token::Paren) {
        return Err(input.error("expected a list in parentheses"));
    }
    let content;
    parenthesized!(content in input);
    each(&content, errors, |input, _| item(input));
    Ok(())
}

/// Reads the name of an argument; `known` is listed in the error.
pub(crate) fn name(input: ParseStream, known: &[&str]) -> syn::Result<Ident> {
    input
        .parse()
        .map_err(|e| syn::Error::new(e.span(), format!("expected one of {}", listed(known))))
}

/// Returns the error for an unknown argument, with a suggestion if one is similar.
pub(crate) fn unknown(name: &Ident, known: &[&str]) -> syn::Error {
    let (meant, known) = (meant(&name.to_string(), known), listed(known));
    syn::Error::new(
        name.span(),
        format!("unknown argument `{name}`{meant}, expected one of {known}"),
    )
}

/// Reads the `= value` of an argument; the error shows the example.
pub(crate) fn value<T: Parse>(input: ParseStream, name: &Ident, example: &str) -> syn::Result<T> {
    value_by(input, name, example, |input| {
        input.parse().map_err(|error| expected(input, &error, name, example))
    })
}

/// Reads the `= "2.90"` of an argument.
pub(crate) fn version_value(input: ParseStream, name: &Ident) -> syn::Result<LitStr> {
    value_by(input, name, "\"2.90\"", version)
}

fn value_by<T>(
    input: ParseStream,
    name: &Ident,
    example: &str,
    read: impl FnOnce(ParseStream) -> syn::Result<T>,
) -> syn::Result<T> {
    input.parse::<Token![=]>().map_err(|error| expected(input, &error, name, example))?;
    read(input)
}

/// Returns the error on the next token, or on the argument's name at the end of the input.
fn expected(input: ParseStream, error: &syn::Error, name: &Ident, example: &str) -> syn::Error {
    let span = if input.is_empty() { name.span() } else { error.span() };
    syn::Error::new(span, format!("expected `{name} = {example}`"))
}

/// Sets an argument's value. A repeated argument is an error.
pub(crate) fn set<T>(name: &Ident, slot: &mut Option<T>, value: T, errors: &mut Errors) {
    if slot.replace(value).is_some() {
        errors.on(name, format!("`{name}` is given twice"));
    }
}

/// Reads a microversion.
pub(crate) fn version(input: ParseStream) -> syn::Result<LitStr> {
    if input.peek(syn::LitFloat) || input.peek(syn::LitInt) {
        let number: syn::Lit = input.parse()?;
        let text = quote::quote!(#number);
        return Err(syn::Error::new_spanned(
            &number,
            format!(
                "a microversion is a string, not a number (2.10 would be 2.1): write `\"{text}\"`"
            ),
        ));
    }
    input
        .parse()
        .map_err(|e| syn::Error::new(e.span(), "expected a microversion, as in `\"2.90\"`"))
}

/// Returns the microversion in a literal, if it is one.
pub(crate) fn microversion(text: &LitStr) -> Option<Microversion> {
    text.value().parse().ok()
}

/// Returns the microversion in a literal, or adds an error.
pub(crate) fn version_of(text: &LitStr, errors: &mut Errors) -> Option<Microversion> {
    let version = microversion(text);
    if version.is_none() {
        errors.on(text, "expected a microversion, as in `\"1.1\"`");
    }
    version
}

/// Whether a text can be a part of an id.
pub(crate) fn is_snake(text: &str) -> bool {
    is_slug(text) && !text.contains('-') && text.starts_with(|c: char| c.is_ascii_lowercase())
}

/// Returns `` (did you mean `a`?) `` for a misspelt word, or an empty text.
pub(crate) fn meant(word: &str, known: &[&str]) -> String {
    let question = suggest::did_you_mean(word, known.iter().copied());
    question.map_or_else(String::new, |question| format!(" ({question})"))
}

/// Whether a text consists of lower-case letters, digits, `-` and `_`.
pub(crate) fn is_slug(part: &str) -> bool {
    !part.is_empty()
        && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b))
}

/// Lists words for a message, each in backticks.
pub(crate) fn listed(words: &[impl std::fmt::Display]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn skip_past_comma(input: ParseStream) {
    while !input.is_empty() {
        let comma = input.peek(Token![,]);
        if input.parse::<TokenTree>().is_err() || comma {
            return;
        }
    }
}
