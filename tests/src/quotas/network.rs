//! Quotas of the network, whose refusals are 409.

use serde_json::{Value, json};
use squall::client::{Call, decode};
use squall::network::Network;
use squall::scenario::{networks, quotas};
use squall::{Case, Context, Result, ensure_eq};

use super::{ensure_names, only_one_fits};

/// A project has as many of each resource of the network as it may.
#[squall::test(id = "quotas.network", needs(network), cases = resources)]
async fn one_fits(ctx: &Context, resource: &Resource) -> Result {
    let on = On {
        network: networks::network(ctx, json!({})).await?.id,
        group: networks::security_group(ctx).await?.id,
        external: match resource.quota {
            "floatingip" => networks::external(ctx).await?,
            _ => String::new(),
        },
    };
    // What the project has already, such as its default security group, counts.
    let before = used(ctx, resource.quota).await?;
    quotas::network(ctx, json!({ resource.quota: before + 1 })).await?;
    let create = || (resource.create)(ctx.network(), &on);
    let delete = |id: &str| (resource.delete)(ctx.network(), id);
    let refused = only_one_fits(ctx, 409, create, delete).await?;
    ensure_names(&refused, resource.quota)?;
    ensure_eq!(used(ctx, resource.quota).await?, before + 1);
    Ok(())
}

/// Returns how many a project has.
async fn used(ctx: &Context, quota: &str) -> Result<u64> {
    let project = ctx.actor().project_id().unwrap_or_default();
    let shown = ctx.admin().network().quotas().show_details(project).send().await?;
    let used = shown.body.at(&format!("/quota/{quota}/used")).and_then(Value::as_u64);
    used.ok_or_else(|| squall::Failure::new(format!("the quota of `{quota}` has no usage")))
}

/// What resources are made on.
#[derive(Debug)]
struct On {
    network: String,
    group: String,
    external: String,
}

/// Something that there is a quota of.
#[derive(Debug)]
struct Resource {
    quota: &'static str,
    create: fn(&Network, &On) -> Call<()>,
    delete: fn(&Network, &str) -> Call<()>,
}

fn resources() -> Vec<Case<Resource>> {
    let case = |quota, create, delete| Case::new(quota, Resource { quota, create, delete });
    vec![
        case(
            "network",
            |c, _| c.networks().create(json!({})).decoded_by(decode::nothing),
            |c, id| c.networks().delete(id),
        ),
        case(
            "subnet",
            |c, on| {
                let body = json!({
                    "network_id": on.network, "ip_version": 4, "cidr": "10.47.0.0/24",
                });
                c.subnets().create(body).decoded_by(decode::nothing)
            },
            |c, id| c.subnets().delete(id),
        ),
        case(
            "port",
            |c, on| {
                let body = json!({ "network_id": on.network });
                c.ports().create(body).decoded_by(decode::nothing)
            },
            |c, id| c.ports().delete(id),
        ),
        case(
            "router",
            |c, _| c.routers().create(json!({})).decoded_by(decode::nothing),
            |c, id| c.routers().delete(id),
        ),
        case(
            "security_group",
            |c, _| c.security_groups().create(json!({})).decoded_by(decode::nothing),
            |c, id| c.security_groups().delete(id),
        ),
        case(
            "security_group_rule",
            |c, on| {
                let body = json!({
                    "security_group_id": on.group, "direction": "ingress", "protocol": "tcp",
                });
                c.security_group_rules().create(body).decoded_by(decode::nothing)
            },
            |c, id| c.security_group_rules().delete(id),
        ),
        case(
            "floatingip",
            |c, on| {
                let body = json!({ "floating_network_id": on.external });
                c.floating_ips().create(body).decoded_by(decode::nothing)
            },
            |c, id| c.floating_ips().delete(id),
        )
        .with_feature("network.external"),
    ]
}
