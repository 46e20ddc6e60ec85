//! Validating messages against the schemas of their microversion.
//!
//! This is the only module that uses the crate `jsonschema`. Schemas are
//! materialised by [`squall_model::Merged::at`], compiled when first needed and
//! cached; see [`Validators`].

mod cache;
mod formats;
mod schema;

use squall_model::Finding;

use crate::exchange::Checked;

pub use cache::Validators;
pub use schema::{Schema, SchemaError, Violation};

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
        let checked = if violations.is_empty() { Checked::Matches } else { Checked::Violates };
        Self { checked, violations }
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
