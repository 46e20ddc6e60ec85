//! Resizes: confirmed, reverted, of what is stopped or boots from a volume, and refused.

use serde_json::{Value, json};
use squall::compute::types::Flavor;
use squall::context::Made;
use squall::scenario::{servers, volumes};
use squall::wait::Poll;
use squall::{Context, Result, ensure, ensure_eq};

use super::{allocated, becomes_allocated, ensure_actions, equipment, equipped, resources_of};
use super::{shown, text};

/// Creates a flavor that everyone may use, with this much more memory than the smallest one.
async fn larger(ctx: &Context, more: u64) -> Result<Made<Flavor>> {
    let smallest = servers::smallest_flavor(ctx).await?;
    let shown = ctx.compute().flavors().show(&smallest).send().await?;
    let number = |field: &str| shown.body.at(&format!("/flavor/{field}")).and_then(Value::as_u64);
    let (ram, disk) = (number("ram").unwrap_or(64), number("disk").unwrap_or(1));
    let flavors = ctx.admin().compute().flavors();
    let body = json!({ "ram": ram + more, "vcpus": 1, "disk": disk.max(1) });
    Ok(ctx.create(flavors.create(body)).await?)
}

/// Returns how much memory the servers of the project have.
async fn used_memory(ctx: &Context) -> Result<u64> {
    let limits = ctx.compute().limits().show().send().await?;
    let used = limits.body.at("/limits/absolute/totalRAMUsed").and_then(Value::as_u64);
    Ok(used.unwrap_or_default())
}

/// Checks what became of the one migration that a resize is.
async fn ensure_migration(ctx: &Context, id: &str, status: &str) -> Result {
    let listed =
        ctx.admin().compute().migrations().list().query("instance_uuid", id).send().await?;
    let migrations = listed.body.at("/migrations").and_then(Value::as_array);
    let seen: Vec<(&str, &str)> = migrations
        .into_iter()
        .flatten()
        .map(|one| (text(one, "/migration_type"), text(one, "/status")))
        .collect();
    ensure_eq!(seen, [("resize", status)]);
    Ok(())
}

/// A confirmed resize gives a server its new flavor, and leaves it its ports and volumes.
#[squall::test(
    id = "compute.states.resize-confirmed",
    needs(network, volume, placement),
    features("compute.resize")
)]
async fn a_confirmed_resize_stays(ctx: &Context) -> Result {
    let server = equipped(ctx, "10.41.0.0/24").await?;
    let before = shown(ctx, &server.id).await?;
    let (has, memory) = (equipment(ctx, &server.id).await?, used_memory(ctx).await?);
    let flavor = larger(ctx, 64).await?;
    let resized = servers::resize(ctx, &server.id, &flavor.id).await?;
    ensure_eq!(resized.status.as_deref(), Some("VERIFY_RESIZE"));
    ensure_eq!(text(&shown(ctx, &server.id).await?, "/flavor/original_name"), flavor.name);
    let confirmed = servers::confirm_resize(ctx, &server.id).await?;
    ensure_eq!(confirmed.status.as_deref(), Some("ACTIVE"));
    let after = shown(ctx, &server.id).await?;
    ensure_eq!(text(&after, "/flavor/original_name"), flavor.name);
    for same in ["/created", "/image"] {
        ensure_eq!(after.pointer(same), before.pointer(same), "{same}");
    }
    ensure_eq!(equipment(ctx, &server.id).await?, has);
    let uses = resources_of(ctx, &flavor.id, true).await?;
    becomes_allocated(ctx, &server.id, Some(&uses)).await?;
    ensure!(used_memory(ctx).await? > memory, "the project does not use more memory than before");
    ensure_actions(ctx, &server.id, &["create", "attach_volume", "resize", "confirmResize"])
        .await?;
    ensure_migration(ctx, &server.id, "confirmed").await
}

/// A reverted resize gives a server back what it had.
#[squall::test(
    id = "compute.states.resize-reverted",
    needs(network, volume, placement),
    features("compute.resize")
)]
async fn a_reverted_resize_is_as_if_it_had_not_been(ctx: &Context) -> Result {
    let server = equipped(ctx, "10.42.0.0/24").await?;
    let before = shown(ctx, &server.id).await?;
    let (has, memory) = (equipment(ctx, &server.id).await?, used_memory(ctx).await?);
    let uses = allocated(ctx, &server.id).await?;
    let flavor = larger(ctx, 64).await?;
    servers::resize(ctx, &server.id, &flavor.id).await?;
    ensure_eq!(text(&shown(ctx, &server.id).await?, "/flavor/original_name"), flavor.name);
    let reverted = servers::revert_resize(ctx, &server.id).await?;
    ensure_eq!(reverted.status.as_deref(), Some("ACTIVE"));
    let after = shown(ctx, &server.id).await?;
    for same in ["/flavor", "/image", "/created", "/OS-EXT-SRV-ATTR:host", "/hostId"] {
        ensure_eq!(after.pointer(same), before.pointer(same), "{same}");
    }
    ensure_eq!(equipment(ctx, &server.id).await?, has);
    ensure!(uses.is_some(), "the server used nothing before it was resized");
    becomes_allocated(ctx, &server.id, uses.as_ref()).await?;
    ensure_eq!(used_memory(ctx).await?, memory);
    ensure_actions(ctx, &server.id, &["create", "attach_volume", "resize", "revertResize"]).await?;
    ensure_migration(ctx, &server.id, "reverted").await
}

/// A stopped server whose resize is reverted is stopped.
#[squall::test(id = "compute.states.resize-reverted-stopped", features("compute.resize"))]
async fn a_stopped_one_goes_back_and_stays_stopped(ctx: &Context) -> Result {
    let server = servers::boot(ctx, json!({})).await?;
    servers::stop(ctx, &server.id).await?;
    let before = shown(ctx, &server.id).await?;
    let flavor = larger(ctx, 64).await?;
    servers::resize(ctx, &server.id, &flavor.id).await?;
    let reverted = servers::revert_resize(ctx, &server.id).await?;
    ensure_eq!(reverted.status.as_deref(), Some("SHUTOFF"));
    let after = shown(ctx, &server.id).await?;
    ensure_eq!(after["OS-EXT-STS:power_state"], 4);
    ensure_eq!(after["flavor"], before["flavor"]);
    Ok(())
}

/// A server whose flavor is gone meanwhile has it again once its resize is reverted.
#[squall::test(id = "compute.states.resize-flavor-gone", features("compute.resize"))]
async fn a_deleted_flavor_comes_back(ctx: &Context) -> Result {
    let (first, second) = (larger(ctx, 64).await?, larger(ctx, 128).await?);
    let server = servers::boot(ctx, json!({ "flavorRef": first.id })).await?;
    let flavors = ctx.admin().compute().flavors();
    flavors.delete(&first.id).send().await?;
    flavors.show(&first.id).expect_error(404).await?;
    servers::resize(ctx, &server.id, &second.id).await?;
    servers::revert_resize(ctx, &server.id).await?;
    let after = shown(ctx, &server.id).await?;
    ensure_eq!(text(&after, "/flavor/original_name"), first.name);
    ensure_eq!(after.pointer("/flavor/ram").and_then(Value::as_i64), first.ram);
    Ok(())
}

/// A server that boots from a volume keeps it through a resize, and uses no disk of its host.
#[squall::test(
    id = "compute.states.resize-from-volume",
    needs(volume, placement),
    features("compute.resize")
)]
async fn a_root_volume_stays(ctx: &Context) -> Result {
    let volume = volumes::from_image(ctx, &servers::public_image(ctx).await?).await?;
    let server = servers::boot_from_volume(ctx, &volume.id).await?;
    let root = || ctx.compute().server_volume_attachments().show(&server.id, &volume.id).send();
    let before = root().await?;
    let flavor = larger(ctx, 64).await?;
    servers::resize(ctx, &server.id, &flavor.id).await?;
    servers::confirm_resize(ctx, &server.id).await?;
    let after = root().await?;
    ensure_eq!(
        after.body.at("/volumeAttachment/device"),
        before.body.at("/volumeAttachment/device")
    );
    let held = ctx.volume().volumes().show(&volume.id).send().await?;
    ensure_eq!(held.body.at("/volume/status"), Some(&json!("in-use")));
    ensure_eq!(held.body.at("/volume/attachments/0/server_id"), Some(&json!(server.id)));
    let uses = resources_of(ctx, &flavor.id, false).await?;
    becomes_allocated(ctx, &server.id, Some(&uses)).await
}

/// A resize that no host has room for is taken, and leaves the server as it was.
#[squall::test(
    id = "compute.states.resize-no-host",
    needs(placement),
    features("compute.resize"),
    tags(negative)
)]
async fn what_no_host_can_take_is_given_up(ctx: &Context) -> Result {
    let server = servers::boot(ctx, json!({})).await?;
    let (before, uses) = (shown(ctx, &server.id).await?, allocated(ctx, &server.id).await?);
    let flavors = ctx.admin().compute().flavors();
    let huge = flavors.create(json!({ "ram": 64, "vcpus": 1, "disk": 100_000_000 }));
    let huge = ctx.create(huge).await?;
    ctx.compute().servers().resize(&server.id, json!({ "flavorRef": huge.id })).send().await?;
    servers::settles(ctx, &server.id, "ACTIVE").await?;
    let after = shown(ctx, &server.id).await?;
    ensure_eq!(after["flavor"], before["flavor"]);
    ensure_eq!(allocated(ctx, &server.id).await?, uses);
    // The action says that it failed, once its last event has ended.
    let actions = ctx.compute().server_instance_actions();
    ctx.wait("the resize to be recorded as failed")
        .until(|| async {
            let listed = actions.list(&server.id).send().await?;
            let newest = listed.body.at("/instanceActions/0").cloned().unwrap_or_default();
            Ok(match (text(&newest, "/action"), text(&newest, "/message")) {
                ("resize", "Error") => Poll::ready(()),
                (action, message) => Poll::not_yet(format!("{action}: {message:?}")),
            })
        })
        .await?;
    Ok(())
}

/// A resize to the same flavor, or to none that there is, is refused.
#[squall::test(id = "compute.states.resize-refused", features("compute.resize"), tags(negative))]
async fn a_resize_needs_another_flavor(ctx: &Context) -> Result {
    let flavor = larger(ctx, 64).await?;
    let server = servers::boot(ctx, json!({ "flavorRef": flavor.id })).await?;
    let resize =
        |flavor: &str| ctx.compute().servers().resize(&server.id, json!({ "flavorRef": flavor }));
    resize(&flavor.id).expect_error(400).await?;
    resize("squall-no-such-flavor").expect_error(400).await?;
    // A disk of no size is for servers that boot from a volume.
    let flavors = ctx.admin().compute().flavors();
    let diskless = ctx.create(flavors.create(json!({ "ram": 64, "vcpus": 1, "disk": 0 }))).await?;
    resize(&diskless.id).expect_error(400).await?;
    let after = shown(ctx, &server.id).await?;
    ensure_eq!(
        (text(&after, "/status"), text(&after, "/flavor/original_name")),
        ("ACTIVE", flavor.name.as_str())
    );
    ensure_actions(ctx, &server.id, &["create"]).await
}
