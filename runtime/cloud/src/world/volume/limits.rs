//! The limits of the caller's project.

use serde_json::json;

use super::quotas::{limits, used};
use crate::behaviour::Behaviour;
use crate::outcome::{Outcome, Reply};
use crate::policy::Owner;
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[("volume.limits.show", show)];

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.volume;
    let asked = context.query.get("project_id").filter(|_| context.is_admin() && context.since(39));
    let with_used = context.may("limits_extension:used_limits", &Owner::caller(context));
    let project = asked.unwrap_or(context.project());
    let limits = limits(state, project);
    let used = |key| used(state, key, project);
    let mut absolute = json!({
        "maxTotalVolumes": limits.get("volumes"),
        "maxTotalSnapshots": limits.get("snapshots"),
        "maxTotalVolumeGigabytes": limits.get("gigabytes"),
        "maxTotalBackups": limits.get("backups"),
        "maxTotalBackupGigabytes": limits.get("backup_gigabytes"),
    });
    if with_used {
        for (key, what) in [
            ("totalVolumesUsed", "volumes"),
            ("totalSnapshotsUsed", "snapshots"),
            ("totalGigabytesUsed", "gigabytes"),
            ("totalBackupsUsed", "backups"),
            ("totalBackupGigabytesUsed", "backup_gigabytes"),
        ] {
            absolute[key] = json!(used(what));
        }
    }
    Ok(Reply::json(200, json!({ "limits": { "rate": [], "absolute": absolute } })))
}
