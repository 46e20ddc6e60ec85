//! What a server is booted from, and the booting.

use serde_json::{Value, json};
use squall::wait::ready;
use squall::{Context, Failure, kinds};

/// A server that is ACTIVE.
pub(crate) struct Server {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// Gives the id of the smallest flavor, by memory.
pub(crate) async fn smallest_flavor(ctx: &Context) -> squall::Result<String> {
    let flavors = ctx.compute().flavors().list_detail().query("sort_key", "memory_mb");
    let flavors = flavors.send().await?;
    let id = flavors.body.at("/flavors/0/id").and_then(Value::as_str);
    id.map(str::to_owned).ok_or_else(|| ctx.skip("the cloud has no public flavor"))
}

/// Gives the id of a public image that is active.
pub(crate) async fn public_image(ctx: &Context) -> squall::Result<String> {
    let images = ctx.image().images().list().query("visibility", "public");
    let images = images.query("status", "active").query("limit", 1).send().await?;
    let id = images.body.at("/images/0/id").and_then(Value::as_str);
    id.map(str::to_owned).ok_or_else(|| ctx.skip("the cloud has no public image"))
}

/// Boots a server with these further fields, on no network unless they name one,
/// and waits until it is ACTIVE.
pub(crate) async fn boot(ctx: &Context, further: Value) -> squall::Result<Server> {
    let mut body = json!({
        "flavorRef": smallest_flavor(ctx).await?,
        "imageRef": public_image(ctx).await?,
        "networks": "none",
    });
    let fields = body.as_object_mut().zip(further.as_object());
    if let Some((body, further)) = fields {
        body.extend(further.clone());
    }
    let servers = ctx.compute().servers();
    let made = ctx
        .create(&kinds::SERVER, |name| {
            body["name"] = json!(name);
            servers.create(body.take())
        })
        .await?;
    active(ctx, &made.id).await?;
    Ok(Server { id: made.id, name: made.name })
}

/// Waits until a server is ACTIVE.
pub(crate) async fn active(ctx: &Context, id: &str) -> squall::Result {
    becomes(ctx, id, "ACTIVE").await
}

/// Waits until a server has a status.
pub(crate) async fn becomes(ctx: &Context, id: &str, status: &str) -> squall::Result {
    ctx.wait(format!("the server to be {status}"))
        .until(ready::server_status(ctx.actor(), id, status))
        .await
        .map(drop)
        .map_err(Failure::from)
}
