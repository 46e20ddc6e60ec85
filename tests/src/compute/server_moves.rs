//! Servers that are rebuilt, resized and moved, running or stopped.

use serde_json::{Value, json};
use squall::model::Microversion;
use squall::scenario::networks;
use squall::scenario::servers::{self, becomes, boot, public_image};
use squall::wait::{Poll, ready};
use squall::{Case, Context, ensure, ensure_eq};

/// Creates a flavor with more memory than the smallest and returns its id.
async fn larger(ctx: &Context) -> squall::Result<String> {
    let smallest = servers::smallest_flavor(ctx).await?;
    let shown = ctx.compute().flavors().show(&smallest).send().await?;
    let number = |field: &str| shown.body.at(&format!("/flavor/{field}")).and_then(Value::as_u64);
    let (ram, disk) = (number("ram").unwrap_or(64), number("disk").unwrap_or(1));
    let flavors = ctx.admin().compute().flavors();
    let made =
        ctx.create(flavors.create(json!({ "ram": ram + 64, "vcpus": 1, "disk": disk }))).await?;
    Ok(made.id)
}

/// A rebuild sets the disk configuration that it asks for.
#[squall::test(id = "compute.servers.rebuild-disk-config", needs(compute, image))]
async fn a_rebuild_sets_the_disk_configuration(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({ "OS-DCF:diskConfig": "MANUAL" })).await?;
    let image = public_image(ctx).await?;
    let body = json!({ "imageRef": image, "OS-DCF:diskConfig": "AUTO" });
    let rebuilt = ctx.compute().servers().rebuild(&server.id, body).send().await?;
    ensure_eq!(rebuilt.body.at("/server/OS-DCF:diskConfig"), Some(&json!("AUTO")));
    servers::active(ctx, &server.id).await?;
    let shown = ctx.compute().servers().show(&server.id).send().await?;
    ensure_eq!(shown.body.at("/server/OS-DCF:diskConfig"), Some(&json!("AUTO")));
    Ok(())
}

/// A stopped server is rebuilt and stays stopped.
#[squall::test(id = "compute.servers.rebuild-stopped", needs(compute, image))]
async fn a_stopped_one_is_rebuilt_and_stays_stopped(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    servers::stop(ctx, &server.id).await?;
    let metadata = json!({ "built": "again" });
    let body = json!({ "imageRef": public_image(ctx).await?, "metadata": metadata });
    let servers = ctx.compute().servers();
    servers.rebuild(&server.id, body).send().await?;
    // Nova starts the new disk before it stops the server again.
    stays_stopped(ctx, &server.id, &["ERROR"]).await?;
    let shown = servers.show(&server.id).send().await?;
    ensure_eq!(shown.body.at("/server/metadata"), Some(&metadata));
    Ok(())
}

/// A resize sets the disk configuration that it asks for, and is listed as a migration.
#[squall::test(
    id = "compute.servers.resize-disk-config",
    needs(compute >= "2.59", image),
    features("compute.resize")
)]
async fn a_resize_sets_the_disk_configuration(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({ "OS-DCF:diskConfig": "MANUAL" })).await?;
    let flavor = larger(ctx).await?;
    let servers = ctx.compute().servers();
    let body = json!({ "flavorRef": flavor, "OS-DCF:diskConfig": "AUTO" });
    servers.resize(&server.id, body).send().await?;
    becomes(ctx, &server.id, "VERIFY_RESIZE").await?;
    let shown = servers.show(&server.id).send().await?;
    ensure_eq!(shown.body.at("/server/OS-DCF:diskConfig"), Some(&json!("AUTO")));
    servers.confirm_resize(&server.id).send().await?;
    servers::active(ctx, &server.id).await?;
    let migrations = ctx.admin().compute().migrations().list();
    let listed = migrations.query("instance_uuid", &server.id).at(Microversion::new(2, 59));
    let listed = listed.send().await?;
    ensure_eq!(listed.body.at("/migrations/0/migration_type"), Some(&json!("resize")));
    ensure_eq!(listed.body.at("/migrations/0/instance_uuid"), Some(&json!(server.id)));
    ensure_eq!(listed.body.at("/migrations/1"), None);
    Ok(())
}

/// A stopped server is resized and stays stopped.
#[squall::test(
    id = "compute.servers.resize-stopped",
    needs(compute, image),
    features("compute.resize")
)]
async fn a_stopped_one_is_resized_and_stays_stopped(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    let flavor = larger(ctx).await?;
    servers::stop(ctx, &server.id).await?;
    let servers = ctx.compute().servers();
    servers.resize(&server.id, json!({ "flavorRef": flavor })).send().await?;
    becomes(ctx, &server.id, "VERIFY_RESIZE").await?;
    servers.confirm_resize(&server.id).send().await?;
    stays_stopped(ctx, &server.id, &["ACTIVE", "ERROR"]).await
}

/// A migrated server is on another host once that is confirmed, with its port and its flavor.
#[squall::test(
    id = "compute.servers.migrated",
    needs(compute >= "2.59", image, network),
    features("compute.cold_migration"),
    cases = endings
)]
async fn a_migration_is_confirmed_or_reverted(ctx: &Context, confirmed: &bool) -> squall::Result {
    let networks::NetworkAndSubnet { network, .. } =
        networks::with_subnet(ctx, "10.51.0.0/24").await?;
    let server = boot(ctx, json!({ "networks": [{ "uuid": network.id }] })).await?;
    let show = || ctx.compute().servers().show(&server.id).send();
    let (from, before) = (servers::host(ctx, &server.id).await?, show().await?);
    servers::migrate(ctx, &server.id).await?;
    let to = servers::host(ctx, &server.id).await?;
    ensure!(to != from, "the server is still on {from}");
    let (host, status) = if *confirmed {
        servers::confirm_resize(ctx, &server.id).await?;
        (to, "confirmed")
    } else {
        servers::revert_resize(ctx, &server.id).await?;
        (from, "reverted")
    };
    let after = show().await?;
    for same in ["status", "flavor", "addresses", "created"] {
        let pointer = format!("/server/{same}");
        ensure_eq!(after.body.at(&pointer), before.body.at(&pointer), "{same}");
    }
    ensure_is_on(ctx, &server.id, &host).await?;
    let migrations = ctx.admin().compute().migrations().list();
    let listed = migrations.query("instance_uuid", &server.id).at(Microversion::new(2, 59));
    let listed = listed.send().await?;
    ensure_eq!(listed.body.at("/migrations/0/migration_type"), Some(&json!("migration")));
    ensure_eq!(listed.body.at("/migrations/0/status"), Some(&json!(status)));
    ensure_eq!(listed.body.at("/migrations/1"), None);
    Ok(())
}

fn endings() -> [Case<bool>; 2] {
    [Case::new("confirmed", true), Case::new("reverted", false)]
}

/// A server moves to another host while it runs, and its port with it.
#[squall::test(
    id = "compute.servers.moved-live",
    needs(compute >= "2.25", image, network),
    features("compute.live_migration")
)]
async fn a_running_server_moves(ctx: &Context) -> squall::Result {
    let networks::NetworkAndSubnet { network, .. } =
        networks::with_subnet(ctx, "10.52.0.0/24").await?;
    let server = boot(ctx, json!({ "networks": [{ "uuid": network.id }] })).await?;
    let show = || ctx.compute().servers().show(&server.id).send();
    let before = show().await?;
    let moved = servers::live_migrate(ctx, &server.id).await?;
    ensure_eq!(moved.status.as_deref(), Some("ACTIVE"));
    let after = show().await?;
    for same in ["flavor", "addresses", "created", "OS-SRV-USG:launched_at"] {
        let pointer = format!("/server/{same}");
        ensure_eq!(after.body.at(&pointer), before.body.at(&pointer), "{same}");
    }
    let host = servers::host(ctx, &server.id).await?;
    ensure_is_on(ctx, &server.id, &host).await
}

/// Waits until a server's port is bound to a host, and its allocations are there and nowhere
/// else.
async fn ensure_is_on(ctx: &Context, id: &str, host: &str) -> squall::Result {
    let admin = ctx.admin();
    ctx.wait(format!("the port to be bound to {host}"))
        .until(|| async {
            let ports = admin.network().ports().list().query("device_id", id).send().await?;
            let bound = ports.body.at("/ports/0/binding:host_id").and_then(Value::as_str);
            let bound = bound.unwrap_or_default();
            Ok(if bound == host { Poll::ready(()) } else { Poll::not_yet(bound) })
        })
        .await?;
    let providers = admin.placement().resource_providers().list().query("name", host);
    let provider = providers.send().await?.body.at("/resource_providers/0/uuid").cloned();
    let provider = provider.unwrap_or_default();
    ctx.wait(format!("the allocations to be at {host} alone"))
        .until(|| async {
            let used = admin.placement().allocations().show(id).send().await?;
            let all = used.body.at("/allocations").and_then(Value::as_object);
            let hosts: Vec<&str> =
                all.into_iter().flatten().map(|(uuid, _)| uuid.as_str()).collect();
            Ok(match hosts.as_slice() {
                [only] if provider == *only => Poll::ready(()),
                hosts => Poll::not_yet(hosts.join(", ")),
            })
        })
        .await?;
    Ok(())
}

/// A server cannot be moved to an unknown host.
#[squall::test(id = "compute.servers.migrate-unknown-host", needs(compute, image), tags(negative))]
async fn an_unknown_host_is_refused(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    let admin = ctx.admin().compute().servers();
    let body = json!({
        "host": "squall-no-such-host",
        "block_migration": false,
        "disk_over_commit": false,
    });
    let live = admin.migrate_live(&server.id, body).at(Microversion::new(2, 1));
    live.expect_error(400).await?;
    servers::active(ctx, &server.id).await?;
    Ok(())
}

/// An IPv6 access address is stored in its short form.
#[squall::test(id = "compute.servers.access-address", needs(compute, image))]
async fn an_access_address_is_written_short(ctx: &Context) -> squall::Result {
    let address = json!({ "accessIPv6": "2001:0db8:0000:0000:0000:0000:0000:0001" });
    let server = boot(ctx, address).await?;
    let servers = ctx.compute().servers();
    let shown = servers.show(&server.id).send().await?;
    ensure_eq!(shown.body.at("/server/accessIPv6"), Some(&json!("2001:db8::1")));
    let address = json!({ "accessIPv6": "2001:0DB8::0002" });
    let updated = servers.update(&server.id, address).send().await?;
    ensure_eq!(updated.body.at("/server/accessIPv6"), Some(&json!("2001:db8::2")));
    let shown = servers.show(&server.id).send().await?;
    ensure_eq!(shown.body.at("/server/accessIPv6"), Some(&json!("2001:db8::2")));
    Ok(())
}

/// From 2.21 on the actions of a deleted server are still listed, and its deletion is a change.
#[squall::test(id = "compute.instance-actions.deleted", needs(compute >= "2.21", image))]
async fn a_deleted_one_is_remembered(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    let shown = ctx.compute().servers().show(&server.id).send().await?;
    let created = shown.body.at("/server/created").and_then(Value::as_str).unwrap_or_default();
    servers::delete(ctx, &server.id).await?;
    let actions = ctx.compute().server_instance_actions();
    // A server is shown as deleted shortly before its record is.
    ctx.wait("the actions at 2.20 to be gone")
        .until(ready::gone(actions.list(&server.id).at(Microversion::new(2, 20))))
        .await?;
    let listed = actions.list(&server.id).at(Microversion::new(2, 21)).send().await?;
    ensure_eq!(listed.body.at("/instanceActions/0/action"), Some(&json!("delete")));
    let servers = ctx.compute().servers();
    let has = |listed: &Value| {
        let mut all = listed.as_array().into_iter().flatten();
        all.any(|one| one["id"] == server.id)
    };
    let listed = servers.list().query("changes-since", created).send().await?;
    ensure!(listed.body.at("/servers").is_some_and(has), "the deletion is no change");
    let listed = servers.list().send().await?;
    ensure!(!listed.body.at("/servers").is_some_and(has), "the deleted server is listed");
    Ok(())
}

/// Waits until a server is off and nothing is done to it any more.
async fn stays_stopped(
    ctx: &Context,
    id: &str,
    dead_ends: &'static [&'static str],
) -> squall::Result {
    let show = || ctx.compute().servers().show(id);
    ctx.wait("the server to be SHUTOFF")
        .until(ready::status_of(show(), "/server/status", "SHUTOFF", dead_ends))
        .await?;
    let shown = show().send().await?;
    ensure_eq!(shown.body.at("/server/OS-EXT-STS:task_state"), Some(&json!(null)));
    ensure_eq!(shown.body.at("/server/OS-EXT-STS:power_state"), Some(&json!(4)));
    Ok(())
}
