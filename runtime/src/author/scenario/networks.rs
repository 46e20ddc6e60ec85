//! Networks, routers, ports, floating IPs and security groups.

use serde_json::{Value, json};

use super::{choices, with};
use crate::context::Made;
use crate::network::types::{
    FloatingIp, Network, Port, Router, SecurityGroup, SecurityGroupRule, Subnet,
};
use crate::wait::ready;
use crate::{Context, Result, kinds};

/// Creates a network (`POST /networks`).
pub async fn network(ctx: &Context, further: Value) -> Result<Made<Network>> {
    let networks = ctx.network().networks();
    Ok(ctx.create(networks.create(further)).await?)
}

/// Creates a subnet of a network, of IP version 4 (`POST /subnets`).
pub async fn subnet(
    ctx: &Context,
    network: &str,
    cidr: &str,
    further: Value,
) -> Result<Made<Subnet>> {
    let subnets = ctx.network().subnets();
    let body = with(json!({ "network_id": network, "ip_version": 4, "cidr": cidr }), further);
    Ok(ctx.create(subnets.create(body)).await?)
}

/// A network with one subnet.
#[derive(Debug, Clone)]
pub struct NetworkAndSubnet {
    /// The network.
    pub network: Made<Network>,
    /// Its subnet.
    pub subnet: Made<Subnet>,
}

/// Creates a network with one subnet.
pub async fn with_subnet(ctx: &Context, cidr: &str) -> Result<NetworkAndSubnet> {
    let network = network(ctx, json!({})).await?;
    let subnet = subnet(ctx, &network.id, cidr, json!({})).await?;
    Ok(NetworkAndSubnet { network, subnet })
}

/// A network with one subnet, and a router on it.
#[derive(Debug, Clone)]
pub struct RoutedNetwork {
    /// The network.
    pub network: Made<Network>,
    /// Its subnet.
    pub subnet: Made<Subnet>,
    /// The router, with a gateway where the cloud has an external network.
    pub router: Made<Router>,
}

/// Creates a network with one subnet and a router on it, whose gateway is the external
/// network where the cloud has one.
pub async fn routed(ctx: &Context, cidr: &str) -> Result<RoutedNetwork> {
    let NetworkAndSubnet { network, subnet } = with_subnet(ctx, cidr).await?;
    let external = choices::external_network(ctx).await?;
    let router = router(ctx, external.as_deref()).await?;
    join(ctx, &router.id, &subnet.id).await?;
    Ok(RoutedNetwork { network, subnet, router })
}

/// Creates a router, with an external network as its gateway where one is given
/// (`POST /routers`).
pub async fn router(ctx: &Context, external: Option<&str>) -> Result<Made<Router>> {
    let routers = ctx.network().routers();
    let mut body = json!({});
    if let Some(external) = external {
        body["external_gateway_info"] = json!({ "network_id": external });
    }
    Ok(ctx.create(routers.create(body)).await?)
}

/// Attaches a subnet to a router (`PUT /routers/{id}/add_router_interface`).
pub async fn join(ctx: &Context, router: &str, subnet: &str) -> Result {
    let routers = ctx.network().routers();
    let plug = routers.add_router_interface(router, json!({ "subnet_id": subnet }));
    ctx.change(&kinds::network::ROUTER_INTERFACE, plug).await?;
    Ok(())
}

/// Creates a port on a network (`POST /ports`).
pub async fn port(ctx: &Context, network: &str, further: Value) -> Result<Made<Port>> {
    let ports = ctx.network().ports();
    let body = with(json!({ "network_id": network }), further);
    Ok(ctx.create(ports.create(body)).await?)
}

/// Returns the id of the external network that the settings choose, or else of any
/// (`GET /networks?router:external=True`); skips where the cloud has none.
pub async fn external(ctx: &Context) -> Result<String> {
    let found = choices::external_network(ctx).await?;
    found.ok_or_else(|| ctx.skip("the cloud has no external network"))
}

/// Creates a floating IP of an external network (`POST /floatingips`).
pub async fn floating_ip(ctx: &Context, external: &str) -> Result<Made<FloatingIp>> {
    let floating_ips = ctx.network().floating_ips();
    // It has no name, so that cleanup finds it by its description.
    Ok(ctx.create(floating_ips.create(json!({ "floating_network_id": external }))).await?)
}

/// Associates a floating IP with a port (`PUT /floatingips/{id}`).
pub async fn associate(ctx: &Context, floating_ip: &str, port: &str) -> Result<FloatingIp> {
    let floating_ips = ctx.network().floating_ips();
    Ok(floating_ips.update(floating_ip, json!({ "port_id": port })).send().await?.value)
}

/// Dissociates a floating IP from its port and waits until it is DOWN
/// (`PUT /floatingips/{id}`).
pub async fn dissociate(ctx: &Context, floating_ip: &str) -> Result<FloatingIp> {
    let floating_ips = ctx.network().floating_ips();
    floating_ips.update(floating_ip, json!({ "port_id": null })).send().await?;
    let waiting = ctx.wait("the floating IP to be free");
    Ok(waiting
        .until(ready::state(ctx.actor(), ctx.network().floating_ips().show(floating_ip), "DOWN"))
        .await?)
}

/// Creates a security group that allows no ingress (`POST /security-groups`).
pub async fn security_group(ctx: &Context) -> Result<Made<SecurityGroup>> {
    let groups = ctx.network().security_groups();
    Ok(ctx.create(groups.create(json!({}))).await?)
}

/// Creates a security group that allows SSH and ping.
pub async fn loginable(ctx: &Context) -> Result<Made<SecurityGroup>> {
    let group = security_group(ctx).await?;
    for version in ["IPv4", "IPv6"] {
        allow(
            ctx,
            &group.id,
            json!({
                "ethertype": version,
                "protocol": "tcp",
                "port_range_min": 22,
                "port_range_max": 22,
            }),
        )
        .await?;
        let ping = if version == "IPv4" { "icmp" } else { "ipv6-icmp" };
        allow(ctx, &group.id, json!({ "ethertype": version, "protocol": ping })).await?;
    }
    Ok(group)
}

/// Adds an ingress rule to a security group
/// (`POST /security-group-rules`).
pub async fn allow(ctx: &Context, group: &str, rule: Value) -> Result<Made<SecurityGroupRule>> {
    let rules = ctx.network().security_group_rules();
    let body = with(json!({ "security_group_id": group, "direction": "ingress" }), rule);
    // It has no name, so that cleanup finds it by its description.
    Ok(ctx.create(rules.create(body)).await?)
}
