//! Operations that swift's middlewares handle, selected by a query parameter.
//!
//! The spec has one operation a method and path, with one body; these have bodies of
//! their own, and so an id of their own.

use std::sync::LazyLock;

use crate::model::{BodySchema, Method, Operation, VersionRange};
use crate::typed::{Query, TypedOperation, received};

use super::manifest::StoredSegment;
use super::report::BulkReport;

/// `POST /?bulk-delete`.
pub(super) static BULK_DELETE: LazyLock<Operation> = LazyLock::new(|| {
    operation("object_storage.bulk.delete", Method::Post, "/", &[200], received::<BulkReport>(None))
});

/// `PUT /{container}?extract-archive=…`: a `create`, so that the guard lets it into
/// containers of the run alone.
pub(super) static EXTRACT: LazyLock<Operation> = LazyLock::new(|| {
    let id = "object_storage.archive_contents.create";
    operation(id, Method::Put, "/{container}", &[200], received::<BulkReport>(None))
});

/// `DELETE /{container}/{object}?multipart-manifest=delete`.
pub(super) static DELETE_SEGMENTS: LazyLock<Operation> = LazyLock::new(|| {
    let id = "object_storage.segments.delete";
    operation(id, Method::Delete, OBJECT, &[200], received::<BulkReport>(None))
});

/// `GET /{container}/{object}?multipart-manifest=get`.
pub(super) static SHOW_MANIFEST: LazyLock<Operation> = LazyLock::new(|| {
    let id = "object_storage.manifests.show";
    operation(id, Method::Get, OBJECT, &[200], received::<Vec<StoredSegment>>(None))
});

/// `GET /{container}/{page}` of a web site; the page may be empty.
pub(super) static SHOW_PAGE: LazyLock<Operation> = LazyLock::new(|| {
    let id = "object_storage.pages.show";
    operation(id, Method::Get, "/{page}", &[200], BodySchema::Unknown)
});

/// Returns the ids of these operations, which no spec contains.
pub(crate) fn beside_the_specs() -> impl Iterator<Item = &'static str> {
    [&BULK_DELETE, &EXTRACT, &DELETE_SEGMENTS, &SHOW_MANIFEST, &SHOW_PAGE]
        .into_iter()
        .map(|operation| operation.id.as_ref())
}

const OBJECT: &str = "/{container}/{object}";

fn operation(
    id: &'static str,
    method: Method,
    path: &'static str,
    success: &'static [u16],
    response: BodySchema,
) -> Operation {
    TypedOperation {
        id,
        method,
        path,
        summary: "",
        versions: VersionRange::ALL,
        success,
        errors: &[400, 401, 403, 404, 406, 409, 413],
        request: BodySchema::Unknown,
        query: Query::new(),
        response,
        paging: None,
    }
    .operation()
}
