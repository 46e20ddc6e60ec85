//! The kinds of object storage.

use super::{Gone, Kind, Listed, Step, Sweep};

/// Every kind of this file.
pub(super) const KINDS: &[&Kind] = &[&CONTAINER, &OBJECT];

/// A container; its name is its address.
///
/// Everything in it goes with it: objects that no request of their own made (extracted,
/// copied), old versions, and the marks of deletions.
pub static CONTAINER: Kind = Kind::new("object_storage.container")
    .made_by(&["object_storage.containers.create"])
    .with_name_as_id("container")
    .undone_by(&[Step::of("object_storage.containers.delete")])
    .gone_when(Gone::Deleted("object_storage.containers.check"))
    .sweeping(&[Sweep {
        listed: Listed {
            query: &[("format", "json"), ("versions", "true")],
            id: "/name",
            ..Listed::new("object_storage.objects.list", "")
        },
        of: None,
        delete: "object_storage.objects.delete",
        id_param: "object",
        delete_query: &[("version-id", "/version_id")],
        until_empty: true,
    }])
    .or_within_ours()
    .private();

/// An object; its name is its address within the container.
pub static OBJECT: Kind = Kind::new("object_storage.object")
    .standing_on(&["object_storage.container"])
    .made_by(&["object_storage.objects.create"])
    .with_name_as_id("object")
    .undone_by(&[Step::of("object_storage.objects.delete")])
    .gone_when(Gone::Deleted("object_storage.objects.check"))
    .or_within_ours()
    .private();
