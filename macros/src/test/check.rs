//! Judging the function that a test attribute stands on.

use proc_macro2::Span;
use syn::{FnArg, ItemFn, ReturnType, Type};

use crate::errors::Errors;
use crate::words::Words;

/// What every message about the signature starts with.
const SIGNATURE: &str = "a test is `async fn name(ctx: &Context) -> squall::Result`";

/// Finds every mistake in the signature.
pub(super) fn check(words: &Words, function: &ItemFn, errors: &mut Errors) {
    let signature = &function.sig;
    if words.id.is_none() {
        let id = suggestion(&signature.ident.to_string());
        errors.at(
            Span::call_site(),
            format!("a test needs an id that stays when it is renamed: `id = \"{id}\"`"),
        );
    }
    if let Some(fixture) = &words.fixture {
        errors.on(
            fixture,
            "`fixture` is a suite's: what one test needs for itself, it makes in its body",
        );
    }
    if signature.asyncness.is_none() {
        errors.on(signature.fn_token, format!("{SIGNATURE}: `async` is missing"));
    }
    if !signature.generics.params.is_empty() {
        errors.on(&signature.generics, format!("{SIGNATURE}: it cannot be generic"));
    }
    let mut arguments = signature.inputs.iter();
    match arguments.next() {
        Some(FnArg::Typed(argument)) if is_shared_reference(&argument.ty) => {}
        Some(other) => errors.on(other, format!("{SIGNATURE}: it takes `&Context`")),
        None => errors.on(&signature.ident, format!("{SIGNATURE}: the context is missing")),
    }
    if let Some(more) = arguments.next() {
        errors.on(more, format!("{SIGNATURE}: it takes nothing but the context"));
    }
    if matches!(signature.output, ReturnType::Default) {
        errors.on(&signature.ident, format!("{SIGNATURE}: the result is missing"));
    }
}

fn suggestion(function: &str) -> String {
    format!("service.resource.{}", function.trim_start_matches("r#"))
}

fn is_shared_reference(ty: &Type) -> bool {
    matches!(ty, Type::Reference(reference) if reference.mutability.is_none())
}
