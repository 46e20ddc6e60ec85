//! Suites of the object storage service.

mod accounts;
mod acls;
mod bulk;
mod conditions;
mod containers;
mod copies;
mod expiry;
mod headers;
mod large;
mod objects;
mod quotas;
mod sites;
mod temp_urls;
mod versions;

use squall::{Context, kinds};

/// The object storage service.
#[squall::suite(
    id = "suites.object-storage",
    kind = "api",
    needs(object_storage),
    identities(member)
)]
pub(crate) struct ObjectStorage;

/// Creates a container, which is removed with everything in it.
async fn container(ctx: &Context) -> squall::Result<String> {
    let containers = ctx.object_storage().containers();
    Ok(ctx
        .create_named(&kinds::object_storage::CONTAINER, |name| containers.create(name))
        .await?
        .name)
}
