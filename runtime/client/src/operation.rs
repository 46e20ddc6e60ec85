//! References to operations.

use std::ops::Deref;
use std::sync::Arc;

use squall_model::Operation;

/// An operation of a generated table, or one built at run time.
#[derive(Debug, Clone)]
pub enum OperationRef {
    /// From a generated table.
    Static(&'static Operation),
    /// Built at run time.
    Shared(Arc<Operation>),
}

impl Deref for OperationRef {
    type Target = Operation;

    fn deref(&self) -> &Operation {
        match self {
            Self::Static(operation) => operation,
            Self::Shared(operation) => operation,
        }
    }
}

impl From<&'static Operation> for OperationRef {
    fn from(operation: &'static Operation) -> Self {
        Self::Static(operation)
    }
}

impl From<Arc<Operation>> for OperationRef {
    fn from(operation: Arc<Operation>) -> Self {
        Self::Shared(operation)
    }
}

impl From<&Arc<Operation>> for OperationRef {
    fn from(operation: &Arc<Operation>) -> Self {
        Self::Shared(Arc::clone(operation))
    }
}
