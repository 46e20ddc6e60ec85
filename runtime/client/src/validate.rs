//! Holding messages against the schemas of the version they were made at.
//!
//! This is the only place that knows the crate `jsonschema`. Schemas are
//! materialised by [`squall_model::Merged::at`], compiled when first needed and
//! kept, see [`Validators`].

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
    /// They make a call fail.
    #[default]
    Strict,
    /// They are told to the observer, and the call goes on.
    Report,
    /// Nobody looks.
    Off,
}

/// What came out of holding a message against its schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// How it was held.
    pub checked: Checked,
    /// Everything in which it does not match.
    pub violations: Vec<Finding>,
}

impl Outcome {
    /// Says that nobody described the message.
    pub const UNKNOWN: Self = Self { checked: Checked::Unknown, violations: Vec::new() };

    /// Judges by what was found.
    pub fn found(violations: Vec<Finding>) -> Self {
        let checked = if violations.is_empty() { Checked::Matches } else { Checked::Violates };
        Self { checked, violations }
    }

    /// Adds what was found elsewhere; a message that nobody described stays
    /// unknown unless something is wrong with it.
    #[must_use]
    pub fn and(mut self, more: Vec<Finding>) -> Self {
        if !more.is_empty() {
            self.checked = Checked::Violates;
            self.violations.extend(more);
        }
        self
    }
}
