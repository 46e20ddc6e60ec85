//! What follows from the schema of a request: for each constraint the values that break it and
//! the values that just keep it.
//!
//! It starts from a schema, materialised at a version, and a valid instance of it, and changes
//! one thing at a time. A [`Constraint`] is a keyword of the schema at a place of the request;
//! its [`Change`] turns the valid request into one that breaks exactly this keyword, or into one
//! that sits at its bound. Every candidate is held against the validator that the client uses:
//! one that should break the schema and does not is dropped, and so is one that should be
//! accepted and is not.
//!
//! Nothing here knows a cloud or sends a request, so that the same functions serve the lists of
//! cases that are committed, the suites that send them, and any other use of a plan of requests.

mod body;
mod bounds;
mod broken;
mod change;
mod constraint;
pub mod lists;
mod query;
mod standin;
mod values;
mod versions;

pub use body::body;
pub use change::{Change, apply, apply_to_query};
pub use constraint::{Constraint, ConstraintPlace};
pub use query::query;
pub use standin::stand_ins;
pub use versions::{ConstrainedRequest, derive};
