//! The model as the reader of descriptions sees it.

use squall_description::{OperationInfo, Operations};
use squall_model::VersionRange;

use crate::model::{Operation, Service};

impl Operations for Service {
    fn service(&self) -> &str {
        &self.name
    }

    fn versions(&self) -> VersionRange {
        self.versions
    }

    fn operations(&self) -> Vec<OperationInfo<'_>> {
        self.operations.iter().map(info).collect()
    }
}

fn info(operation: &Operation) -> OperationInfo<'_> {
    OperationInfo {
        id: &operation.id,
        method: operation.method,
        path: &operation.path,
        versions: operation.versions,
        success: &operation.success,
        extension: operation.extension.as_deref(),
        policies: &operation.policies,
    }
}
