//! How an operation is called: as its description says.

use squall_model::Operation;
use squall_model::description::Description;
pub(crate) use squall_model::description::How;

/// Finds how an operation is called.
pub(crate) fn find(description: &'static Description, operation: &Operation) -> Option<How> {
    description.how(&operation.id)
}
