//! Quotas of compute, whose refusals are 403.

use serde_json::{Value, json};
use squall::model::Microversion;
use squall::scenario::{quotas, servers};
use squall::wait::{Poll, ProbeError};
use squall::{Case, Context, Result, ensure_eq};

use super::{ensure_names, only_one_fits};

/// Groups have one policy, and rules, from this version on.
const GROUPS: Microversion = Microversion::new(2, 64);

/// A project has as many servers, cores and as much memory as it may.
#[squall::test(
    id = "quotas.compute.servers",
    needs(compute >= "2.37", image),
    cases = of_servers
)]
async fn one_server_fits(ctx: &Context, resource: &Resource) -> Result {
    let flavor = servers::smallest_flavor(ctx).await?;
    let shown = ctx.compute().flavors().show(&flavor).send().await?;
    let amount = match resource.of_flavor {
        Some(field) => shown.body.at(&format!("/flavor/{field}")).and_then(Value::as_u64),
        None => Some(1),
    };
    let amount = amount.unwrap_or_default();
    quotas::compute(ctx, json!({ resource.quota: amount })).await?;
    ensure_eq!(usage(ctx, resource).await?, [Some(0), Some(0)]);
    let body = json!({
        "flavorRef": flavor,
        "imageRef": servers::public_image(ctx).await?,
        "networks": "none",
    });
    let create = || ctx.compute().servers().create(body.clone());
    let first = ctx.create(create()).await?;
    servers::active(ctx, &first.id).await?;
    ensure_eq!(usage(ctx, resource).await?, [Some(amount), Some(amount)]);
    let refused = ctx.expect_refusal(403, create()).await?;
    ensure_names(&refused, resource.quota)?;
    ensure_eq!(usage(ctx, resource).await?, [Some(amount), Some(amount)]);
    servers::delete(ctx, &first.id).await?;
    // Nova counts a server for a moment after it can no longer be shown.
    ctx.wait("the usage to go down")
        .until(|| async {
            let usage = usage(ctx, resource).await;
            Ok(match usage.map_err(|why| ProbeError::lasting(why.to_string()))? {
                [Some(0), Some(0)] => Poll::ready(()),
                other => Poll::not_yet(format!("{other:?}")),
            })
        })
        .await?;
    let second = ctx.create(create()).await?;
    servers::active(ctx, &second.id).await?;
    Ok(())
}

/// What there is a quota of.
#[derive(Debug)]
struct Resource {
    /// The quota.
    quota: &'static str,
    /// The limit that says how much is used.
    limit: &'static str,
    /// The field of a flavor that counts; a server counts once where there is none.
    of_flavor: Option<&'static str>,
}

/// Returns how much is used, as the limits and as the quota's details have it.
async fn usage(ctx: &Context, resource: &Resource) -> Result<[Option<u64>; 2]> {
    let limits = ctx.compute().limits().show().send().await?;
    let limit = limits.body.at(&format!("/limits/absolute/{}", resource.limit));
    let project = ctx.actor().project_id().unwrap_or_default();
    let detail = ctx.compute().quota_sets().show_detail(project).send().await?;
    let detail = detail.body.at(&format!("/quota_set/{}/in_use", resource.quota));
    Ok([limit.and_then(Value::as_u64), detail.and_then(Value::as_u64)])
}

fn of_servers() -> [Case<Resource>; 3] {
    let case = |quota, limit, of_flavor| Case::new(quota, Resource { quota, limit, of_flavor });
    [
        case("instances", "totalInstancesUsed", None),
        case("cores", "totalCoresUsed", Some("vcpus")),
        case("ram", "totalRAMUsed", Some("ram")),
    ]
}

/// A user has as many keypairs as a project's quota allows.
#[squall::test(id = "quotas.compute.keypairs", needs(compute >= "2.2"))]
async fn one_keypair_fits(ctx: &Context) -> Result {
    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHqk1pjGQ5hoOgq4m2XJ0yD7f0oQ0m1jW3v6bqvFhB0c squall";
    quotas::compute(ctx, json!({ "key_pairs": 1 })).await?;
    let keypairs = ctx.compute().keypairs();
    let create = || keypairs.create(json!({ "public_key": KEY }));
    let refused = only_one_fits(ctx, 403, create, |name| keypairs.delete(name)).await?;
    ensure_names(&refused, "key pairs")?;
    ensure_eq!(keypairs.list().send().await?.value.len(), 1);
    Ok(())
}

/// A project has as many server groups as it may.
#[squall::test(id = "quotas.compute.server-groups", needs(compute >= "2.64"))]
async fn one_group_fits(ctx: &Context) -> Result {
    quotas::compute(ctx, json!({ "server_groups": 1 })).await?;
    let groups = ctx.compute().server_groups();
    let create = || groups.create(json!({ "policy": "soft-affinity" })).at(GROUPS);
    let refused = only_one_fits(ctx, 403, create, |id| groups.delete(id)).await?;
    ensure_names(&refused, "server groups")?;
    ensure_eq!(groups.list().send().await?.value.len(), 1);
    Ok(())
}

/// A server group has as many members as it may.
#[squall::test(id = "quotas.compute.group-members", needs(compute >= "2.64", image))]
async fn one_member_fits(ctx: &Context) -> Result {
    quotas::compute(ctx, json!({ "server_group_members": 1 })).await?;
    let groups = ctx.compute().server_groups();
    let group = groups.create(json!({ "policy": "soft-affinity" })).at(GROUPS);
    let group = ctx.create(group).await?;
    let body = json!({
        "flavorRef": servers::smallest_flavor(ctx).await?,
        "imageRef": servers::public_image(ctx).await?,
        "networks": "none",
    });
    let hints = json!({ "group": group.id });
    let create = || {
        let call = ctx.compute().servers().create(body.clone());
        call.body_value("/os:scheduler_hints", hints.clone())
    };
    let first = ctx.create(create()).await?;
    servers::active(ctx, &first.id).await?;
    let refused = ctx.expect_refusal(403, create()).await?;
    ensure_names(&refused, "servers in group")?;
    let members = groups.show(&group.id).at(GROUPS).send().await?;
    ensure_eq!(members.body.at("/server_group/members"), Some(&json!([first.id])));
    servers::delete(ctx, &first.id).await?;
    let second = ctx.create(create()).await?;
    servers::active(ctx, &second.id).await?;
    Ok(())
}
