//! Checks the function with the test attribute.

use proc_macro2::Span;
use syn::{FnArg, ItemFn, ReturnType, Type};

use crate::errors::Errors;
use crate::words::Words;

/// The start of every message about the signature.
const SIGNATURE: &str = "a test must be `async fn name(ctx: &Context) -> squall::Result`";

/// Checks the signature.
pub(super) fn check(words: &Words, function: &ItemFn, errors: &mut Errors) {
    let signature = &function.sig;
    if words.id.is_none() {
        let id = suggestion(&signature.ident.to_string());
        errors.at(
            Span::call_site(),
            format!("a test needs an id: `id = \"{id}\"`; it stays the same when the function is renamed"),
        );
    }
    if let Some(fixture) = &words.fixture {
        errors.on(
            fixture,
            "`fixture` is only for suites: create what a single test needs in its body",
        );
    }
    if signature.asyncness.is_none() {
        errors.on(signature.fn_token, format!("{SIGNATURE}: `async` is missing"));
    }
    if !signature.generics.params.is_empty() {
        errors.on(&signature.generics, format!("{SIGNATURE}: it must not be generic"));
    }
    let mut arguments = signature.inputs.iter();
    match arguments.next() {
        Some(FnArg::Typed(argument)) if is_shared_reference(&argument.ty) => {}
        Some(other) => errors.on(other, format!("{SIGNATURE}: the argument must be `&Context`")),
        None => errors.on(&signature.ident, format!("{SIGNATURE}: the context is missing")),
    }
    if let Some(more) = arguments.next() {
        errors.on(more, format!("{SIGNATURE}: the context is the only argument"));
    }
    if matches!(signature.output, ReturnType::Default) {
        errors.on(&signature.ident, format!("{SIGNATURE}: the return type is missing"));
    }
}

fn suggestion(function: &str) -> String {
    format!("service.resource.{}", function.trim_start_matches("r#"))
}

fn is_shared_reference(ty: &Type) -> bool {
    matches!(ty, Type::Reference(reference) if reference.mutability.is_none())
}
