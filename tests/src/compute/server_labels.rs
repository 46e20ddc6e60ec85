//! What an owner writes on a server, on one that these tests share: each changes another part.

use serde_json::json;
use squall::context::Made;
use squall::model::Microversion;
use squall::scenario::servers::boot;
use squall::{Context, Result, compute::types::Server, ensure_eq};

/// Metadata and tags of a server.
#[squall::suite(
    id = "compute.server-labels",
    needs(compute >= "2.37", image, network),
    fixture = labelled
)]
pub(crate) struct ServerLabels;

/// The server.
type Labelled = Made<Server>;

async fn labelled(ctx: &Context) -> Result<Labelled> {
    boot(ctx, json!({})).await
}

/// Metadata is set, changed and removed key by key, and replaced as a whole.
#[squall::test(id = "compute.servers.metadata")]
async fn metadata_is_kept(ctx: &Context) -> Result {
    let server = ctx.fixture::<Labelled>()?;
    let metadata = ctx.compute().server_metadata();
    metadata.create(&server.id, json!({ "colour": "blue", "shade": "light" })).send().await?;
    metadata.create(&server.id, json!({ "shade": "dark" })).send().await?;
    metadata.delete(&server.id, "colour").send().await?;
    let shown = metadata.list(&server.id).send().await?;
    ensure_eq!(shown.body.at("/metadata"), Some(&json!({ "shade": "dark" })));
    metadata.replace(&server.id, json!({ "size": "small" })).send().await?;
    let shown = metadata.list(&server.id).send().await?;
    ensure_eq!(shown.body.at("/metadata"), Some(&json!({ "size": "small" })));
    Ok(())
}

/// Tags are available from 2.26 on.
#[squall::test(id = "compute.servers.tags")]
async fn tags_come_and_go(ctx: &Context) -> Result {
    let server = ctx.fixture::<Labelled>()?;
    let version = Microversion::new(2, 26);
    let tags = ctx.compute().server_tags();
    tags.replace(&server.id, json!(["blue", "dark"])).at(version).send().await?;
    tags.check(&server.id, "blue").at(version).send().await?;
    tags.remove(&server.id, "blue").at(version).send().await?;
    ensure_eq!(tags.list(&server.id).at(version).send().await?.value, ["dark"]);
    tags.delete_all(&server.id).at(version).send().await?;
    ensure_eq!(tags.list(&server.id).at(version).send().await?.value.len(), 0);
    Ok(())
}
