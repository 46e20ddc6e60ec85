//! The arguments and attributes in a client's trait, and the parsed trait.

use syn::{Attribute, Ident, LitInt, LitStr, Signature, Type};

/// The arguments of the trait's attribute, in the order in which messages list them.
pub(super) const CLIENT_WORDS: [&str; 4] =
    ["service_type", "version_path", "microversions", "name"];

/// The arguments that may follow a request's path.
pub(super) const REQUEST_WORDS: [&str; 7] =
    ["since", "until", "success", "errors", "id", "envelope", "paging"];

/// The arguments of `paging(…)`.
pub(super) const PAGING_WORDS: [&str; 2] = ["marker", "next"];

/// The attributes of method arguments.
pub(super) const ARGUMENT_WORDS: [&str; 2] = ["query", "body"];

/// The HTTP methods, by attribute.
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

/// Whether every client has a method of this name.
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
    /// Whether a request body has no meaning (RFC 9110, section 9.3).
    pub(super) fn is_bodiless(self) -> bool {
        matches!(self, Self::Get | Self::Head)
    }
}

/// The arguments of the trait's attribute.
#[derive(Default)]
pub(super) struct ClientWords {
    pub(super) service_type: Option<LitStr>,
    pub(super) version_path: Option<LitStr>,
    pub(super) microversions: Option<(LitStr, LitStr)>,
    pub(super) name: Option<LitStr>,
}

/// A method of the trait.
pub(super) struct Method {
    /// Its attributes except for the request.
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
    pub(super) paging: Option<PagingWord>,
}

/// `paging(marker = "id")` or `paging(next = "next")`.
pub(super) struct PagingWord {
    pub(super) word: Ident,
    /// The fields of an item, the first of which that it has is its marker.
    pub(super) markers: Vec<LitStr>,
    /// The field of the body with the link to the next page.
    pub(super) next: Option<LitStr>,
}

/// A method argument and its use.
pub(super) struct Argument {
    pub(super) name: Ident,
    pub(super) ty: Type,
    pub(super) role: Role,
}

/// How an argument is used.
pub(super) enum Role {
    /// As the path parameter of its name.
    Path,
    /// As a query parameter, with its own name or this one.
    Query(Option<LitStr>),
    /// As the body.
    Body,
}

impl Argument {
    /// Returns the argument's name.
    pub(super) fn text(&self) -> String {
        self.name.to_string().trim_start_matches("r#").to_owned()
    }

    /// Returns the name of the query parameter.
    pub(super) fn parameter(&self) -> String {
        match &self.role {
            Role::Query(Some(name)) => name.value(),
            Role::Query(None) | Role::Path | Role::Body => self.text(),
        }
    }
}
