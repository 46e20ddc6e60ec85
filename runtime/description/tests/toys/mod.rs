//! A service of toys, with boxes that toys are in.

use std::borrow::Cow;

use squall_description::{OperationInfo, Operations, read};
use squall_model::{
    Description, Diagnostic, Gate, Method, Microversion, PolicyRef, StatusRange, VersionRange,
};

/// The operations of the service, beside those of another version of it.
pub(crate) struct Toys {
    pub(crate) versions: VersionRange,
}

const ACCEPTED: &[StatusRange] = &[StatusRange { status: 202, versions: VersionRange::ALL }];
const DONE: &[StatusRange] = &[StatusRange { status: 204, versions: VersionRange::ALL }];

const CONDITIONAL: &[PolicyRef] = &[
    PolicyRef { rule: Cow::Borrowed("toys:list"), gate: Gate::Gate },
    PolicyRef { rule: Cow::Borrowed("toys:list:everywhere"), gate: Gate::Conditional },
];

impl Operations for Toys {
    fn service(&self) -> &'static str {
        "toys"
    }

    fn versions(&self) -> VersionRange {
        self.versions
    }

    fn operations(&self) -> Vec<OperationInfo<'_>> {
        let info = |id, method, path, success| OperationInfo {
            id,
            method,
            path,
            versions: VersionRange::ALL,
            success,
            extension: None,
            policies: &[],
        };
        let parts = OperationInfo {
            versions: VersionRange::since(Microversion::new(1, 5)),
            extension: Some("parts"),
            ..info("toys.toy_parts.list", Method::Get, "/toys/{toy_id}/parts", DONE)
        };
        vec![
            info("toys.boxes.create", Method::Post, "/boxes", DONE),
            info("toys.boxes.delete", Method::Delete, "/boxes/{box_id}", DONE),
            info("toys.boxes.list", Method::Get, "/boxes", DONE),
            info("toys.boxes.show", Method::Get, "/boxes/{box_id}", DONE),
            info("toys.colours.list", Method::Get, "/colours", DONE),
            info("toys.marbles.add", Method::Put, "/boxes/{box_id}/marbles/{marble}", DONE),
            info("toys.marbles.remove", Method::Delete, "/boxes/{box_id}/marbles/{marble}", DONE),
            parts,
            info("toys.toys.break", Method::Post, "/toys/{toy_id}/action", ACCEPTED),
            info("toys.toys.create", Method::Post, "/toys", ACCEPTED),
            info("toys.toys.create_bulk", Method::Post, "/toys", ACCEPTED),
            info("toys.toys.delete", Method::Delete, "/toys/{toy_id}", ACCEPTED),
            OperationInfo {
                policies: CONDITIONAL,
                ..info("toys.toys.list", Method::Get, "/toys", DONE)
            },
            info("toys.toys.show", Method::Get, "/toys/{toy_id}", DONE),
            info("toys.toys.update", Method::Put, "/toys/{toy_id}", DONE),
        ]
    }
}

/// The service, at versions 1.1 to 1.9.
pub(crate) fn toys() -> Toys {
    let version = |minor| Some(Microversion::new(1, minor));
    Toys { versions: VersionRange::new(version(1), version(9)) }
}

/// Reads a description of the service.
pub(crate) fn described(text: &str) -> Result<Description, Vec<Diagnostic>> {
    read("toys.yaml", &format!("service: toys\n{text}"), &toys())
}
