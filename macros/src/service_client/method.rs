//! Checks one method of a client's trait.

use std::collections::BTreeSet;

use squall_model::Microversion;
use squall_model::operation::path_parameters;
use syn::{FnArg, GenericArgument, LitInt, PathArguments, ReceiverKind, ReturnType, Type};

use super::path;
use super::words::{ClientWords, Method, PagingWord, Request, Role, Verb};
use crate::errors::Errors;
use crate::read::{is_snake, version_of};

/// The start of messages about the signature.
const SHAPE: &str = "a method must be like `fn show(&self, secret_id: &str) -> Secret;`";

/// Checks a method.
pub(super) fn check(words: &ClientWords, method: &Method, errors: &mut Errors) {
    signature(method, errors);
    output(method, errors);
    for attribute in &method.attributes {
        if attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr") {
            errors.on(attribute, "a method must not have conditions: use two traits");
        }
    }
    let Some(request) = &method.request else {
        let ident = &method.signature.ident;
        errors.on(
            ident,
            format!(
                "`{ident}` has no request: add one, as in `#[get(\"/secrets/{{secret_id}}\")]`"
            ),
        );
        return;
    };
    arguments(method, request, errors);
    range(words, request, errors);
    statuses(&request.success, 200..400, "success", errors);
    statuses(&request.errors, 400..600, "failure", errors);
    if let Some(id) = &request.id {
        let text = id.value();
        if text.split('.').count() != 2 || !text.split('.').all(is_snake) {
            errors.on(
                id,
                "an id must be a resource and a verb, as in `secrets.show`; \
                 the service's name is added",
            );
        }
    }
    if let Some(word) = &request.paging {
        paging(method, request, word, errors);
    }
    if let Some(key) = &request.envelope {
        if key.value().is_empty() {
            errors.on(key, "`envelope` must be a key of the body, as in `secret`");
        } else if value(&method.signature.output).is_none() && body(method).is_none() {
            errors.on(key, "neither the request nor the response has a body for this envelope");
        }
    }
}

/// Checks that a paged request is a list, and how its pages follow each other.
fn paging(method: &Method, request: &Request, paging: &PagingWord, errors: &mut Errors) {
    let word = &paging.word;
    if request.verb != Verb::Get {
        errors.on(word, "only a `get` can be paged");
    }
    if !value(&method.signature.output).is_some_and(is_list) {
        errors.on(word, "a paged response must be a list, as in `-> Vec<Secret>`");
    }
    match (&paging.markers[..], &paging.next) {
        ([], None) => errors.on(
            word,
            "expected how the next page is found: `paging(marker = \"id\")` for the field of the \
             last item, or `paging(next = \"next\")` for a link in the body",
        ),
        ([_, ..], Some(next)) => {
            errors.on(next, "pages follow by `marker` or by `next`, not by both");
        }
        _ => {}
    }
    for place in paging.markers.iter().chain(&paging.next) {
        let text = place.value();
        if text.is_empty() || text == "/" || text.ends_with('/') || text.contains("//") {
            errors.on(place, "expected a key or a JSON pointer, as in `id` or `/meta/id`");
        }
    }
}

fn is_list(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "Vec")
}

/// Returns the type of a method's response body, if it has one.
pub(super) fn value(output: &ReturnType) -> Option<&Type> {
    match output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => match ty.as_ref() {
            Type::Tuple(tuple) if tuple.elems.is_empty() => None,
            ty => Some(ty),
        },
    }
}

/// Returns the type inside an `Option`.
pub(super) fn optional(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) => Some(inner),
        _ => None,
    }
}

/// Returns the body argument.
pub(super) fn body(method: &Method) -> Option<&super::words::Argument> {
    method.arguments.iter().find(|argument| matches!(argument.role, Role::Body))
}

/// Whether a method takes `&self`, so that it can be part of the outline.
pub(super) fn has_receiver(method: &Method) -> bool {
    matches!(
        method.signature.receiver().map(|receiver| &receiver.kind),
        Some(ReceiverKind::Reference(_, _, None))
    )
}

fn signature(method: &Method, errors: &mut Errors) {
    let signature = &method.signature;
    if let Some(token) = &signature.asyncness {
        errors.on(token, "a method returns a call, which is sent later: remove `async`");
    }
    if let Some(token) = &signature.constness {
        errors.on(token, format!("{SHAPE}: remove `const`"));
    }
    if !matches!(signature.safety, syn::Safety::Default) {
        errors.on(&signature.safety, format!("{SHAPE}: remove `unsafe`"));
    }
    if let Some(abi) = &signature.abi {
        errors.on(abi, format!("{SHAPE}: remove `extern`"));
    }
    if !signature.generics.params.is_empty() {
        errors.on(&signature.generics, format!("{SHAPE}: it must not be generic"));
    }
    if let Some(clause) = &signature.generics.where_clause {
        errors.on(clause, format!("{SHAPE}: it must not be generic"));
    }
    match signature.inputs.first() {
        Some(FnArg::Receiver(_)) if has_receiver(method) => {}
        Some(FnArg::Receiver(receiver)) => {
            errors.on(receiver, format!("{SHAPE}: the receiver must be `&self`"));
        }
        _ => errors.on(&signature.ident, format!("{SHAPE}: the receiver must be `&self`")),
    }
}

fn output(method: &Method, errors: &mut Errors) {
    let Some(ty) = value(&method.signature.output) else { return };
    match ty {
        Type::Path(path) => {
            let name = path.path.segments.last().map(|last| last.ident.to_string());
            if let Some(name @ ("Result" | "Call")) = name.as_deref() {
                errors.on(
                    ty,
                    format!("use the content of the response as the type: `{name}` is added automatically"),
                );
            }
        }
        Type::Array(_) | Type::Tuple(_) | Type::Paren(_) | Type::Group(_) | Type::Macro(_) => {}
        other => {
            errors.on(other, "a response type must own its values, as in `-> Secret`");
        }
    }
    if let Some(request) = &method.request
        && request.verb == Verb::Head
    {
        errors.on(ty, "a response to `HEAD` has no body: remove the type");
    }
}

fn arguments(method: &Method, request: &Request, errors: &mut Errors) {
    let text = request.path.as_ref().map(syn::LitStr::value).unwrap_or_default();
    let mut holes: BTreeSet<&str> = BTreeSet::new();
    if let Some(literal) = &request.path {
        if let Some(fault) = path::fault(&text) {
            errors.on(literal, fault);
        } else {
            for name in path_parameters(&text) {
                if !holes.insert(name) {
                    errors.on(literal, format!("`{{{name}}}` is in the path twice"));
                }
            }
        }
    }
    let mut parameters = BTreeSet::new();
    let mut bodies = 0;
    for argument in &method.arguments {
        let name = argument.text();
        match &argument.role {
            Role::Path => {
                // Parameters cannot be checked if the path is invalid or missing.
                if !holes.remove(name.as_str()) && path::fault(&text).is_none() {
                    errors.on(
                        &argument.name,
                        format!(
                            "`{name}` is not used: add `{{{name}}}` to the path, \
                             or `#[query]` or `#[body]` to the argument"
                        ),
                    );
                }
                continue;
            }
            Role::Query(said) => {
                let parameter = argument.parameter();
                if parameter.is_empty() {
                    errors.on(said, "a query parameter needs a name, as in `sort-key`");
                } else if !parameters.insert(parameter.clone()) {
                    errors.on(&argument.name, format!("`{parameter}` is in the query twice"));
                }
            }
            Role::Body if request.verb.is_bodiless() => errors.on(
                &argument.name,
                format!("a `{}` has no body", request.word.to_string().to_uppercase()),
            ),
            Role::Body => {
                bodies += 1;
                if bodies > 1 {
                    errors.on(&argument.name, "a request can only have one body");
                }
            }
        }
        if let Type::ImplTrait(ty) = &argument.ty {
            errors.on(ty, "use a named type: its schema is part of the operation's");
        }
    }
    if let Some(literal) = &request.path {
        for name in holes {
            errors.on(literal, format!("`{{{name}}}` has no argument: add `{name}: &str`"));
        }
    }
}

fn range(words: &ClientWords, request: &Request, errors: &mut Errors) {
    let mut silent = Errors::default();
    let whole = words.microversions.as_ref();
    let whole = whole.map(|(a, b)| (version_of(a, &mut silent), version_of(b, &mut silent)));
    let mut end = |text: Option<&syn::LitStr>| -> Option<Microversion> {
        let text = text?;
        let version = version_of(text, errors)?;
        match whole {
            None => errors.on(
                text,
                "the service has no microversions: add `microversions(\"1.0\"..=\"1.1\")` to the trait's attribute",
            ),
            Some((Some(first), Some(last))) if !(first..=last).contains(&version) => {
                errors.on(text, format!("the service has microversions {first} to {last}"));
            }
            Some(_) => {}
        }
        Some(version)
    };
    let ends = (end(request.since.as_ref()), end(request.until.as_ref()));
    if let (Some(since), Some(until)) = ends
        && since > until
    {
        errors.on(&request.until, format!("`until` is lower than `since`, which is `{since}`"));
    }
}

fn statuses(found: &[LitInt], allowed: std::ops::Range<u16>, what: &str, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for status in found {
        match status.base10_parse::<u16>() {
            Ok(code) if !allowed.contains(&code) => {
                let (first, last) = (allowed.start, allowed.end - 1);
                errors.on(status, format!("a status of {what} must be in {first} to {last}"));
            }
            Ok(code) if !seen.insert(code) => {
                errors.on(status, format!("`{code}` is listed twice"));
            }
            Ok(_) => {}
            Err(error) => errors.push(error),
        }
    }
}
