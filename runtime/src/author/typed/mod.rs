//! Operations described by types: what `#[squall::service_client]` expands to.
//!
//! A response's type yields its schema, in JSON Schema 2020-12, and responses are
//! validated against it as against a generated one. A field may declare the microversions
//! that have it, with the spec's own keywords: the schemas are merged ones here too.
//! Not part of the stable API.

mod schema;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use squall_model::blob::SchemaSource;
use squall_model::{
    BodySchema, Merged, Method, Microversion, Operation, OperationSchemas, Paging, ResponseSchema,
    StatusRange, VersionRange,
};

pub use schema::{Query, Received, Sent, read, received, sent};

/// An operation, as declared by a method of a client's trait.
#[derive(Debug)]
pub struct TypedOperation {
    /// The operation's id.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below that of the API version.
    pub path: &'static str,
    /// The first line of the method's documentation.
    pub summary: &'static str,
    /// The versions that have it.
    pub versions: VersionRange,
    /// The statuses of success.
    pub success: &'static [u16],
    /// The statuses of failure.
    pub errors: &'static [u16],
    /// The request's body.
    pub request: BodySchema,
    /// The parameters of the query.
    pub query: Query,
    /// The response's body, whichever the status of success.
    pub response: BodySchema,
    /// How the collection in the response is paged, if it is.
    pub paging: Option<Paging>,
}

impl TypedOperation {
    /// Builds the operation.
    pub fn operation(self) -> Operation {
        let statuses = |codes: &[u16]| -> Cow<'static, [StatusRange]> {
            let every = |status| StatusRange { status, versions: VersionRange::ALL };
            codes.iter().copied().map(every).collect()
        };
        let query = self.query.schema(self.paging.as_ref());
        let boundaries = |schemas: &[Option<&Merged>]| -> Cow<'static, [Microversion]> {
            let all: BTreeSet<Microversion> =
                schemas.iter().flatten().flat_map(|schema| schema.boundaries()).collect();
            all.into_iter().filter(|v| self.versions.contains(Some(*v))).collect()
        };
        Operation {
            id: self.id.into(),
            method: self.method,
            path: self.path.into(),
            action: None,
            summary: self.summary.into(),
            versions: self.versions,
            success: statuses(self.success),
            errors: statuses(self.errors),
            policies: Cow::Borrowed(&[]),
            extension: None,
            paging: self.paging,
            response_boundaries: boundaries(&[self.response.schema()]),
            request_boundaries: boundaries(&[self.request.schema(), query.as_ref()]),
            response_known: self.response != BodySchema::Unknown,
            schemas: SchemaSource::Inline(Arc::new(OperationSchemas {
                request: self.request,
                query,
                responses: self
                    .success
                    .iter()
                    .map(|status| ResponseSchema::new(*status, self.response.clone()))
                    .collect(),
                ..OperationSchemas::default()
            })),
        }
    }
}

/// Builds the operation table of a client, which lives as long as the program.
pub fn table(operations: &'static [LazyLock<Operation>]) -> &'static [&'static Operation] {
    operations.iter().map(|operation| &**operation).collect::<Vec<_>>().leak()
}
