//! Suites of the object storage service.

mod containers;
mod objects;

/// The object storage service.
#[squall::suite(
    id = "suites.object-storage",
    kind = "api",
    needs(object_storage),
    identities(member)
)]
pub(crate) struct ObjectStorage;
