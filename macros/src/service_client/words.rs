//! Everything that can be written in a client's trait, each word named once.

use syn::{Attribute, Ident, LitInt, LitStr, Signature, Type};

/// The words of the trait's attribute, in the order in which messages list them.
pub(super) const CLIENT_WORDS: [&str; 4] =
    ["service_type", "version_path", "microversions", "name"];

/// The words that may follow a request's path.
pub(super) const REQUEST_WORDS: [&str; 6] =
    ["since", "until", "success", "errors", "id", "envelope"];

/// What can stand before an argument.
pub(super) const ARGUMENT_WORDS: [&str; 2] = ["query", "body"];

/// The requests, by the word of their attribute.
pub(super) const VERBS: [(&str, Verb); 6] = [
    ("get", Verb::Get),
    ("head", Verb::Head),
    ("post", Verb::Post),
    ("put", Verb::Put),
    ("patch", Verb::Patch),
    ("delete", Verb::Delete),
];

/// The methods that every client has.
const TAKEN: [&str; 4] = ["new", "of", "client", "spec"];

/// Tells whether every client has a method of this name.
pub(super) fn is_taken(name: &Ident) -> bool {
    TAKEN.iter().any(|taken| name == taken)
}

/// A request's HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
}

impl Verb {
    /// Tells whether a body would be looked at by nobody (RFC 9110, section 9.3).
    pub(super) fn is_bodiless(self) -> bool {
        matches!(self, Self::Get | Self::Head)
    }
}

/// What the trait's attribute says.
#[derive(Default)]
pub(super) struct ClientWords {
    pub(super) service_type: Option<LitStr>,
    pub(super) version_path: Option<LitStr>,
    pub(super) microversions: Option<(LitStr, LitStr)>,
    pub(super) name: Option<LitStr>,
}

/// One method of the trait.
pub(super) struct Method {
    /// What stands above it, without the request.
    pub(super) attributes: Vec<Attribute>,
    pub(super) signature: Signature,
    pub(super) request: Option<Request>,
    pub(super) arguments: Vec<Argument>,
}

/// `#[get("/secrets/{secret_id}", since = "1.1")]`.
pub(super) struct Request {
    pub(super) word: Ident,
    pub(super) verb: Verb,
    pub(super) path: Option<LitStr>,
    pub(super) since: Option<LitStr>,
    pub(super) until: Option<LitStr>,
    pub(super) success: Vec<LitInt>,
    pub(super) errors: Vec<LitInt>,
    pub(super) id: Option<LitStr>,
    pub(super) envelope: Option<LitStr>,
}

/// An argument, and what becomes of it.
pub(super) struct Argument {
    pub(super) name: Ident,
    pub(super) ty: Type,
    pub(super) role: Role,
}

/// Where an argument goes.
pub(super) enum Role {
    /// Into the braces of its name.
    Path,
    /// Into the query, under its own name or this one.
    Query(Option<LitStr>),
    /// It is the body.
    Body,
}

impl Argument {
    /// Gives its name as a text.
    pub(super) fn text(&self) -> String {
        self.name.to_string().trim_start_matches("r#").to_owned()
    }

    /// Gives the name of the query parameter that it is.
    pub(super) fn parameter(&self) -> String {
        match &self.role {
            Role::Query(Some(name)) => name.value(),
            Role::Query(None) | Role::Path | Role::Body => self.text(),
        }
    }
}
