//! Checks the function with the test attribute.

use proc_macro2::Span;
use syn::{FnArg, ItemFn, ReturnType, Type};

use crate::errors::Errors;
use crate::words::Words;

/// The start of every message about the signature.
const SIGNATURE: &str = "a test must be `async fn name(ctx: &Context) -> squall::Result`";

/// The same for a test with cases.
const WITH_CASES: &str =
    "a test with cases must be `async fn name(ctx: &Context, case: &T) -> squall::Result`";

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
    let form = if words.cases.is_some() { WITH_CASES } else { SIGNATURE };
    match arguments.next() {
        Some(FnArg::Typed(argument)) if is_shared_reference(&argument.ty) => {}
        Some(other) => errors.on(other, format!("{form}: the argument must be `&Context`")),
        None => errors.on(&signature.ident, format!("{form}: the context is missing")),
    }
    match (&words.cases, arguments.next()) {
        (None, Some(more)) => errors.on(
            more,
            format!("{SIGNATURE}: the context is the only argument, unless the test has `cases`"),
        ),
        (Some(_), Some(FnArg::Typed(case))) if is_shared_reference(&case.ty) => {}
        (Some(_), Some(other)) => {
            errors.on(other, format!("{WITH_CASES}: the case must be a reference"));
        }
        (Some(_), None) => {
            errors.on(&signature.ident, format!("{WITH_CASES}: the case is missing"));
        }
        (None, None) => {}
    }
    if let Some(more) = arguments.next().filter(|_| words.cases.is_some()) {
        errors.on(more, format!("{WITH_CASES}: there are no other arguments"));
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
