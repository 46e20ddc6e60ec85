//! Quotas of a project.

use serde_json::{Value, json};

use crate::kinds::{compute, network, volume};
use crate::{Context, Result};

/// Lifts the quotas of the test's project, as the cloud's admin, if the run created it: for
/// suites that hold more at a time than the defaults allow (`PUT /os-quota-sets/{project}`,
/// `PUT /quotas/{project}`), until the test ends. An account that was lent keeps its own.
///
/// ```no_run
/// # use squall::{Context, Result, scenario::quotas};
/// # async fn doc(ctx: &Context) -> Result {
/// quotas::lift(ctx).await?;
/// # Ok(())
/// # }
/// ```
pub async fn lift(ctx: &Context) -> Result {
    let Some(project) = project_of_the_run(ctx).await? else { return Ok(()) };
    let facts = ctx.facts();
    if facts.has("compute") {
        let all = json!({"instances": -1, "cores": -1, "ram": -1, "key_pairs": -1});
        set_compute(ctx, &project, all).await?;
    }
    if facts.has("network") {
        let all = json!({
            "network": -1, "subnet": -1, "port": -1, "router": -1, "floatingip": -1,
            "security_group": -1, "security_group_rule": -1,
        });
        set_network(ctx, &project, all).await?;
    }
    if facts.has("volume") {
        let all = json!({"volumes": -1, "gigabytes": -1, "snapshots": -1, "backups": -1});
        set_volume(ctx, &project, all).await?;
    }
    Ok(())
}

/// Sets quotas of compute for the test's project, as the cloud's admin, until the test ends
/// (`PUT /os-quota-sets/{project}`).
///
/// - Use `fresh member` as the identity: what others left in the project would count.
/// - It skips the test where the project was lent.
pub async fn compute(ctx: &Context, quotas: Value) -> Result {
    let project = own_project(ctx).await?;
    set_compute(ctx, &project, quotas).await
}

/// Sets quotas of the network for the test's project, as [`compute`](self::compute()) does
/// (`PUT /quotas/{project}`).
pub async fn network(ctx: &Context, quotas: Value) -> Result {
    let project = own_project(ctx).await?;
    set_network(ctx, &project, quotas).await
}

/// Sets quotas of block storage for the test's project, as [`compute`](self::compute()) does
/// (`PUT /os-quota-sets/{project}`).
pub async fn volume(ctx: &Context, quotas: Value) -> Result {
    let project = own_project(ctx).await?;
    set_volume(ctx, &project, quotas).await
}

async fn set_compute(ctx: &Context, project: &str, quotas: Value) -> Result {
    let update = ctx.admin().compute().quota_sets().update(project, quotas);
    ctx.change(&compute::QUOTA_SET, update).await?;
    Ok(())
}

async fn set_network(ctx: &Context, project: &str, quotas: Value) -> Result {
    let update = ctx.admin().network().quotas().update(project, quotas);
    ctx.change(&network::QUOTA, update).await?;
    Ok(())
}

async fn set_volume(ctx: &Context, project: &str, quotas: Value) -> Result {
    let update = ctx.admin().volume().quota_sets().update(project, quotas);
    ctx.change(&volume::QUOTA_SET, update).await?;
    Ok(())
}

async fn own_project(ctx: &Context) -> Result<String> {
    let own = project_of_the_run(ctx).await?;
    own.ok_or_else(|| ctx.skip("the project was lent to the run, which leaves its quotas alone"))
}

/// Returns the test's project, if the run created it.
async fn project_of_the_run(ctx: &Context) -> Result<Option<String>> {
    let token = ctx.actor().session().token().await?;
    let project = token.project.as_ref().map(|project| project.id.clone());
    Ok(project.filter(|id| ctx.has_made(id)))
}
