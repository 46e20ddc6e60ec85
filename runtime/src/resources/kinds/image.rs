//! The kinds of image.

use super::{Find, Gone, Kind, Listed, Step};

/// Every kind of this file.
pub(super) const KINDS: &[&Kind] = &[&IMAGE, &METADEF_NAMESPACE];

/// An image, with whatever data it has; made of nothing, of a server or of a volume.
pub static IMAGE: Kind = Kind::new("image.image")
    .named_at(&[
        "/createImage/name",
        "/createBackup/name",
        "/os-volume_upload_image/image_name",
        "/name",
    ])
    .made_by(&[
        "image.images.create",
        "compute.servers.create_image",
        "compute.servers.create_backup",
        "volume.volumes.volume_upload_image",
    ])
    .with_id("image_id", &["/id", "/image_id", "/os-volume_upload_image/image_id"])
    .found_by(
        Find::listed("image.images.list", "/images")
            .with_query(&[("name", "{name}")])
            .with_left_out(&[("os_hidden", "true")]),
    )
    .undone_by(&[Step::of("image.images.delete")])
    .gone_when(Gone::NotFoundOr("image.images.show", "/status", "deleted"));

/// A namespace of metadata definitions, with all that is in it; its name is its
/// address.
pub static METADEF_NAMESPACE: Kind = Kind::new("image.metadef_namespace")
    .named_at(&["/namespace"])
    .made_by(&["image.metadef_namespaces.create"])
    .with_name_as_id("namespace")
    .counted_in(Listed {
        by: "/namespace",
        id: "/namespace",
        ..Listed::new("image.metadef_namespaces.list", "/namespaces")
    })
    .undone_by(&[Step::of("image.metadef_namespaces.delete")])
    .gone_when(Gone::Deleted("image.metadef_namespaces.show"));
