//! Generates the client that replaces its trait.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use squall_model::paging::pointer;
use syn::spanned::Spanned as _;
use syn::{FnArg, LitStr};

use super::method::{self, optional, value};
use super::words::{Method, Request, Role, Verb, is_taken};
use super::{Client, id};
use crate::emit::{option, range};
use crate::read::microversion;
use crate::summary::summary;

/// Returns the client for a trait without errors.
pub(super) fn expand(client: &Client) -> TokenStream {
    let name = service_name(client);
    // Sorted by id, like every table of operations.
    let mut operations: Vec<(String, &Method, &Request)> = client
        .methods
        .iter()
        .filter_map(|method| {
            let request = method.request.as_ref()?;
            Some((format!("{name}.{}", id::of(request)), method, request))
        })
        .collect();
    operations.sort_by(|a, b| a.0.cmp(&b.0));
    let methods = operations.iter().enumerate().map(|(index, (id, method, request))| {
        let doc = format!("`{} {}`, operation `{id}`.", shown(request), path(request));
        let body = call(index, method, request);
        signature(client, method, &[&doc], &body)
    });
    let count = operations.len();
    let entries = operations.iter().map(|(id, method, request)| entry(client, id, method, request));
    let service_type = &client.words.service_type;
    let version_path = client.words.version_path.as_ref().map(LitStr::value).unwrap_or_default();
    let (first, last) = client.words.microversions.as_ref().map(|(a, b)| (a, b)).unzip();
    let versions = range(first, last);
    let spec = quote! {
        static SPEC: ::std::sync::LazyLock<::squall::model::ServiceSpec> =
            ::std::sync::LazyLock::new(|| ::squall::model::ServiceSpec {
                service_type: #service_type,
                name: #name,
                version_path: #version_path,
                versions: #versions,
                source: ::core::concat!(
                    ::core::env!("CARGO_PKG_NAME"), " ", ::core::env!("CARGO_PKG_VERSION")
                ),
                history: &[],
                operations: ::squall::__private::typed::table(&OPERATIONS),
            });
        &SPEC
    };
    let statics = quote! {
        static OPERATIONS: [::std::sync::LazyLock<::squall::model::Operation>; #count] =
            [#(#entries),*];
    };
    whole(client, &statics, &spec, methods)
}

/// Returns a client that compiles but cannot be called, for a trait with errors.
pub(super) fn outline(client: &Client) -> TokenStream {
    let never = quote!(::core::unreachable!());
    let callable = client
        .methods
        .iter()
        .filter(|method| method::has_receiver(method) && !is_taken(&method.signature.ident));
    let methods = callable.map(|method| {
        let method = signature(client, method, &[], &never);
        quote!(#[allow(unused_variables, reason = "the outline does not call anything")] #method)
    });
    whole(client, &TokenStream::new(), &never, methods)
}

fn whole(
    client: &Client,
    statics: &TokenStream,
    spec: &TokenStream,
    methods: impl Iterator<Item = TokenStream>,
) -> TokenStream {
    let (ident, vis) = (&client.item.ident, &client.item.vis);
    let attributes = &client.item.attrs;
    let conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    quote! {
        #(#attributes)*
        #[derive(Debug, Clone)]
        #vis struct #ident(::squall::client::ServiceClient);

        #(#conditions)*
        const _: () = {
            #statics

            #[allow(dead_code, reason = "not every client needs all of them")]
            impl #ident {
                /// Returns the service's versions and operations.
                #vis fn spec() -> &'static ::squall::model::ServiceSpec {
                    #spec
                }

                /// Creates the client of a session.
                #vis fn of(session: &::squall::client::Session) -> Self {
                    Self::new(session.service(Self::spec()))
                }

                /// Wraps a service client.
                #vis fn new(client: ::squall::client::ServiceClient) -> Self {
                    Self(client)
                }

                /// Returns the wrapped service client.
                #vis fn client(&self) -> &::squall::client::ServiceClient {
                    &self.0
                }
            }

            impl #ident {
                #(#methods)*
            }
        };
    }
}

/// Returns a method with this body.
fn signature(client: &Client, method: &Method, docs: &[&str], body: &TokenStream) -> TokenStream {
    let vis = &client.item.vis;
    let (attributes, ident) = (&method.attributes, &method.signature.ident);
    let separator = (!attributes.is_empty() && !docs.is_empty()).then(|| quote!(#[doc = ""]));
    let inputs = method.signature.inputs.iter().map(|input| {
        let mut input = input.clone();
        if let FnArg::Typed(argument) = &mut input {
            argument.attrs.clear();
        }
        input
    });
    let value =
        if let Some(ty) = value(&method.signature.output) { quote!(#ty) } else { quote!(()) };
    quote! {
        #(#attributes)*
        #separator
        #(#[doc = #docs])*
        #vis fn #ident(#(#inputs),*) -> ::squall::client::Call<#value> {
            #body
        }
    }
}

/// Returns the call of a method.
fn call(index: usize, method: &Method, request: &Request) -> TokenStream {
    let receiver = method.signature.receiver().map(|receiver| &receiver.self_token);
    let decoder = if let Some(ty) = value(&method.signature.output) {
        quote_spanned!(ty.span()=> ::squall::__private::typed::read::<#ty>)
    } else {
        quote!(::squall::client::decode::nothing)
    };
    let key = &request.envelope;
    let arguments = method.arguments.iter().map(|argument| {
        let (ident, name) = (&argument.name, argument.text());
        let parameter = argument.parameter();
        match &argument.role {
            Role::Path => quote_spanned!(ident.span()=> .path(#name, #ident)),
            Role::Query(_) if optional(&argument.ty).is_some() => {
                quote_spanned!(ident.span()=> .query_some(#parameter, #ident))
            }
            Role::Query(_) => quote_spanned!(ident.span()=> .query(#parameter, #ident)),
            Role::Body => {
                let key = option(key.as_ref());
                quote_spanned!(ident.span()=> .serde_body(#key, &#ident))
            }
        }
    });
    let opened = value(&method.signature.output).and(key.as_ref());
    let envelope = opened.map(|key| quote!(.envelope(#key)));
    quote!(#receiver.0.call(&*OPERATIONS[#index], #decoder) #(#arguments)* #envelope)
}

/// Returns an operation of the table.
fn entry(client: &Client, id: &str, method: &Method, request: &Request) -> TokenStream {
    let verb = syn::Ident::new(&format!("{:?}", request.verb), request.word.span());
    let path = path(request);
    let summary = match summary(&method.attributes) {
        text if text.is_empty() => text,
        text => format!("{text}."),
    };
    let first = client.words.microversions.as_ref().map(|(first, _)| first);
    // A range from the service's first version on has no minimum.
    let is_first =
        |since: &LitStr| first.is_some_and(|first| microversion(first) == microversion(since));
    let since = request.since.as_ref().filter(|since| !is_first(since));
    let versions = range(since, request.until.as_ref());
    let success = statuses(method, request);
    let errors = &request.errors;
    let key = option(request.envelope.as_ref());
    let body = if let Some(argument) = method::body(method) {
        let ty = &argument.ty;
        quote_spanned!(ty.span()=> ::squall::__private::typed::sent::<#ty>(#key))
    } else {
        quote!(::squall::model::BodySchema::None)
    };
    let response = if let Some(ty) = value(&method.signature.output) {
        quote_spanned!(ty.span()=> ::squall::__private::typed::received::<#ty>(#key))
    } else {
        quote!(::squall::model::BodySchema::None)
    };
    let paging = paging(request);
    let parameters = method.arguments.iter().filter_map(|argument| {
        let Role::Query(_) = &argument.role else { return None };
        let name = argument.parameter();
        let (word, ty) = if let Some(inner) = optional(&argument.ty) {
            (quote!(optional), inner)
        } else {
            (quote!(required), &argument.ty)
        };
        Some(quote_spanned!(ty.span()=> .#word::<#ty>(#name)))
    });
    quote! {
        ::std::sync::LazyLock::new(|| ::squall::__private::typed::TypedOperation {
            id: #id,
            method: ::squall::model::Method::#verb,
            path: #path,
            summary: #summary,
            versions: #versions,
            success: &[#(#success),*],
            errors: &[#(#errors),*],
            request: #body,
            query: ::squall::__private::typed::Query::new()#(#parameters)*,
            response: #response,
            paging: #paging,
        }.operation())
    }
}

/// Returns the paging of a request: its collection is the body's list, in the envelope if
/// there is one.
fn paging(request: &Request) -> TokenStream {
    let paging = request.paging.as_ref().map(|paging| {
        let key = request.envelope.as_ref().map(LitStr::value);
        let collection =
            key.map_or_else(String::new, |key| pointer(&format!("/{}", escaped(&key))));
        if let Some(next) = &paging.next {
            let next = pointer(&next.value());
            return quote!(::squall::model::Paging::Link {
                collection: #collection.into(),
                next: #next.into(),
            });
        }
        let markers = paging.markers.iter().map(|marker| pointer(&marker.value()));
        quote!(::squall::model::Paging::Marker {
            collection: #collection.into(),
            markers: ::std::vec![#(#markers.into()),*].into(),
        })
    });
    option(paging.as_ref())
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Returns the statuses of success, or the default.
fn statuses(method: &Method, request: &Request) -> Vec<TokenStream> {
    if !request.success.is_empty() {
        return request.success.iter().map(|status| quote!(#status)).collect();
    }
    vec![match (request.verb, value(&method.signature.output)) {
        (_, None) => quote!(204),
        (Verb::Post, Some(_)) => quote!(201),
        (_, Some(_)) => quote!(200),
    }]
}

/// Returns the first part of the operation ids.
fn service_name(client: &Client) -> String {
    let words = &client.words;
    match (&words.name, &words.service_type) {
        (Some(name), _) => name.value(),
        (None, service_type) => {
            service_type.as_ref().map(LitStr::value).unwrap_or_default().replace('-', "_")
        }
    }
}

fn path(request: &Request) -> String {
    request.path.as_ref().map(LitStr::value).unwrap_or_default()
}

fn shown(request: &Request) -> String {
    request.word.to_string().to_uppercase()
}
