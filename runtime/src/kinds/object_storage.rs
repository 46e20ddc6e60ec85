//! The kinds of object storage.

use super::{Gone, Kind, Step, rank, spec};

/// A container; its name is its address.
pub static CONTAINER: Kind =
    Kind::new("object_storage.container", spec::object_storage, rank::CONTAINER)
        .made_by(&["object_storage.containers.create"])
        .with_name_as_id("container")
        .undone_by(&[Step::of("object_storage.containers.delete")])
        .gone_when(Gone::NotFound("object_storage.containers.check"))
        .private();

/// An object; its name is its address within the container.
pub static OBJECT: Kind = Kind::new("object_storage.object", spec::object_storage, rank::OBJECT)
    .made_by(&["object_storage.objects.create"])
    .with_name_as_id("object")
    .undone_by(&[Step::of("object_storage.objects.delete")])
    .gone_when(Gone::NotFound("object_storage.objects.check"))
    .private();
