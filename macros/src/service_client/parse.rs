//! Parses a client's trait. An error in one method does not hide the next.

use proc_macro2::TokenStream;
use syn::parse::ParseStream;
use syn::{
    Attribute, FnArg, Ident, ItemTrait, LitStr, Meta, Pat, PatType, Token, TraitItem, parenthesized,
};

use super::words::{
    ARGUMENT_WORDS, Argument, CLIENT_WORDS, ClientWords, Method, PAGING_WORDS, PagingWord,
    REQUEST_WORDS, Request, Role, VERBS, Verb,
};
use crate::errors::Errors;
use crate::read::{self, set, value};

/// Parses the arguments of the trait's attribute.
pub(super) fn words(attribute: TokenStream, errors: &mut Errors) -> ClientWords {
    let mut words = ClientWords::default();
    read::all(attribute, errors, |input, errors| {
        let name = read::name(input, &CLIENT_WORDS)?;
        match name.to_string().as_str() {
            "service_type" => {
                let text = value(input, &name, "\"key-manager\"")?;
                set(&name, &mut words.service_type, text, errors);
            }
            "version_path" => {
                set(&name, &mut words.version_path, value(input, &name, "\"/v1\"")?, errors);
            }
            "name" => set(&name, &mut words.name, value(input, &name, "\"key_manager\"")?, errors),
            "microversions" => set(&name, &mut words.microversions, range(input)?, errors),
            _ => return Err(read::unknown(&name, &CLIENT_WORDS)),
        }
        Ok(())
    });
    words
}

/// Parses `("1.0"..="1.1")`.
fn range(input: ParseStream) -> syn::Result<(LitStr, LitStr)> {
    const SHAPE: &str =
        "expected the first and the last one, as in `microversions(\"1.0\"..=\"1.1\")`";
    if !input.peek(syn::token::Paren) {
        return Err(input.error(SHAPE));
    }
    let content;
    parenthesized!(content in input);
    let ends = (|| {
        let first = read::version(&content)?;
        content.parse::<Token![..=]>().map_err(|e| syn::Error::new(e.span(), SHAPE))?;
        let last = read::version(&content)?;
        if content.is_empty() { Ok((first, last)) } else { Err(content.error(SHAPE)) }
    })();
    // Unread input would be reported as another error.
    content.parse::<TokenStream>()?;
    ends
}

/// Parses the trait's methods.
pub(super) fn methods(item: &ItemTrait, errors: &mut Errors) -> Vec<Method> {
    let mut methods = Vec::new();
    for item in &item.items {
        match item {
            TraitItem::Fn(function) => {
                if let Some(body) = &function.default {
                    errors.on(body, "a method must not have a body: end it with `;`");
                }
                methods.push(method(&function.attrs, &function.sig, errors));
            }
            other => errors.on(other, "the trait of a client may only have methods"),
        }
    }
    methods
}

fn method(attributes: &[Attribute], signature: &syn::Signature, errors: &mut Errors) -> Method {
    let mut kept = Vec::new();
    let mut found: Option<Request> = None;
    for attribute in attributes {
        let verb = VERBS.iter().find(|(word, _)| attribute.path().is_ident(word));
        match (verb, attribute.path().get_ident()) {
            (Some((_, verb)), Some(word)) => {
                if found.is_some() {
                    errors.on(attribute, "a method can only have one request");
                } else {
                    found = Some(request(word, *verb, &attribute.meta, errors));
                }
            }
            _ => kept.push(attribute.clone()),
        }
    }
    let arguments = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(argument) => self::argument(argument, errors),
        FnArg::Receiver(_) => None,
    });
    let arguments = arguments.collect();
    Method { attributes: kept, signature: signature.clone(), request: found, arguments }
}

fn request(word: &Ident, verb: Verb, meta: &Meta, errors: &mut Errors) -> Request {
    let mut request = Request {
        word: word.clone(),
        verb,
        path: None,
        since: None,
        until: None,
        success: Vec::new(),
        errors: Vec::new(),
        id: None,
        envelope: None,
        paging: None,
    };
    let shape = format!("expected a path, as in `#[{word}(\"/secrets/{{secret_id}}\")]`");
    let Meta::List(list) = meta else {
        errors.on(meta, shape);
        return request;
    };
    let mut first = true;
    let before = errors.len();
    read::all(list.tokens.clone(), errors, |input, errors| {
        if std::mem::take(&mut first) {
            let path = input.parse().map_err(|e| syn::Error::new(e.span(), &shape));
            request.path = Some(path?);
            return Ok(());
        }
        request_word(input, &mut request, errors)
    });
    if request.path.is_none() && errors.len() == before {
        errors.on(meta, shape);
    }
    request
}

fn request_word(input: ParseStream, request: &mut Request, errors: &mut Errors) -> syn::Result<()> {
    let name = read::name(input, &REQUEST_WORDS)?;
    match name.to_string().as_str() {
        "since" => set(&name, &mut request.since, read::version_value(input, &name)?, errors),
        "until" => set(&name, &mut request.until, read::version_value(input, &name)?, errors),
        "id" => set(&name, &mut request.id, value(input, &name, "\"secrets.show\"")?, errors),
        "envelope" => set(&name, &mut request.envelope, value(input, &name, "\"secret\"")?, errors),
        "success" if input.peek(Token![=]) => request.success.push(value(input, &name, "200")?),
        "success" => {
            read::list(input, errors, |input| input.parse().map(|it| request.success.push(it)))?;
        }
        "errors" => {
            read::list(input, errors, |input| input.parse().map(|it| request.errors.push(it)))?;
        }
        "paging" => {
            let paging = paging(&name, input, errors)?;
            set(&name, &mut request.paging, paging, errors);
        }
        _ => return Err(read::unknown(&name, &REQUEST_WORDS)),
    }
    Ok(())
}

/// Parses `(marker = "id")` or `(next = "next")`.
fn paging(word: &Ident, input: ParseStream, errors: &mut Errors) -> syn::Result<PagingWord> {
    let mut paging = PagingWord { word: word.clone(), markers: Vec::new(), next: None };
    let mut twice = Errors::default();
    read::list(input, errors, |input| {
        let name = read::name(input, &PAGING_WORDS)?;
        match name.to_string().as_str() {
            "marker" => paging.markers.push(value(input, &name, "\"id\"")?),
            "next" => {
                set(&name, &mut paging.next, value(input, &name, "\"next\"")?, &mut twice);
            }
            _ => return Err(read::unknown(&name, &PAGING_WORDS)),
        }
        Ok(())
    })?;
    errors.append(twice);
    Ok(paging)
}

fn argument(argument: &PatType, errors: &mut Errors) -> Option<Argument> {
    let mut role = Role::Path;
    for (index, attribute) in argument.attrs.iter().enumerate() {
        if index > 0 {
            errors.on(attribute, "an argument can only have one of these attributes");
        } else if attribute.path().is_ident("query") {
            role = Role::Query(query(&attribute.meta, errors));
        } else if attribute.path().is_ident("body") {
            role = Role::Body;
            if !matches!(attribute.meta, Meta::Path(_)) {
                errors.on(&attribute.meta, "`#[body]` takes no arguments");
            }
        } else {
            let known = read::listed(&ARGUMENT_WORDS.map(|word| format!("#[{word}]")));
            errors.on(
                attribute,
                format!("unknown attribute of an argument, expected one of {known}"),
            );
        }
    }
    match argument.pat.as_ref() {
        Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => {
            Some(Argument { name: name.ident.clone(), ty: (*argument.ty).clone(), role })
        }
        other => {
            errors.on(other, "an argument must be a plain name");
            None
        }
    }
}

/// Parses the name in `#[query("sort-key")]`.
fn query(meta: &Meta, errors: &mut Errors) -> Option<LitStr> {
    match meta {
        Meta::Path(_) => None,
        Meta::List(list) => {
            let name = list.parse_args::<LitStr>().map_err(|error| {
                syn::Error::new(error.span(), "expected a name, as in `#[query(\"sort-key\")]`")
            });
            errors.take(name)
        }
        Meta::NameValue(pair) => {
            errors.on(pair, "expected a name, as in `#[query(\"sort-key\")]`");
            None
        }
    }
}
