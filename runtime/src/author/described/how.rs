//! How an operation is called: as its description says.

use squall_model::Operation;
use squall_model::description::{DescribedCall, DescribedRequest, Description, Resource};

/// How an operation is called.
#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    /// It creates a resource.
    Creates(&'static Resource),
    /// It is a standard operation of a resource.
    Standard(&'static Resource, &'static DescribedRequest),
    /// It has a call of its own.
    Called(&'static DescribedCall),
}

/// Finds how an operation is called.
pub(super) fn find(description: &'static Description, operation: &Operation) -> Option<How> {
    let id = operation.id.as_ref();
    if let Some(call) = description.call(id) {
        return Some(How::Called(call));
    }
    description.resources.iter().find_map(|resource| {
        if resource.creating().is_some_and(|request| request.operation == id) {
            return Some(How::Creates(resource));
        }
        let standard = resource.standard.iter().find(|request| request.operation == id)?;
        Some(How::Standard(resource, standard))
    })
}
