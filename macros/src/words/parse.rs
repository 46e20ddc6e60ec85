//! Reading an attribute's words; a mistake in one does not hide the next.

use syn::parse::{ParseStream, Parser as _};
use syn::{Ident, LitStr, Token, parenthesized, token};

use super::{Bound, IdentityWord, NeedWord, ServiceWord, TagWord, WORDS, Words};
use crate::errors::Errors;

/// Reads the words of an attribute.
pub(crate) fn parse(attribute: proc_macro2::TokenStream, errors: &mut Errors) -> Words {
    let mut words = Words::default();
    let parser = |input: ParseStream| {
        each(input, errors, |input, errors| word(input, &mut words, errors));
        Ok(())
    };
    // The parser consumes everything whatever stands there, so that it cannot fail.
    if let Err(error) = parser.parse2(attribute) {
        errors.push(error);
    }
    words
}

/// Reads items with commas between; what cannot be read is skipped up to the
/// next comma.
fn each(
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

fn skip_past_comma(input: ParseStream) {
    while !input.is_empty() {
        let comma = input.peek(Token![,]);
        if input.parse::<proc_macro2::TokenTree>().is_err() || comma {
            return;
        }
    }
}

fn word(input: ParseStream, words: &mut Words, errors: &mut Errors) -> syn::Result<()> {
    let name: Ident = input.parse().map_err(|e| {
        syn::Error::new(e.span(), format!("expected one of {}", super::check::listed(&WORDS)))
    })?;
    match name.to_string().as_str() {
        "id" => set(&name, &mut words.id, value(input, "= \"service.resource.what\"")?, errors),
        "kind" => set(&name, &mut words.kind, value(input, "= \"api\"")?, errors),
        "timeout" => set(&name, &mut words.timeout, value(input, "= 120")?, errors),
        "needs" => list(input, errors, |input| need(input).map(|need| words.needs.push(need)))?,
        "identities" => {
            list(input, errors, |input| identity(input).map(|who| words.identities.push(who)))?;
        }
        "tags" => list(input, errors, |input| tag(input).map(|tag| words.tags.push(tag)))?,
        other => {
            let known = super::check::listed(&WORDS);
            return Err(syn::Error::new(
                name.span(),
                format!("unknown word `{other}`, expected one of {known}"),
            ));
        }
    }
    Ok(())
}

fn value<T: syn::parse::Parse>(input: ParseStream, example: &str) -> syn::Result<T> {
    let after = |e: syn::Error| syn::Error::new(e.span(), format!("expected `{example}` here"));
    input.parse::<Token![=]>().map_err(after)?;
    input.parse().map_err(after)
}

fn set<T>(name: &Ident, slot: &mut Option<T>, value: T, errors: &mut Errors) {
    if slot.replace(value).is_some() {
        errors.on(name, format!("`{name}` is said twice"));
    }
}

fn list(
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

fn need(input: ParseStream) -> syn::Result<NeedWord> {
    let service = if input.peek(LitStr) {
        ServiceWord::Type(input.parse()?)
    } else {
        ServiceWord::Ours(input.parse().map_err(|e| {
            syn::Error::new(e.span(), "expected a service, as in `compute >= \"2.1\"`")
        })?)
    };
    let bound = if input.peek(Token![>=]) {
        input.parse::<Token![>=]>()?;
        Some(Bound::AtLeast)
    } else if input.peek(Token![<=]) {
        input.parse::<Token![<=]>()?;
        Some(Bound::AtMost)
    } else if input.peek(Token![==]) {
        input.parse::<Token![==]>()?;
        Some(Bound::Exactly)
    } else if input.is_empty() || input.peek(Token![,]) {
        None
    } else {
        return Err(input.error("expected `>=`, `<=` or `==` and a microversion"));
    };
    let bound = bound.map(|bound| Ok::<_, syn::Error>((bound, version(input)?))).transpose()?;
    Ok(NeedWord { service, bound })
}

fn version(input: ParseStream) -> syn::Result<LitStr> {
    if input.peek(syn::LitFloat) || input.peek(syn::LitInt) {
        let number: syn::Lit = input.parse()?;
        let text = quote::quote!(#number);
        return Err(syn::Error::new_spanned(
            &number,
            format!("a microversion is no number (2.10 would be 2.1): write `\"{text}\"`"),
        ));
    }
    input
        .parse()
        .map_err(|e| syn::Error::new(e.span(), "expected a microversion, as in `\"2.90\"`"))
}

fn identity(input: ParseStream) -> syn::Result<IdentityWord> {
    let expected = |e: syn::Error| {
        syn::Error::new(e.span(), "expected a persona, as in `member` or `other = member`")
    };
    let first: Ident = input.parse().map_err(expected)?;
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        let persona = input.parse().map_err(expected)?;
        return Ok(IdentityWord { name: Some(first), persona });
    }
    Ok(IdentityWord { name: None, persona: first })
}

fn tag(input: ParseStream) -> syn::Result<TagWord> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Ok(TagWord { span: text.span(), text: text.value() });
    }
    let word: Ident = input
        .parse()
        .map_err(|e| syn::Error::new(e.span(), "expected a tag, as in `slow` or `\"bug-42\"`"))?;
    Ok(TagWord { span: word.span(), text: word.to_string() })
}
