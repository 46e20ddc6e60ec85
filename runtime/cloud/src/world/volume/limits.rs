//! The limits of the caller's project.

use serde_json::json;

use super::quotas::{limits, used};
use crate::behaviour::Behaviour;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[("volume.limits.show", show)];

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.volume;
    let asked = context.query.get("project_id").filter(|_| context.is_admin() && context.since(39));
    let project = asked.unwrap_or(context.project());
    let limits = limits(state, project);
    let used = |key| used(state, key, project);
    Ok(Reply::json(
        200,
        json!({ "limits": { "rate": [], "absolute": {
            "maxTotalVolumes": limits.get("volumes"),
            "maxTotalSnapshots": limits.get("snapshots"),
            "maxTotalVolumeGigabytes": limits.get("gigabytes"),
            "maxTotalBackups": limits.get("backups"),
            "maxTotalBackupGigabytes": limits.get("backup_gigabytes"),
            "totalVolumesUsed": used("volumes"),
            "totalSnapshotsUsed": used("snapshots"),
            "totalGigabytesUsed": used("gigabytes"),
            "totalBackupsUsed": used("backups"),
            "totalBackupGigabytesUsed": used("backup_gigabytes"),
        }}}),
    ))
}
