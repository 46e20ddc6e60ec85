//! A server from its image to its end.

use serde_json::{Value, json};
use squall::model::Microversion;
use squall::scenario::servers::{self, boot};
use squall::scenario::{networks, volumes};
use squall::wait::ready;
use squall::{Context, ensure, ensure_eq};

/// Keypairs are returned with their private key before 2.92.
const MADE_BY_NOVA: Microversion = Microversion::new(2, 2);

/// A server boots from an image on a network with a keypair; a volume is attached
/// and detached, and the server is deleted.
#[squall::test(id = "scenario.server.lifecycle", tags(smoke))]
async fn lives_and_ends(ctx: &Context) -> squall::Result {
    let networks::NetworkAndSubnet { network, .. } =
        networks::with_subnet(ctx, "10.21.0.0/24").await?;
    let keypair = ctx
        .create(ctx.compute().keypairs().create(json!({
                "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHqk1pjGQ5hoOgq4m2XJ0yD7f0oQ0m1jW3v6bqvFhB0c squall",
            })))
        .await?;
    let server =
        boot(ctx, json!({ "key_name": keypair.name, "networks": [{ "uuid": network.id }] }))
            .await?;
    let shown = ctx.compute().servers().show(&server.id).send().await?;
    ensure_eq!(shown.value.key_name.as_deref(), Some(keypair.name.as_str()));
    let addresses = shown.body.at("/server/addresses").and_then(|a| a.get(&network.name));
    ensure!(
        addresses.and_then(|a| a.as_array()).is_some_and(|a| a.len() == 1),
        "the server has {addresses:?} on its network"
    );

    let volume = volumes::create(ctx, json!({})).await?;
    servers::attach_volume(ctx, &server.id, &volume.id).await?;
    let shown = ctx.volume().volumes().show(&volume.id).send().await?;
    ensure_eq!(shown.body.at("/volume/attachments/0/server_id"), Some(&json!(server.id)));

    servers::detach_volume(ctx, &server.id, &volume.id).await?;
    servers::delete(ctx, &server.id).await?;
    let ports = ctx.network().ports().list().query("device_id", &server.id).send().await?.value;
    ensure_eq!(ports.len(), 0, "ports left on the network");
    Ok(())
}

/// A server boots on a network with a keypair, a security group and metadata: its port has
/// that group and no other.
#[squall::test(id = "scenario.server.basic", tags(smoke))]
async fn boots_with_what_it_was_given(ctx: &Context) -> squall::Result {
    let networks::NetworkAndSubnet { network, .. } =
        networks::with_subnet(ctx, "10.24.0.0/24").await?;
    let keypair = ctx.create(ctx.compute().keypairs().create(json!({})).at(MADE_BY_NOVA)).await?;
    let group = networks::security_group(ctx).await?;
    for (ethertype, protocol) in [("IPv4", "tcp"), ("IPv4", "icmp"), ("IPv6", "icmp")] {
        for direction in ["ingress", "egress"] {
            let rule = json!({
                "direction": direction,
                "ethertype": ethertype,
                "protocol": protocol,
            });
            networks::allow(ctx, &group.id, rule).await?;
        }
    }
    let shown = ctx.network().security_groups().show(&group.id).send().await?;
    let rules = shown.body.at("/security_group/security_group_rules").and_then(Value::as_array);
    // There are others that let everything out.
    ensure!(rules.is_some_and(|rules| rules.len() >= 6), "{rules:?}");
    let metadata = json!({ "colour": "blue", "shade": "dark" });
    let given = json!({
        "key_name": keypair.name,
        "security_groups": [{ "name": group.name }],
        "metadata": metadata,
        "networks": [{ "uuid": network.id }],
    });
    let server = boot(ctx, given).await?;
    let shown = ctx.compute().servers().show(&server.id).send().await?;
    ensure_eq!(shown.value.key_name.as_deref(), Some(keypair.name.as_str()));
    ensure_eq!(shown.body.at("/server/metadata"), Some(&metadata));
    let ports = ctx
        .wait("the server's port to be active")
        .until(ready::server_ports_active(ctx.actor(), &server.id))
        .await?;
    ensure_eq!(ports.len(), 1, "the server is on one network");
    let addresses = ports.iter().flat_map(|port| port.fixed_ips.iter().flatten()).count();
    ensure!(addresses > 0, "its port has no address");
    let groups: Vec<_> = ports.into_iter().map(|port| port.security_groups).collect();
    ensure_eq!(json!(groups), json!([[group.id]]));
    let of_server = ctx.compute().server_security_groups().list(&server.id).send().await?;
    ensure_eq!(of_server.body.at("/security_groups/0/id"), Some(&json!(group.id)));
    ensure_eq!(of_server.body.at("/security_groups/1"), None);
    // What a server uses is not deleted below it.
    ctx.network().security_groups().delete(&group.id).expect_error(409).await?;
    servers::delete(ctx, &server.id).await?;
    ctx.network().security_groups().delete(&group.id).send().await?;
    ctx.network().security_groups().show(&group.id).expect_error(404).await?;
    Ok(())
}

/// A snapshot image is created from a server, and another server boots from it; both outlive
/// the first one.
#[squall::test(id = "scenario.server.image", features("compute.snapshot"))]
async fn another_boots_from_its_image(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    let image = servers::snapshot(ctx, &server.id).await?;
    let made = ctx.image().images().show(&image.id).send().await?;
    for (property, wanted) in [
        ("instance_uuid", json!(server.id)),
        ("base_image_ref", json!(servers::public_image(ctx).await?)),
        ("image_type", json!("snapshot")),
        ("owner", json!(ctx.actor().project_id())),
        ("name", json!(image.name)),
    ] {
        ensure_eq!(made.body.at(&format!("/{property}")), Some(&wanted), "{property}");
    }
    ensure!(made.value.size.is_some_and(|size| size > 0), "the image has no bytes");
    let copy = boot(ctx, json!({ "imageRef": image.id })).await?;
    servers::delete(ctx, &server.id).await?;
    let kept = ctx.image().images().show(&image.id).send().await?;
    ensure_eq!(kept.value.status, Some("active".to_owned()));
    ensure_eq!(kept.value.checksum, made.value.checksum);
    let shown = ctx.compute().servers().show(&copy.id).send().await?;
    ensure_eq!(shown.value.status.as_deref(), Some("ACTIVE"));
    ensure_eq!(shown.body.at("/server/image/id"), Some(&json!(image.id)));
    let metadata = json!({ "built": "again" });
    servers::rebuild(ctx, &copy.id, &image.id, json!({ "metadata": metadata })).await?;
    let shown = ctx.compute().servers().show(&copy.id).send().await?;
    ensure_eq!(shown.body.at("/server/metadata"), Some(&metadata));
    Ok(())
}
