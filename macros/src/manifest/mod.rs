//! `squall::manifest!`, `squall::main!` and `squall::harness!`: a program, and the count of
//! tests that must be registered in it.

mod count;

use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Ident, Token};

use count::{Counted, count};

/// The constant that `manifest!` defines at a crate's root.
const CONSTANT: &str = "SQUALL_MANIFEST";

/// What a program's `main` calls.
#[derive(Clone, Copy)]
pub(crate) enum Program {
    /// The command line.
    CommandLine,
    /// A test target with the options of libtest.
    Harness,
}

/// Expands `manifest!()`.
pub(crate) fn manifest(input: TokenStream) -> TokenStream {
    if let Some(token) = input.into_iter().next() {
        return syn::Error::new(token.span(), "`squall::manifest!()` takes no arguments")
            .to_compile_error();
    }
    let constant = Ident::new(CONSTANT, Span::call_site());
    let value = match own_manifest() {
        Ok(value) => value,
        Err(error) => return error.to_compile_error(),
    };
    quote! {
        #[doc(hidden)]
        pub const #constant: ::squall::registry::Manifest = #value;
    }
}

/// Expands `main!(…)` and `harness!(…)`, which name the crates with tests.
pub(crate) fn program(input: TokenStream, program: Program) -> TokenStream {
    let parser = Punctuated::<Ident, Token![,]>::parse_terminated;
    let crates = match syn::parse::Parser::parse2(parser, input) {
        Ok(crates) => crates,
        Err(error) => {
            let message = "expected names of crates with tests, as in `squall::main!(acme_tests)`";
            return syn::Error::new(error.span(), message).to_compile_error();
        }
    };
    let own = match own_manifest() {
        Ok(value) => value,
        Err(error) => return error.to_compile_error(),
    };
    let constant = Ident::new(CONSTANT, Span::call_site());
    let others = crates.iter().map(|name| quote!(::#name::#constant));
    let run = match program {
        Program::CommandLine => quote!(::squall::cli::main),
        Program::Harness => quote!(::squall::harness::main),
    };
    quote! {
        fn main() -> ::std::process::ExitCode {
            #run(&[#own, #(#others),*])
        }
    }
}

/// Returns the manifest of the package being compiled.
fn own_manifest() -> syn::Result<TokenStream> {
    let failed = |what: String| syn::Error::new(Span::call_site(), what);
    let root = std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| failed("CARGO_MANIFEST_DIR is not set: build with cargo".into()))?;
    let source = root.join("src");
    let files = count(&source)
        .map_err(|(path, error)| failed(format!("failed to read {}: {error}", path.display())))?;
    let entries = files.iter().map(|file| entry(&root, file));
    Ok(quote! {
        ::squall::registry::Manifest {
            package: ::core::env!("CARGO_PKG_NAME"),
            files: &[#(#entries),*],
        }
    })
}

/// Writes a file's entry. Including the file makes the compiler track it, so that the count
/// is updated when it changes.
fn entry(root: &Path, file: &Counted) -> TokenStream {
    let Counted { path, tests, conditional } = file;
    let full = path.to_string_lossy();
    let below = path.strip_prefix(root).unwrap_or(path);
    let below: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    let below = below.join("/");
    quote! {{
        const _: &[u8] = ::core::include_bytes!(#full);
        ::squall::registry::ManifestFile { path: #below, tests: #tests, conditional: #conditional }
    }}
}
