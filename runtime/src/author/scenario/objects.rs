//! Containers and objects.

use crate::context::Made;
use crate::{Context, Result, ensure_eq, kinds};

/// Creates a container (`PUT /{container}`); its id is its name.
pub async fn container(ctx: &Context) -> Result<Made<()>> {
    let containers = ctx.object_storage().containers();
    Ok(ctx.create_named(&kinds::object_storage::CONTAINER, |name| containers.create(name)).await?)
}

/// Stores bytes as an object with a unique name (`PUT /{container}/{object}`).
pub async fn object(ctx: &Context, container: &str, bytes: &'static [u8]) -> Result<Made<()>> {
    let objects = ctx.object_storage().objects();
    Ok(ctx
        .create_named(&kinds::object_storage::OBJECT, |name| objects.create(container, name, bytes))
        .await?)
}

/// Reads an object and checks that it has these bytes (`GET /{container}/{object}`).
pub async fn holds(ctx: &Context, container: &str, object: &str, bytes: &[u8]) -> Result {
    let read = ctx.object_storage().objects().show(container, object).send().await?;
    ensure_eq!(read.body.bytes(), bytes);
    Ok(())
}
