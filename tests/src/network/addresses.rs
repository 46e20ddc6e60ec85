//! Subnets and ports, and the addresses they give out.

use serde_json::json;
use squall::scenario::networks::{self, NetworkAndSubnet};
use squall::{Context, ensure, ensure_eq};

/// Creates a network with one subnet and returns their ids.
pub(super) async fn subnet(ctx: &Context, cidr: &str) -> squall::Result<(String, String)> {
    let NetworkAndSubnet { network, subnet } = networks::with_subnet(ctx, cidr).await?;
    Ok((network.id, subnet.id))
}

/// A subnet's gateway is its first address.
#[squall::test(id = "network.subnets.gateway")]
async fn the_first_address_is_the_gateway(ctx: &Context) -> squall::Result {
    let (network, subnet) = subnet(ctx, "10.11.12.0/24").await?;
    let shown = ctx.network().subnets().show(&subnet).send().await?.value;
    ensure_eq!(shown.gateway_ip.as_deref(), Some("10.11.12.1"));
    ensure_eq!(shown.cidr.as_deref(), Some("10.11.12.0/24"));
    let shown = ctx.network().networks().show(&network).send().await?;
    ensure_eq!(shown.body.at("/network/subnets"), Some(&json!([subnet])));
    Ok(())
}

/// A subnet and its network are renamed, and deleted together.
#[squall::test(id = "network.subnets.update", tags(smoke))]
async fn a_network_takes_its_subnet_along(ctx: &Context) -> squall::Result {
    let NetworkAndSubnet { network, subnet } = networks::with_subnet(ctx, "10.11.12.0/24").await?;
    let networks = ctx.network().networks();
    let name = format!("{}-b", network.name);
    let renamed = networks.update(&network.id, json!({ "name": name })).send().await?.value;
    let shown = networks.show(&network.id).send().await?.value;
    ensure_eq!((renamed.name, shown.name), (Some(name.clone()), Some(name)));
    let subnets = ctx.network().subnets();
    let name = format!("{}-b", subnet.name);
    let renamed = subnets.update(&subnet.id, json!({ "name": name })).send().await?.value;
    let shown = subnets.show(&subnet.id).send().await?.value;
    ensure_eq!((renamed.name, shown.name), (Some(name.clone()), Some(name)));
    networks.delete(&network.id).send().await?;
    subnets.show(&subnet.id).expect_error(404).await?;
    Ok(())
}

/// The subnets of a project are listed.
#[squall::test(id = "network.subnets.list", tags(smoke))]
async fn a_subnet_is_listed(ctx: &Context) -> squall::Result {
    let (network, subnet) = subnet(ctx, "10.11.12.0/24").await?;
    let listed = ctx.network().subnets().list().send().await?.value;
    let found = listed.iter().find(|other| other.id.as_ref() == Some(&subnet));
    ensure_eq!(found.and_then(|found| found.network_id.as_ref()), Some(&network));
    Ok(())
}

/// A subnet from a pool has the pool's default prefix length of that time.
#[squall::test(id = "network.subnet-pools.length")]
async fn a_pool_gives_subnets_of_its_length(ctx: &Context) -> squall::Result {
    let pools = ctx.network().subnet_pools();
    let body = json!({ "prefixes": ["10.20.0.0/16"], "default_prefixlen": 26 });
    let pool = ctx.create(pools.create(body)).await?;
    for length in [26, 28] {
        let network = networks::network(ctx, json!({})).await?;
        pools.update(&pool.id, json!({ "default_prefixlen": length })).send().await?;
        let shown = pools.show(&pool.id).send().await?.body;
        // Neutron writes a length as a text, or as a number.
        let shown = shown.at("/subnetpool/default_prefixlen").map(ToString::to_string);
        ensure_eq!(
            shown.as_deref().map(|shown| shown.trim_matches('"')),
            Some(&*length.to_string())
        );
        let subnet = ctx
            .create(ctx.network().subnets().create(json!({
                "network_id": network.id, "ip_version": 4,
                "subnetpool_id": pool.id,
            })))
            .await?;
        let shown = ctx.network().subnets().show(&subnet.id).send().await?.value;
        let cidr = shown.cidr.unwrap_or_default();
        ensure!(cidr.starts_with("10.20.") && cidr.ends_with(&format!("/{length}")), "{cidr}");
    }
    Ok(())
}

/// A port is renamed, disabled, and deleted.
#[squall::test(id = "network.ports.update", tags(smoke))]
async fn a_port_is_switched_off_and_goes(ctx: &Context) -> squall::Result {
    let (network, _) = subnet(ctx, "10.11.12.0/24").await?;
    let ports = ctx.network().ports();
    let port = ctx.create(ports.create(json!({ "network_id": network }))).await?;
    ensure!(port.value.fixed_ips.as_ref().is_some_and(|ips| !ips.is_empty()), "it has no address");
    let name = format!("{}-b", port.name);
    let change = json!({ "name": name, "admin_state_up": false });
    let updated = ports.update(&port.id, change).send().await?.value;
    let shown = ports.show(&port.id).send().await?.value;
    for now in [&updated, &shown] {
        ensure_eq!(now.name.as_ref(), Some(&name));
        ensure_eq!(now.admin_state_up, Some(false));
        ensure_eq!(now.mac_address, port.value.mac_address);
        ensure_eq!(now.fixed_ips, port.value.fixed_ips);
        ensure!(
            port.value.revision_number < now.revision_number,
            "the revision was {:?}, and is {:?}",
            port.value.revision_number,
            now.revision_number
        );
    }
    ports.delete(&port.id).send().await?;
    ports.show(&port.id).expect_error(404).await?;
    Ok(())
}

/// A port gets an address from its network's subnet.
#[squall::test(id = "network.ports.address", tags(smoke))]
async fn a_port_gets_an_address(ctx: &Context) -> squall::Result {
    let (network, subnet) = subnet(ctx, "10.11.12.0/24").await?;
    let port = ctx.create(ctx.network().ports().create(json!({ "network_id": network }))).await?;
    let shown = ctx.network().ports().show(&port.id).send().await?;
    ensure_eq!(shown.body.at("/port/fixed_ips/0/subnet_id"), Some(&json!(subnet)));
    let address = shown.body.at("/port/fixed_ips/0/ip_address").and_then(|a| a.as_str());
    ensure!(address.is_some_and(|a| a.starts_with("10.11.12.")), "{address:?}");
    Ok(())
}

/// Two ports cannot have the same address.
#[squall::test(id = "network.ports.address-taken", tags(negative))]
async fn an_address_is_given_once(ctx: &Context) -> squall::Result {
    let (network, _) = subnet(ctx, "10.11.12.0/24").await?;
    let wanted = json!([{ "ip_address": "10.11.12.77" }]);
    let ports = ctx.network().ports();
    ctx.create(ports.create(json!({ "network_id": network, "fixed_ips": wanted }))).await?;
    ctx.expect_refusal(409, ports.create(json!({ "network_id": network, "fixed_ips": wanted })))
        .await?;
    Ok(())
}

/// A network with a port cannot be deleted.
#[squall::test(id = "network.networks.in-use", tags(negative))]
async fn a_network_with_ports_stays(ctx: &Context) -> squall::Result {
    let (network, _) = subnet(ctx, "10.11.12.0/24").await?;
    ctx.create(ctx.network().ports().create(json!({ "network_id": network }))).await?;
    ctx.network().networks().delete(&network).expect_error(409).await?;
    Ok(())
}

/// An invalid CIDR is refused.
#[squall::test(id = "network.subnets.bad-cidr", tags(negative))]
async fn a_bad_range_is_refused(ctx: &Context) -> squall::Result {
    let network = ctx.create(ctx.network().networks().create(json!({}))).await?;
    ctx.expect_refusal(
        400,
        ctx.network().subnets().create(json!({
            "network_id": network.id,
            "ip_version": 4,
            "cidr": "10.11.12.0/99",
        })),
    )
    .await?;
    Ok(())
}

/// Ports can be filtered by network.
#[squall::test(id = "network.ports.list-by-network")]
async fn ports_are_listed_by_network(ctx: &Context) -> squall::Result {
    let (network, _) = subnet(ctx, "10.11.12.0/24").await?;
    let (other, _) = subnet(ctx, "10.11.13.0/24").await?;
    let ports = ctx.network().ports();
    let mut own = Vec::new();
    for _ in 0..2 {
        own.push(networks::port(ctx, &network, json!({})).await?.id);
    }
    let elsewhere = networks::port(ctx, &other, json!({})).await?.id;
    let listed = ports.list().query("network_id", &network).send().await?.value;
    // A DHCP agent may have a port there, too.
    let mut listed: Vec<String> = listed.into_iter().filter_map(|port| port.id).collect();
    ensure!(!listed.contains(&elsewhere), "a port of another network is listed");
    listed.retain(|id| own.contains(id));
    listed.sort();
    own.sort();
    ensure_eq!(listed, own);
    Ok(())
}
