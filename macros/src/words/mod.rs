//! The arguments of `#[squall::test]` and `#[squall::suite]`.

mod check;
mod expand;
mod parse;

use proc_macro2::Span;
use squall_model::service::{KNOWN, ServiceProfile, official};
use syn::{Ident, LitInt, LitStr, Path};

pub(crate) use check::check;
pub(crate) use expand::fields;
pub(crate) use parse::parse;

/// The arguments, in the order in which messages list them.
pub(crate) const WORDS: [&str; 11] = [
    "id",
    "kind",
    "needs",
    "features",
    "identities",
    "tags",
    "timeout",
    "claims",
    "known_bug",
    "fixture",
    "cases",
];

/// The claim to the whole cloud.
pub(crate) const EXCLUSIVE: &str = "exclusive";

/// Returns the names of the services with a built-in client.
pub(crate) fn services() -> Vec<&'static str> {
    KNOWN.iter().map(|row| row.name).filter(|name| !name.is_empty()).collect()
}

/// Returns the name that the runtime has for a service: ours where it has a built-in client,
/// whatever it is called here, and the official type where that is all there is.
pub(crate) fn service_name(service: &ServiceWord) -> String {
    let written = match service {
        ServiceWord::BuiltIn(word) => word.to_string(),
        ServiceWord::Type(text) => text.value(),
    };
    match (ServiceProfile::named(&written), service) {
        (Some(row), _) if !row.name.is_empty() => row.name.to_owned(),
        // An identifier cannot have the `-` of a type.
        (_, ServiceWord::BuiltIn(_)) => official(&written).to_owned(),
        (_, ServiceWord::Type(_)) => written,
    }
}

/// The kinds of tests.
pub(crate) const KINDS: [&str; 12] = [
    "api",
    "contract",
    "negative",
    "boundary",
    "lists",
    "checkers",
    "methods",
    "scenario",
    "microversion",
    "policy",
    "upgrade",
    "destructive",
];

/// The predefined personas: a role in a scope, by default a project.
pub(crate) const PERSONAS: [&str; 12] = [
    "admin",
    "manager",
    "member",
    "reader",
    "service",
    "domain_admin",
    "domain_manager",
    "domain_member",
    "domain_reader",
    "system_admin",
    "system_member",
    "system_reader",
];

/// The arguments of an attribute, as written.
#[derive(Default)]
pub(crate) struct Words {
    pub(crate) id: Option<LitStr>,
    pub(crate) kind: Option<LitStr>,
    pub(crate) needs: Vec<NeedWord>,
    pub(crate) features: Vec<LitStr>,
    pub(crate) identities: Vec<IdentityWord>,
    pub(crate) tags: Vec<TagWord>,
    pub(crate) timeout: Option<LitInt>,
    pub(crate) claims: Vec<ClaimWord>,
    pub(crate) known_bug: Option<LitStr>,
    pub(crate) fixture: Option<Path>,
    pub(crate) cases: Option<Path>,
}

/// `exclusive`, `aggregates` or `servers = 3`.
pub(crate) struct ClaimWord {
    pub(crate) class: Ident,
    pub(crate) units: Option<LitInt>,
}

/// `compute`, `compute >= "2.1"` or `"container-infra" >= "1.10"`.
pub(crate) struct NeedWord {
    pub(crate) service: ServiceWord,
    pub(crate) bound: Option<(Bound, LitStr)>,
}

/// A service by a name that OpenStack or we have for it, or any service by type.
pub(crate) enum ServiceWord {
    BuiltIn(Ident),
    Type(LitStr),
}

/// The kind of a version bound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Bound {
    AtLeast,
    AtMost,
    Exactly,
}

/// `member`, `other = member`, `fresh member` or `creator = "creator+member"`.
pub(crate) struct IdentityWord {
    pub(crate) name: Option<Ident>,
    pub(crate) fresh: bool,
    pub(crate) persona: PersonaWord,
}

/// A predefined persona by name, or a cloud's own roles as a string.
pub(crate) enum PersonaWord {
    Predefined(Ident),
    Roles(LitStr),
}

impl PersonaWord {
    /// Returns the persona in the runtime's form.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Predefined(word) => word.to_string(),
            Self::Roles(text) => text.value(),
        }
    }
}

/// A tag, written as a word or a string.
pub(crate) struct TagWord {
    pub(crate) text: String,
    pub(crate) span: Span,
}
