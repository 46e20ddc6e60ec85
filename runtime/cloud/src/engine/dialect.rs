//! The habits of a service that its description does not have: fields that it sets by itself,
//! and the forms of its ids, times and errors.

use squall_model::service::FaultShape;

use crate::clock::Stamp;

/// How a service names and writes what it sets by itself.
///
/// A field that the schema of an answer does not declare is left out of it, so that a service
/// without `updated_at` needs no dialect of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// The form of its errors.
    pub fault: FaultShape,
    /// The field with the project that owns a resource.
    pub project: &'static str,
    /// The field with the user who created it.
    pub user: &'static str,
    /// The field with the time of its creation.
    pub created: &'static str,
    /// The field with the time of its last change; of creation at first.
    pub updated: &'static str,
    /// How times are written.
    pub stamp: Stamp,
    /// The form of the ids that it gives.
    pub ids: IdForm,
}

/// The form of the ids that a service gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdForm {
    /// A UUID with dashes.
    Uuid,
    /// A UUID without dashes.
    Hex,
    /// A number.
    Number,
}

impl Dialect {
    /// What most services do.
    pub const USUAL: Self = Self {
        fault: FaultShape::Other,
        project: "project_id",
        user: "user_id",
        created: "created_at",
        updated: "updated_at",
        stamp: Stamp::Seconds,
        ids: IdForm::Uuid,
    };
}

impl Default for Dialect {
    fn default() -> Self {
        Self::USUAL
    }
}
