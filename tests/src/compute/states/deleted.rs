//! Deletion in every state, and what it gives back.

use serde_json::{Value, json};
use squall::scenario::{networks, servers, volumes};
use squall::wait::{Poll, ready};
use squall::{Case, Context, Result, ensure, ensure_eq};

use super::actions::State;
use super::{becomes_allocated, shown, text};

/// A server is deleted in every state, and gives back its port, its host and its quota.
#[squall::test(
    id = "compute.states.deleted",
    needs(network, placement),
    cases = in_every_state
)]
async fn nothing_is_left(ctx: &Context, state: &State) -> Result {
    let networks::NetworkAndSubnet { network, .. } =
        networks::with_subnet(ctx, "10.46.0.0/24").await?;
    let used = || async {
        let limits = ctx.compute().limits().show().send().await?;
        Ok::<_, squall::Failure>(limits.body.at("/limits/absolute/totalInstancesUsed").cloned())
    };
    let before = used().await?;
    let server = servers::boot(ctx, json!({ "networks": [{ "uuid": network.id }] })).await?;
    ensure!(used().await? != before, "a server does not count");
    let flavor = servers::another_flavor(ctx).await?;
    state.reach(ctx, &server.id, &flavor).await?;
    let ports = || ctx.network().ports().list().query("device_id", &server.id).send();
    let held = ports().await?.value;
    ensure_eq!(held.len(), 1);
    ensure_eq!(held[0].fixed_ips.iter().flatten().count(), 1, "its port has an address");
    servers::delete(ctx, &server.id).await?;
    let show = ctx.compute().servers().show(&server.id);
    ctx.wait("the server not to be found").until(ready::gone(show)).await?;
    let listed = ctx.compute().servers().list().send().await?.value;
    ensure!(listed.iter().all(|one| one.id != server.id), "the server is still listed");
    ensure_eq!(ports().await?.value.len(), 0, "ports left on the network");
    becomes_allocated(ctx, &server.id, None).await?;
    ensure_eq!(used().await?, before);
    let images = ctx.image().images().list().query("instance_uuid", &server.id).send().await?;
    ensure_eq!(images.value.len(), 0, "images left of the server");
    Ok(())
}

fn in_every_state() -> Vec<Case<State>> {
    let case = |(state, name, word, _, feature): (State, &'static str, &str, _, Option<_>)| {
        let case = Case::new(name, state)
            .with_summary(format!("A server that is {word} is deleted, with all that is its own."));
        match feature {
            Some(feature) => case.with_feature(feature),
            None => case,
        }
    };
    State::ALL.into_iter().map(case).collect()
}

/// A volume is free when its server is deleted; one that goes with the server is gone.
#[squall::test(id = "compute.states.deleted-volumes", needs(network, volume))]
async fn volumes_are_given_back(ctx: &Context) -> Result {
    let image = servers::public_image(ctx).await?;
    let (kept, extra) =
        (volumes::from_image(ctx, &image).await?, volumes::create(ctx, json!({})).await?);
    let server = servers::boot_from_volume(ctx, &kept.id).await?;
    servers::attach_volume(ctx, &server.id, &extra.id).await?;
    // What goes with the server is decided at any time, from 2.85 on by its owner.
    let goes = json!({ "volumeId": extra.id, "delete_on_termination": true });
    let attachments = ctx.compute().server_volume_attachments();
    attachments.update(&server.id, &extra.id, goes).send().await?;
    let volume = ctx.volume().volumes();
    volume.delete(&kept.id).expect_error(400).await?;
    servers::delete(ctx, &server.id).await?;
    let freed = volumes::available(ctx, &kept.id).await?;
    ensure_eq!(freed.attachments.map(|all| all.len()), Some(0));
    ctx.wait("the volume to go with its server").until(ready::gone(volume.show(&extra.id))).await?;
    Ok(())
}

/// A locked server is an admin's to delete.
#[squall::test(id = "compute.states.deleted-locked")]
async fn a_lock_does_not_hold_an_admin(ctx: &Context) -> Result {
    let server = servers::boot(ctx, json!({})).await?;
    let own = ctx.compute().servers();
    own.lock(&server.id, json!({ "locked_reason": "not yours" })).send().await?;
    let locked = shown(ctx, &server.id).await?;
    ensure_eq!(locked["locked_reason"], "not yours");
    own.delete(&server.id).expect_error(409).await?;
    ensure_eq!(text(&shown(ctx, &server.id).await?, "/status"), "ACTIVE");
    ctx.admin().compute().servers().delete(&server.id).send().await?;
    ctx.wait("the server to be gone").until(ready::server_gone(ctx.actor(), &server.id)).await?;
    Ok(())
}

/// A server is deleted while it is built, and by force.
#[squall::test(id = "compute.states.deleted-early", cases = early)]
async fn what_is_not_yet_there_is_deleted(ctx: &Context, by_force: &bool) -> Result {
    let server = servers::start_boot(ctx, json!({})).await?;
    let servers = ctx.compute().servers();
    if *by_force {
        servers.force_delete(&server.id).send().await?;
    } else {
        servers.delete(&server.id).send().await?;
    }
    ctx.wait("the server to be gone").until(ready::gone(servers.show(&server.id))).await?;
    servers.delete(&server.id).expect_error(404).await?;
    let listed = servers.list().query("name", &server.name).send().await?.value;
    ensure_eq!(listed.len(), 0, "the server is still listed");
    Ok(())
}

fn early() -> [Case<bool>; 2] {
    [Case::new("deleted", false), Case::new("forced", true)]
}

/// A deleted server is listed for an admin who asks for deleted ones, and for changes.
#[squall::test(id = "compute.states.deleted-listed")]
async fn a_deleted_one_is_known(ctx: &Context) -> Result {
    let server = servers::boot(ctx, json!({})).await?;
    let created = text(&shown(ctx, &server.id).await?, "/created").to_owned();
    servers::delete(ctx, &server.id).await?;
    let (own, admin) = (ctx.compute().servers(), ctx.admin().compute().servers());
    let everywhere = || admin.list_detail().query("all_tenants", "1").query("name", &server.name);
    let status = |body: &squall::client::Body| {
        let all = body.at("/servers").and_then(Value::as_array).cloned().unwrap_or_default();
        let found = all.iter().find(|one| one["id"] == *server.id);
        found.map(|one| text(one, "/status").to_owned())
    };
    // Its record is written shortly after it is not found any more.
    ctx.wait("the server to be listed as deleted")
        .until(|| async {
            let listed = everywhere().query("deleted", "true").send().await?;
            Ok(match status(&listed.body) {
                Some(status) if status == "DELETED" => Poll::ready(()),
                status => Poll::not_yet(format!("{status:?}")),
            })
        })
        .await?;
    ensure_eq!(status(&everywhere().send().await?.body), None);
    let changed = own.list_detail().query("changes-since", &created).send().await?;
    ensure_eq!(status(&changed.body).as_deref(), Some("DELETED"));
    // Who is no admin does not see deleted ones by asking for them.
    let asked = own.list_detail().query("deleted", "true").send().await?;
    ensure_eq!(status(&asked.body), None);
    Ok(())
}
