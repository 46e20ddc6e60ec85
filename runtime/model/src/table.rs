//! Macros to write operations into a `static` with few lines.
//!
//! Generated crates have about a thousand operations. Without the macros each would take
//! thirty lines, most of them for absent values.

/// Creates an [`Operation`](crate::Operation) that can be used in a `static`.
///
/// - A range is written `from (2, 19) to (2, 35)`; leave out an end that is unbounded. `all`
///   is every version; a status without a range is for every version.
/// - `summary`, `versions`, `success` and `response_known` are required. Everything after
///   them is optional, but the order is fixed.
/// - `paging` has JSON pointers: the collection, and after `by` the markers of an item, or
///   after `next` the link to the next page.
/// - `schemas` names the blob, and start and length of the document in it.
///
/// ```
/// use squall_model::{Method, Operation, operation};
/// static LIST: Operation = operation! {
///     "compute.tags.list" Get "/servers/{server_id}/tags",
///     summary: "List a server's tags.",
///     versions: from (2, 26),
///     success: [200],
///     response_known: true,
///     errors: [404],
///     policies: [Gate "os_compute_api:os-server-tags:index"],
/// };
/// assert_eq!((LIST.method, LIST.versions.to_string().as_str()), (Method::Get, "2.26 and later"));
/// ```
#[macro_export]
macro_rules! operation {
    (
        $id:literal $method:ident $path:literal $(action $action:literal)?,
        summary: $summary:literal,
        versions: $(all)? $(from $min:tt)? $(to $max:tt)?,
        success: [$($success:literal $(from $smin:tt)? $(to $smax:tt)?),* $(,)?],
        response_known: $known:literal,
        $(errors: [$($error:literal $(from $emin:tt)? $(to $emax:tt)?),* $(,)?],)?
        $(policies: [$($gate:ident $rule:literal),* $(,)?],)?
        $(extension: $extension:literal,)?
        $(paging: $paging:tt,)?
        $(response_boundaries: [$($response:tt),* $(,)?],)?
        $(request_boundaries: [$($request:tt),* $(,)?],)?
        $(schemas: $blob:ident $start:literal $len:literal,)?
    ) => {
        $crate::Operation {
            id: $crate::table::Cow::Borrowed($id),
            method: $crate::Method::$method,
            path: $crate::table::Cow::Borrowed($path),
            action: $crate::operation!(@option $($crate::table::Cow::Borrowed($action))?),
            summary: $crate::table::Cow::Borrowed($summary),
            versions: $crate::operation!(@range [$($min)?] [$($max)?]),
            success: $crate::table::Cow::Borrowed(&[$(
                $crate::StatusRange {
                    status: $success,
                    versions: $crate::operation!(@range [$($smin)?] [$($smax)?]),
                }
            ),*]),
            errors: $crate::table::Cow::Borrowed(&[$($(
                $crate::StatusRange {
                    status: $error,
                    versions: $crate::operation!(@range [$($emin)?] [$($emax)?]),
                }
            ),*)?]),
            policies: $crate::table::Cow::Borrowed(&[$($(
                $crate::PolicyRef {
                    rule: $crate::table::Cow::Borrowed($rule),
                    gate: $crate::Gate::$gate,
                }
            ),*)?]),
            extension: $crate::operation!(@option $($crate::table::Cow::Borrowed($extension))?),
            paging: $crate::operation!(@option $($crate::operation!(@paging $paging))?),
            response_boundaries: $crate::table::Cow::Borrowed(
                &[$($($crate::operation!(@version $response)),*)?],
            ),
            request_boundaries: $crate::table::Cow::Borrowed(
                &[$($($crate::operation!(@version $request)),*)?],
            ),
            response_known: $known,
            schemas: $crate::operation!(@schemas $($blob $start $len)?),
        }
    };
    (@option) => { None };
    (@option $value:expr) => { Some($value) };
    (@range [$($min:tt)?] [$($max:tt)?]) => {
        $crate::VersionRange {
            min: $crate::operation!(@option $($crate::operation!(@version $min))?),
            max: $crate::operation!(@option $($crate::operation!(@version $max))?),
        }
    };
    (@version ($major:literal, $minor:literal)) => {
        $crate::Microversion { major: $major, minor: $minor }
    };
    (@paging ($collection:literal by $($marker:literal)+)) => {
        $crate::Paging::Marker {
            collection: $crate::table::Cow::Borrowed($collection),
            markers: $crate::table::Cow::Borrowed(&[$($crate::table::Cow::Borrowed($marker)),+]),
        }
    };
    (@paging ($collection:literal next $next:literal)) => {
        $crate::Paging::Link {
            collection: $crate::table::Cow::Borrowed($collection),
            next: $crate::table::Cow::Borrowed($next),
        }
    };
    (@schemas) => { $crate::blob::SchemaSource::Nowhere };
    (@schemas $blob:ident $start:literal $len:literal) => {
        $crate::blob::SchemaSource::Blob { blob: $blob, start: $start, len: $len }
    };
}

/// Creates the history of a service, one version on each line.
///
/// ```
/// use squall_model::{VersionKind, VersionNote, history};
/// static HISTORY: &[VersionNote] = history! {
///     (2, 26) Schema "Servers have tags.";
///     (2, 27) Behaviour "Versions may be asked for by another header.";
/// };
/// assert_eq!(HISTORY[1].kind, VersionKind::Behaviour);
/// ```
#[macro_export]
macro_rules! history {
    ($($version:tt $kind:ident $summary:literal;)*) => {
        &[$($crate::VersionNote {
            version: $crate::operation!(@version $version),
            kind: $crate::VersionKind::$kind,
            summary: $summary,
        }),*]
    };
}

#[doc(hidden)]
pub use std::borrow::Cow;

#[cfg(test)]
mod tests {
    use crate::blob::{SchemaBlob, SchemaSource};
    use crate::{Gate, Microversion, Operation, VersionRange};

    const BLOB: SchemaBlob = SchemaBlob { bytes: b"{}\n{}", shared: 2 };

    static FULL: Operation = operation! {
        "compute.servers.unlock" Post "/servers/{server_id}/action" action "unlock",
        summary: "Unlock a server.",
        versions: from (2, 1) to (2, 72),
        success: [202, 200 from (2, 60) to (2, 70)],
        response_known: true,
        errors: [404 to (2, 9)],
        policies: [Gate "a", Conditional "b"],
        extension: "x",
        paging: ("/servers" by "/name" "/id"),
        response_boundaries: [(2, 3), (2, 10)],
        request_boundaries: [(2, 5)],
        schemas: BLOB 3 2,
    };

    #[test]
    fn every_part_is_in_its_field() {
        let v = Microversion::new;
        assert_eq!(FULL.action.as_deref(), Some("unlock"));
        assert_eq!(FULL.success[1].versions, VersionRange::new(Some(v(2, 60)), Some(v(2, 70))));
        assert_eq!(FULL.errors[0].versions, VersionRange::new(None, Some(v(2, 9))));
        assert_eq!(FULL.policies[1].gate, Gate::Conditional);
        assert_eq!(*FULL.response_boundaries, [v(2, 3), v(2, 10)]);
        let paging = FULL.paging.as_ref().unwrap();
        assert_eq!(paging.collection(), "/servers");
        assert_eq!(paging.marker_of(&serde_json::json!({"id": 3})).as_deref(), Some("3"));
        assert!(FULL.extension.is_some());
        assert!(matches!(FULL.schemas, SchemaSource::Blob { start: 3, len: 2, .. }));
    }
}
