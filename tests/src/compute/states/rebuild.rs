//! Rebuilds: what they change, what they leave, and what is refused.

use serde_json::{Value, json};
use squall::model::{Microversion, VersionRange};
use squall::scenario::{images, servers, volumes};
use squall::{Case, Context, Result, ensure, ensure_eq};

use super::{ensure_actions, equipment, equipped, shown, text};

/// A rebuild gives a server another image, name and metadata, and leaves the rest.
#[squall::test(id = "compute.states.rebuilt", needs(network, volume))]
async fn a_rebuild_changes_the_disk_alone(ctx: &Context) -> Result {
    let server = equipped(ctx, "10.43.0.0/24").await?;
    let image = images::upload(ctx, b"another system", json!({})).await?;
    let before = shown(ctx, &server.id).await?;
    let has = equipment(ctx, &server.id).await?;
    let name = format!("{}-anew", server.name);
    let further = json!({
        "name": name, "description": "rebuilt", "metadata": { "colour": "blue" },
        "adminPass": "correct horse",
    });
    let rebuilt = servers::rebuild(ctx, &server.id, &image.id, further).await?;
    ensure_eq!(rebuilt.status.as_deref(), Some("ACTIVE"));
    let after = shown(ctx, &server.id).await?;
    ensure_eq!(text(&after, "/image/id"), image.id);
    ensure_eq!(text(&after, "/name"), name);
    ensure_eq!(text(&after, "/description"), "rebuilt");
    ensure_eq!(after["metadata"], json!({ "colour": "blue" }));
    for same in ["/id", "/created", "/flavor", "/OS-EXT-SRV-ATTR:host", "/addresses"] {
        ensure_eq!(after.pointer(same), before.pointer(same), "{same}");
    }
    ensure_eq!(equipment(ctx, &server.id).await?, has);
    ensure_actions(ctx, &server.id, &["create", "attach_volume", "rebuild"]).await
}

/// A rebuild sets and takes the key, and sets the password that it is given.
#[squall::test(id = "compute.states.rebuild-key")]
async fn a_rebuild_changes_the_key(ctx: &Context) -> Result {
    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHqk1pjGQ5hoOgq4m2XJ0yD7f0oQ0m1jW3v6bqvFhB0c squall";
    let keypairs = ctx.compute().keypairs();
    let key = ctx.create(keypairs.create(json!({ "public_key": KEY }))).await?;
    let (server, image) = (servers::boot(ctx, json!({})).await?, servers::public_image(ctx).await?);
    let rebuild = |body: Value| ctx.compute().servers().rebuild(&server.id, body);
    let body = json!({ "imageRef": image, "key_name": key.name, "adminPass": "correct horse" });
    let answer = rebuild(body).send().await?;
    ensure_eq!(answer.body.at("/server/adminPass"), Some(&json!("correct horse")));
    servers::settles(ctx, &server.id, "ACTIVE").await?;
    ensure_eq!(shown(ctx, &server.id).await?["key_name"], json!(key.name));
    servers::rebuild(ctx, &server.id, &image, json!({ "key_name": null })).await?;
    ensure_eq!(shown(ctx, &server.id).await?["key_name"], Value::Null);
    let unknown = json!({ "imageRef": image, "key_name": "squall-no-such-key" });
    rebuild(unknown).expect_error(400).await?;
    ensure_eq!(text(&shown(ctx, &server.id).await?, "/status"), "ACTIVE");
    Ok(())
}

/// An image that cannot be booted is refused, and the server stays as it was.
#[squall::test(id = "compute.states.rebuild-refused", tags(negative))]
async fn an_unusable_image_is_refused(ctx: &Context) -> Result {
    let server = servers::boot(ctx, json!({})).await?;
    let before = shown(ctx, &server.id).await?;
    let images = ctx.image().images();
    let body = json!({ "disk_format": "raw", "container_format": "bare" });
    let empty = ctx.create(images.create(body)).await?;
    let greedy = images::upload(ctx, b"large", json!({ "min_ram": 10_000_000 })).await?;
    for image in [empty.id.as_str(), &greedy.id, "6f0c1a52-9d5e-4c3b-8a43-5a1d0c8e7f07"] {
        let rebuild = ctx.compute().servers().rebuild(&server.id, json!({ "imageRef": image }));
        let refused = rebuild.expect_error(400).await?;
        ensure!(refused.message().is_some(), "the refusal of {image} says nothing");
    }
    ensure_eq!(shown(ctx, &server.id).await?, before);
    ensure_actions(ctx, &server.id, &["create"]).await
}

/// A server that boots from a volume is rebuilt from another image from 2.93 on alone.
#[squall::test(
    id = "compute.states.rebuild-from-volume",
    needs(volume),
    cases = before_and_since
)]
async fn a_root_volume_is_written_anew(ctx: &Context, version: &Microversion) -> Result {
    let first = images::upload(ctx, b"one system", json!({})).await?;
    let second = images::upload(ctx, b"another system", json!({})).await?;
    let volume = volumes::from_image(ctx, &first.id).await?;
    let server = servers::boot_from_volume(ctx, &volume.id).await?;
    let body = json!({ "imageRef": second.id });
    let rebuild = ctx.compute().servers().rebuild(&server.id, body).at(*version);
    let image = if *version < REIMAGED {
        rebuild.expect_error(400).await?;
        &first.id
    } else {
        rebuild.send().await?;
        &second.id
    };
    servers::settles(ctx, &server.id, "ACTIVE").await?;
    let held = ctx.volume().volumes().show(&volume.id).send().await?;
    let of = held.body.at("/volume/volume_image_metadata/image_id").and_then(Value::as_str);
    ensure_eq!(of, Some(image.as_str()));
    ensure_eq!(held.body.at("/volume/attachments/0/server_id"), Some(&json!(server.id)));
    ensure_eq!(shown(ctx, &server.id).await?["image"], "");
    Ok(())
}

/// The first version at which a root volume is written anew.
const REIMAGED: Microversion = Microversion::new(2, 93);

fn before_and_since() -> [Case<Microversion>; 2] {
    let before = Microversion::new(2, 92);
    [
        Case::new("before", before)
            .with_need("compute", VersionRange::only(before))
            .with_summary("Before 2.93 another image is refused."),
        Case::new("since", REIMAGED)
            .with_need("compute", VersionRange::only(REIMAGED))
            .with_summary("From 2.93 on the volume is written anew."),
    ]
}
