//! Servers: made, shown, listed, changed, deleted.

use serde_json::{Value, json};
use squall::model::Microversion;
use squall::scenario::networks;
use squall::scenario::servers::{self, becomes, boot, public_image, smallest_flavor};
use squall::wait::ready;
use squall::{Context, ensure, ensure_eq};

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHqk1pjGQ5hoOgq4m2XJ0yD7f0oQ0m1jW3v6bqvFhB0c squall";
const NO_NETWORK: Microversion = Microversion::new(2, 37);

/// A server becomes ACTIVE and is shown as created: with its flavor, image, owner and key, on
/// a host, with the address of its port.
#[squall::test(
    id = "compute.servers.boot",
    needs(compute >= "2.47", image, network, placement >= "1.12"),
    tags(smoke)
)]
async fn becomes_active(ctx: &Context) -> squall::Result {
    let networks::NetworkAndSubnet { network, .. } =
        networks::with_subnet(ctx, "10.49.0.0/24").await?;
    let key = ctx.create(ctx.compute().keypairs().create(json!({ "public_key": KEY }))).await?;
    let (flavor, image) = (smallest_flavor(ctx).await?, public_image(ctx).await?);
    let asked = json!({ "key_name": key.name, "networks": [{ "uuid": network.id }] });
    let server = boot(ctx, asked).await?;
    let shown = ctx.admin().compute().servers().show(&server.id).send().await?;
    let field = |name: &str| shown.body.at(&format!("/server/{name}")).cloned().unwrap_or_default();
    for (name, wanted) in [
        ("status", json!("ACTIVE")),
        ("name", json!(server.name)),
        ("image/id", json!(image)),
        ("key_name", json!(key.name)),
        ("user_id", json!(ctx.actor().user_id())),
        ("tenant_id", json!(ctx.actor().project_id())),
        ("OS-EXT-STS:vm_state", json!("active")),
        ("OS-EXT-STS:task_state", Value::Null),
        ("OS-EXT-STS:power_state", json!(1)),
    ] {
        ensure_eq!(field(name), wanted, "{name}");
    }
    let made_of = ctx.compute().flavors().show(&flavor).send().await?;
    for (name, of_flavor) in [("original_name", "name"), ("ram", "ram"), ("vcpus", "vcpus")] {
        let wanted = made_of.body.at(&format!("/flavor/{of_flavor}")).cloned().unwrap_or_default();
        ensure_eq!(field(&format!("flavor/{name}")), wanted, "{name} of the flavor");
    }
    for filled in ["OS-EXT-AZ:availability_zone", "OS-EXT-SRV-ATTR:host", "OS-SRV-USG:launched_at"]
    {
        ensure!(field(filled).as_str().is_some_and(|text| !text.is_empty()), "no {filled}");
    }
    let ports = ctx.network().ports().list().query("device_id", &server.id).send().await?;
    let address = ports.body.at("/ports/0/fixed_ips/0/ip_address").cloned().unwrap_or_default();
    ensure_eq!(ports.body.at("/ports/1"), None);
    let addresses = servers::addresses(ctx, &server.id, Some(&network.name)).await?;
    ensure_eq!(json!(addresses), json!([address]));
    let used = ctx.admin().placement().allocations().show(&server.id).send().await?;
    let hosts = used.body.at("/allocations").and_then(Value::as_object);
    let cpus = hosts.and_then(|hosts| hosts.values().next()?.pointer("/resources/VCPU").cloned());
    ensure_eq!(cpus, Some(field("flavor/vcpus")));
    Ok(())
}

/// Pages of one server add up to the list, each server once, in the order that is asked for.
#[squall::test(id = "compute.servers.paging", needs(compute, image))]
async fn pages_join_to_the_whole(ctx: &Context) -> squall::Result {
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(boot(ctx, json!({})).await?.id);
    }
    let servers = ctx.compute().servers();
    let all = servers.list().query("limit", 1).all().await?;
    let ids: Vec<String> = all.into_iter().map(|server| server.id).collect();
    for id in &made {
        ensure_eq!(ids.iter().filter(|found| *found == id).count(), 1, "server {id}");
    }
    let first = servers.list().query("limit", 1).send().await?;
    ensure_eq!(first.body.at("/servers_links/0/rel"), Some(&json!("next")));
    made.sort();
    for direction in ["asc", "desc"] {
        let sorted = servers.list().query("sort_key", "uuid").query("sort_dir", direction);
        let sorted = sorted.send().await?.value;
        let mut ids: Vec<String> = sorted.into_iter().map(|server| server.id).collect();
        ids.retain(|id| made.contains(id));
        ensure_eq!(ids, made, "{direction}");
        made.reverse();
    }
    Ok(())
}

/// A server can be renamed, running or stopped.
#[squall::test(id = "compute.servers.update", needs(compute, image))]
async fn renamed(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    let servers = ctx.compute().servers();
    for (status, name) in [("ACTIVE", "b"), ("SHUTOFF", "c")] {
        if status == "SHUTOFF" {
            servers.stop(&server.id).send().await?;
        }
        becomes(ctx, &server.id, status).await?;
        let name = format!("{}-{name}", server.name);
        servers.update(&server.id, json!({ "name": name })).send().await?;
        let shown = servers.show(&server.id).send().await?;
        ensure_eq!(shown.value.name.as_deref(), Some(name.as_str()));
    }
    Ok(())
}

/// A deleted server is neither found nor listed; its actions are still read.
#[squall::test(id = "compute.servers.delete", needs(compute >= "2.21", image))]
async fn deleted_is_not_found(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    let calls = ctx.compute().servers();
    servers::delete(ctx, &server.id).await?;
    // It is shown as deleted for a moment.
    ctx.wait("the server not to be found").until(ready::gone(calls.show(&server.id))).await?;
    let listed = calls.list().query("name", &server.name).send().await?.value;
    ensure_eq!(listed.len(), 0);
    calls.delete(&server.id).expect_error(404).await?;
    let actions = ctx.compute().server_instance_actions().list(&server.id).send().await?;
    ensure_eq!(actions.body.at("/instanceActions/0/action"), Some(&json!("delete")));
    Ok(())
}

/// A server without networks has no address.
#[squall::test(id = "compute.servers.no-network", needs(compute >= "2.37", image))]
async fn no_network_no_address(ctx: &Context) -> squall::Result {
    let (flavor, image) = (smallest_flavor(ctx).await?, public_image(ctx).await?);
    let servers = ctx.compute().servers();
    let body = json!({ "flavorRef": flavor, "imageRef": image, "networks": "none" });
    let made = ctx.create(servers.create(body).at(NO_NETWORK)).await?;
    servers::active(ctx, &made.id).await?;
    let addresses = ctx.compute().server_ips().list(&made.id).send().await?;
    ensure_eq!(addresses.body.at("/addresses"), Some(&json!({})));
    Ok(())
}

/// A server with an unknown flavor is refused.
#[squall::test(id = "compute.servers.bad-flavor", needs(compute, image), tags(negative))]
async fn an_unknown_flavor_is_refused(ctx: &Context) -> squall::Result {
    let image = public_image(ctx).await?;
    let servers = ctx.compute().servers();
    ctx.expect_refusal(
        400,
        servers.create(json!({
            "flavorRef": "6f0c1a52-9d5e-4c3b-8a43-5a1d0c8e7f04",
            "imageRef": image,
            "networks": "none",
        })),
    )
    .await?;
    Ok(())
}

/// A field that the microversion lacks is refused.
#[squall::test(id = "compute.servers.bad-body", needs(compute, image), tags(negative))]
async fn a_field_of_a_later_version_is_refused(ctx: &Context) -> squall::Result {
    let (flavor, image) = (smallest_flavor(ctx).await?, public_image(ctx).await?);
    let servers = ctx.compute().servers();
    let refused = ctx
        .expect_refusal(
            400,
            servers
                .create(json!({
                    "flavorRef": flavor,
                    "imageRef": image,
                    "description": "since 2.19",
                }))
                .at(Microversion::new(2, 1)),
        )
        .await?;
    ensure!(refused.message().is_some(), "the error has no message");
    Ok(())
}

/// An unknown id is not found.
#[squall::test(id = "compute.servers.unknown", tags(negative))]
async fn an_unknown_id_is_not_found(ctx: &Context) -> squall::Result {
    let id = "6f0c1a52-9d5e-4c3b-8a43-5a1d0c8e7f05";
    ctx.compute().servers().show(id).expect_error(404).await?;
    Ok(())
}

/// A wrong token is refused.
#[squall::test(id = "compute.servers.wrong-token", tags(negative))]
async fn a_wrong_token_is_refused(ctx: &Context) -> squall::Result {
    ctx.compute().servers().list().with_token("no-such-token").expect_error(401).await?;
    Ok(())
}
