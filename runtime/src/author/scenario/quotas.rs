//! Quotas of a project.

use serde_json::json;

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
    let token = ctx.actor().session().token().await?;
    let project = token.project.as_ref().map(|project| &project.id);
    let Some(project) = project.filter(|id| ctx.has_made(id)) else { return Ok(()) };
    let (admin, facts) = (ctx.admin(), ctx.facts());
    if facts.has("compute") {
        let all = json!({"instances": -1, "cores": -1, "ram": -1, "key_pairs": -1});
        ctx.change(&compute::QUOTA_SET, admin.compute().quota_sets().update(project, all)).await?;
    }
    if facts.has("network") {
        let all = json!({
            "network": -1, "subnet": -1, "port": -1, "router": -1, "floatingip": -1,
            "security_group": -1, "security_group_rule": -1,
        });
        ctx.change(&network::QUOTA, admin.network().quotas().update(project, all)).await?;
    }
    if facts.has("volume") {
        let all = json!({"volumes": -1, "gigabytes": -1, "snapshots": -1, "backups": -1});
        ctx.change(&volume::QUOTA_SET, admin.volume().quota_sets().update(project, all)).await?;
    }
    Ok(())
}
