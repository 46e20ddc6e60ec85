//! Filters: a small language for selecting tests.
//!
//! | written | selects |
//! | --- | --- |
//! | `boot`, `servers.b*` | tests whose id or name contains the word, or matches the pattern |
//! | `/boot.*\d/` | tests whose id or name the regular expression matches |
//! | `id(compute.servers.boot)`, `suite(compute.*)`, `package(acme)` | by id, suite, package |
//! | `test(boot)` | by a part of the path in the source |
//! | `service(compute)`, `kind(scenario)`, `tag(smoke)` | by what the test declares; a service by any of its names, as in `service(block-storage)` |
//! | `all()`, `none()` | everything, nothing |
//! | `a & b`, `a \| b`, `!a`, `(…)` | both, either, not; also `and`, `or`, `not` |
//!
//! Tests that are derived from the specs are selected only by a filter that names their kind, as
//! `kind(negative)` and `negative.compute.*` do, and by `all()`.
//!
//! `!` binds tighter than `&`, and `&` tighter than `|`. Inside parentheses a pattern must match
//! exactly, with `*` as a wildcard, or is a `/regular expression/`.

mod error;
mod parse;
mod pattern;

use std::collections::BTreeSet;
use std::ops::Range;

pub use error::FilterError;
use pattern::Pattern;

use crate::model::suggest::did_you_mean;
use crate::program;
use crate::registry::Test;
use crate::services;

/// A parsed filter.
///
/// ```
/// use squall::filter::Filter;
///
/// assert!(Filter::parse("service(compute) & !tag(negative)").is_ok());
/// let error = Filter::parse("service(compute").unwrap_err();
/// assert_eq!(error.to_string(), "the parenthesis is not closed");
/// ```
#[derive(Debug, Clone)]
pub struct Filter {
    source: String,
    root: Expression,
}

#[derive(Debug, Clone)]
enum Expression {
    All,
    None,
    Atom(Atom),
    Not(Box<Expression>),
    Both(Box<Expression>, Box<Expression>),
    Either(Box<Expression>, Box<Expression>),
}

/// One predicate about a test.
#[derive(Debug, Clone)]
struct Atom {
    field: Field,
    pattern: Pattern,
    span: Range<usize>,
}

/// The property that a predicate tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    /// Id or name: a plain word.
    Any,
    Id,
    Test,
    Suite,
    Package,
    Service,
    Kind,
    Tag,
}

/// The fields by name.
const FIELDS: [(&str, Field); 7] = [
    ("id", Field::Id),
    ("test", Field::Test),
    ("suite", Field::Suite),
    ("package", Field::Package),
    ("service", Field::Service),
    ("kind", Field::Kind),
    ("tag", Field::Tag),
];

impl Filter {
    /// Parses a filter.
    pub fn parse(source: &str) -> Result<Self, FilterError> {
        Ok(Self { source: source.to_owned(), root: parse::parse(source)? })
    }

    /// Whether a test is selected.
    pub fn selects(&self, test: &Test) -> bool {
        self.root.holds(test)
    }

    /// Whether the filter names a kind of tests: by `kind(…)` or in an id, or it is of all tests.
    ///
    /// What is derived from the specs is selected only by a filter that names it, so that
    /// `service(compute)` stays as quick as it reads.
    pub fn names_kind(&self, kind: &str) -> bool {
        let mut atoms = Vec::new();
        self.root.atoms(&mut atoms);
        self.root.has_all()
            || atoms.iter().any(|atom| {
                let is_name = matches!(
                    atom.field,
                    Field::Any | Field::Id | Field::Test | Field::Suite | Field::Kind
                );
                is_name && self.source[atom.span.clone()].contains(kind)
            })
    }

    /// Returns an error for every predicate that matches no test, such as a misspelt name, with
    /// the values that exist.
    pub fn unmatched(&self, tests: &[Test]) -> Vec<FilterError> {
        let mut atoms = Vec::new();
        self.root.atoms(&mut atoms);
        atoms
            .into_iter()
            .filter(|atom| !tests.iter().any(|test| atom.holds(test)))
            .map(|atom| {
                let text = &self.source[atom.span.clone()];
                FilterError::new(
                    &self.source,
                    atom.span.clone(),
                    format!("`{text}` matches no test"),
                    atom.field.help(tests, &atom.pattern),
                )
            })
            .collect()
    }
}

impl Expression {
    fn holds(&self, test: &Test) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Atom(atom) => atom.holds(test),
            Self::Not(inner) => !inner.holds(test),
            Self::Both(a, b) => a.holds(test) && b.holds(test),
            Self::Either(a, b) => a.holds(test) || b.holds(test),
        }
    }

    fn has_all(&self) -> bool {
        match self {
            Self::All => true,
            Self::None | Self::Atom(_) => false,
            Self::Not(inner) => inner.has_all(),
            Self::Both(a, b) | Self::Either(a, b) => a.has_all() || b.has_all(),
        }
    }

    fn atoms<'a>(&'a self, out: &mut Vec<&'a Atom>) {
        match self {
            Self::All | Self::None => {}
            Self::Atom(atom) => out.push(atom),
            Self::Not(inner) => inner.atoms(out),
            Self::Both(a, b) | Self::Either(a, b) => {
                a.atoms(out);
                b.atoms(out);
            }
        }
    }
}

impl Atom {
    fn holds(&self, test: &Test) -> bool {
        match self.field {
            // A service may go by any of its names.
            Field::Service => test
                .services()
                .any(|service| services::names(service).any(|name| self.pattern.fits(&name))),
            field => field.values(test).any(|value| self.pattern.fits(value)),
        }
    }
}

impl Field {
    fn values(self, test: &Test) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Self::Any => Box::new([test.id(), &test.name].into_iter()),
            Self::Id => Box::new([test.id()].into_iter()),
            Self::Test => Box::new([test.name.as_str()].into_iter()),
            Self::Suite => Box::new(test.suite.into_iter()),
            Self::Package => Box::new([test.descriptor.package].into_iter()),
            Self::Service => Box::new(test.services()),
            Self::Kind => Box::new([test.kind].into_iter()),
            Self::Tag => Box::new(test.tags.iter().copied()),
        }
    }

    /// Lists the existing values: all of them if there are few.
    fn help(self, tests: &[Test], pattern: &Pattern) -> String {
        const FEW: usize = 16;
        if matches!(self, Self::Any | Self::Id | Self::Test) {
            return format!("`{} list` shows all tests", program::name());
        }
        let known: BTreeSet<&str> = tests.iter().flat_map(|test| self.values(test)).collect();
        let near = pattern.word().and_then(|word| did_you_mean(word, known.iter().copied()));
        if let Some(near) = near {
            return near;
        }
        let shown: Vec<&str> = known.iter().copied().take(FEW).collect();
        match known.len() {
            0 => "no test has one".to_owned(),
            n if n <= FEW => format!("known: {}", shown.join(", ")),
            n => format!("{n} are known, such as {}", shown.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests;
