//! The operation tables that the cloud is routed from.

use squall_model::blob::SchemaSource;
use squall_model::{Method, Microversion, Operation, ServiceSpec, VersionRange};

use crate::mount::{Kind, Mount, PLACES};

/// Mounts every service.
pub(crate) fn mounts() -> Vec<Mount> {
    PLACES.iter().map(|place| Mount::new(place, spec(place.kind))).collect()
}

fn spec(kind: Kind) -> &'static ServiceSpec {
    let v = |major, minor| Some(Microversion::new(major, minor));
    let (name, version_path, versions, text) = match kind {
        Kind::Identity => {
            ("identity", "/v3", VersionRange::ALL, include_str!("interim/identity.txt"))
        }
        Kind::Compute => (
            "compute",
            "/v2.1",
            VersionRange::new(v(2, 1), v(2, 104)),
            include_str!("interim/compute.txt"),
        ),
        Kind::Image => ("image", "/v2", VersionRange::ALL, include_str!("interim/image.txt")),
        Kind::Network => {
            ("network", "/v2.0", VersionRange::ALL, include_str!("interim/network.txt"))
        }
        Kind::Volume => (
            "volume",
            "/v3",
            VersionRange::new(v(3, 0), v(3, 71)),
            include_str!("interim/volume.txt"),
        ),
        Kind::ObjectStorage => {
            ("object_storage", "", VersionRange::ALL, include_str!("interim/object_storage.txt"))
        }
        Kind::Placement => (
            "placement",
            "",
            VersionRange::new(v(1, 0), v(1, 39)),
            include_str!("interim/placement.txt"),
        ),
    };
    let mut operations: Vec<&'static Operation> = text.lines().filter_map(read).collect();
    operations.sort_by(|a, b| a.id.cmp(&b.id));
    Box::leak(Box::new(ServiceSpec {
        service_type: name,
        name,
        version_path,
        versions,
        source: "interim",
        history: &[],
        operations: Box::leak(operations.into_boxed_slice()),
    }))
}

/// Reads `id METHOD path [action]`.
fn read(line: &str) -> Option<&'static Operation> {
    let mut words = line.split_whitespace();
    let (id, method, path) = (words.next()?, Method::from_name(words.next()?)?, words.next()?);
    Some(Box::leak(Box::new(Operation {
        id: id.to_owned().into(),
        method,
        path: path.to_owned().into(),
        action: words.next().map(|action| action.to_owned().into()),
        summary: "".into(),
        versions: VersionRange::ALL,
        success: Vec::new().into(),
        errors: Vec::new().into(),
        policies: Vec::new().into(),
        extension: None,
        paging: None,
        response_boundaries: Vec::new().into(),
        request_boundaries: Vec::new().into(),
        response_known: false,
        schemas: SchemaSource::Nowhere,
    })))
}
