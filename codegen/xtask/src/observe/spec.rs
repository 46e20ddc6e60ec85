//! A spec as the client reads it: an operation table with a blob of schemas, without a generated
//! crate.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use squall_client::OperationRef;
use squall_codegen::emit::blob;
use squall_codegen::model::Service;
use squall_model::blob::{SchemaBlob, SchemaSource};
use squall_model::{BodySchema, Operation};

use crate::specs;

/// A service's spec.
pub(crate) struct Spec {
    pub(super) folder: String,
    pub(crate) service: Service,
    /// The document as it is written.
    pub(super) document: Value,
    operations: BTreeMap<String, OperationRef>,
}

impl Spec {
    pub(super) fn read(root: &Path, folder: &str) -> miette::Result<Self> {
        let service = specs::service(root, folder)?;
        let file = root.join("api-specs").join(folder).join("openapi.yaml");
        let document = specs::document(&file)?.unwrap_or_default();
        Ok(Self::new(folder, service, document))
    }

    pub(super) fn new(folder: &str, service: Service, document: Value) -> Self {
        let operations = operations(&service);
        Self { folder: folder.to_owned(), service, document, operations }
    }

    pub(super) fn operation(&self, id: &str) -> Option<&OperationRef> {
        self.operations.get(id)
    }
}

/// Creates the operations. Their schemas are in memory until the command ends.
fn operations(service: &Service) -> BTreeMap<String, OperationRef> {
    let emitted = blob::emit(service);
    let blob =
        SchemaBlob { bytes: Box::leak(emitted.bytes.into_boxed_slice()), shared: emitted.shared };
    let operation =
        |(operation, (start, len)): (&squall_codegen::model::Operation, &(usize, usize))| {
            let made = Operation {
                id: Cow::Owned(operation.id.clone()),
                method: operation.method,
                path: Cow::Owned(operation.path.clone()),
                action: operation.action.clone().map(Cow::Owned),
                summary: Cow::Borrowed(""),
                versions: operation.versions,
                success: operation.success.clone().into(),
                errors: operation.errors.clone().into(),
                policies: Cow::Borrowed(&[]),
                extension: operation.extension.clone().map(Cow::Owned),
                paging: None,
                response_boundaries: operation.response_boundaries().into(),
                request_boundaries: operation.request_boundaries().into(),
                response_known: operation
                    .schemas
                    .responses
                    .iter()
                    .any(|r| r.body != BodySchema::Unknown),
                schemas: SchemaSource::Blob { blob, start: *start, len: *len },
            };
            (operation.id.clone(), OperationRef::from(Arc::new(made)))
        };
    service.operations.iter().zip(&emitted.places).map(operation).collect()
}
