//! Validating messages against the schemas of their microversion.
//!
//! This is the only module that uses the crate `jsonschema`. Schemas are
//! materialised by [`squall_model::Merged::at`], compiled when first needed and
//! cached; see [`Validators`].

mod cache;
mod formats;
mod headers;
mod response;
mod schema;

use http::HeaderMap;
use squall_model::{Finding, Merged, Severity};

use crate::body::Body;
use crate::exchange::Checked;

pub use cache::Validators;
pub use schema::{Schema, SchemaError, Violation};

/// What a response has that its spec does not describe so, in order: its body, its headers, its
/// status.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ResponseComparison {
    /// Whether a spec describes the body, or says that there is none.
    pub described: bool,
    /// The differences.
    pub deviations: Vec<Deviation>,
}

/// A difference between a response and its spec.
#[derive(Debug, Clone, PartialEq)]
pub struct Deviation {
    /// What differs, as data.
    pub kind: DeviationKind,
    /// The same for people.
    pub finding: Finding,
}

/// What a spec says of the responses of one status.
#[derive(Debug, Clone, Default)]
pub struct ResponseDescription {
    /// The names of the headers; a final `*` stands for any ending.
    pub headers: Vec<String>,
    /// The schemas of the body: one of a success, those of all media types of an error.
    pub schemas: Vec<Merged>,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviationKind {
    /// The operation does not declare the status at this version.
    Status,
    /// There is a body, and the spec says that there is none.
    UnexpectedBody,
    /// There is no body, or not one of the described media type.
    OtherBody,
    /// A value in the body violates its schema.
    Value(Violation),
    /// A header is missing that every such response has.
    HeaderMissing(String),
    /// The value of a header violates its schema.
    HeaderValue(String),
}

impl ResponseComparison {
    const UNDESCRIBED: Self = Self { described: false, deviations: Vec::new() };

    fn described(deviations: Vec<Deviation>) -> Self {
        Self { described: true, deviations }
    }
}

impl From<ResponseComparison> for ValidationOutcome {
    fn from(comparison: ResponseComparison) -> Self {
        let ResponseComparison { described, deviations } = comparison;
        if !described && deviations.is_empty() {
            return Self::UNKNOWN;
        }
        Self::found(deviations.into_iter().map(|deviation| deviation.finding).collect())
    }
}

/// What violations of a spec do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Validation {
    /// They fail the call.
    #[default]
    Strict,
    /// They are reported to the observer, and the call succeeds.
    Report,
    /// Responses are not validated.
    Off,
}

/// What keys in a response are that the spec does not have.
///
/// Vendors extend the APIs of services; on such a cloud the keys that they add are no errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum UnknownKeys {
    /// Errors, like every other violation.
    #[default]
    Refuse,
    /// Warnings: they are reported to the observer and fail nothing.
    Warn,
}

/// A response, as far as a spec describes one.
#[derive(Debug, Clone, Copy)]
pub struct ResponseParts<'a> {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: &'a Body,
}

/// The result of validating a message.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidationOutcome {
    /// Whether it was checked, and matched.
    pub checked: Checked,
    /// All violations.
    pub violations: Vec<Finding>,
}

impl ValidationOutcome {
    /// No schema describes the message.
    pub const UNKNOWN: Self = Self { checked: Checked::Unknown, violations: Vec::new() };

    /// Creates a result from the violations found.
    pub fn found(violations: Vec<Finding>) -> Self {
        let mut found = Self { checked: Checked::Matches, violations };
        if found.errors().next().is_some() {
            found.checked = Checked::Violates;
        }
        found
    }

    /// Returns the violations that are errors.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.violations.iter().filter(|finding| finding.severity == Severity::Error)
    }

    /// Adds further violations; a message without a schema stays unknown unless
    /// there are any.
    #[must_use]
    pub fn and(mut self, more: Vec<Finding>) -> Self {
        if !more.is_empty() {
            self.checked = Checked::Violates;
            self.violations.extend(more);
        }
        self
    }
}
