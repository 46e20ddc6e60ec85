//! The bytes of images.

use serde_json::json;
use squall::{Context, ensure, ensure_eq};

const BYTES: &[u8] = b"not a disk, but bytes all the same";
/// The SHA-512 of [`BYTES`], an image's `os_hash_value`.
const SHA512: &str = "8792d7380475941aea38baf2b79dcfc1e02e4be008790a7ddd2b4619338492f10bd4ca28a133553d9d3834af34f2b4c308202e2fed8cd54d8b4453e8ad20e20a";
/// The MD5 of [`BYTES`], an image's `checksum`.
const MD5: &str = "6bf444d5eb7cfc082c749ee0c0de3dbc";

/// An image has no data before the upload, and then its data and size.
#[squall::test(id = "image.data.round-trip", tags(smoke))]
async fn uploaded_bytes_come_back(ctx: &Context) -> squall::Result {
    let images = ctx.image().images();
    let made = ctx
        .create(images.create(json!({ "disk_format": "raw", "container_format": "bare" })))
        .await?;
    ensure_eq!(images.download(&made.id).send().await?.status, 204);
    images.upload(&made.id, BYTES).send().await?;
    let shown = images.show(&made.id).send().await?;
    ensure_eq!(shown.value.status.as_deref(), Some("active"));
    ensure_eq!(shown.body.at("/size"), Some(&json!(BYTES.len())));
    ensure_eq!(shown.body.at("/checksum"), Some(&json!(MD5)));
    if shown.body.at("/os_hash_algo") == Some(&json!("sha512")) {
        ensure_eq!(shown.body.at("/os_hash_value"), Some(&json!(SHA512)));
    }
    let came = images.download(&made.id).send().await?.value;
    ensure!(came == BYTES, "{} bytes were downloaded, {} uploaded", came.len(), BYTES.len());
    Ok(())
}

/// Data cannot be uploaded to an image twice.
#[squall::test(id = "image.data.twice", tags(negative))]
async fn bytes_are_uploaded_once(ctx: &Context) -> squall::Result {
    let images = ctx.image().images();
    let made = ctx
        .create(images.create(json!({ "disk_format": "raw", "container_format": "bare" })))
        .await?;
    images.upload(&made.id, BYTES).send().await?;
    images.upload(&made.id, &b"other bytes"[..]).expect_error(409).await?;
    let came = images.download(&made.id).send().await?.value;
    ensure!(came == BYTES, "{} bytes were downloaded, {} uploaded", came.len(), BYTES.len());
    Ok(())
}

/// A deactivated image cannot be downloaded by its owner until it is reactivated.
#[squall::test(id = "image.data.deactivated", identities(member))]
async fn deactivated_bytes_are_kept_back(ctx: &Context) -> squall::Result {
    let images = ctx.image().images();
    let made = ctx
        .create(images.create(json!({ "disk_format": "raw", "container_format": "bare" })))
        .await?;
    images.upload(&made.id, BYTES).send().await?;
    let admin = ctx.admin().image().images();
    admin.deactivate(&made.id).send().await?;
    let shown = images.show(&made.id).send().await?;
    ensure_eq!(shown.value.status.as_deref(), Some("deactivated"));
    images.download(&made.id).expect_error(403).await?;
    admin.reactivate(&made.id).send().await?;
    let shown = images.show(&made.id).send().await?;
    ensure_eq!(shown.value.status.as_deref(), Some("active"));
    images.download(&made.id).send().await?;
    Ok(())
}
