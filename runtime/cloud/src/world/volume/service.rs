//! What runs the volume service: its parts, zones, pools and extensions.

use serde_json::{Value, json};

use super::placement;
use super::view::ZONE;
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::fault::Fault;
use crate::names::HOST;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("volume.services.list", list),
    ("volume.availability_zones.list", zones),
    ("volume.scheduler_stats.get_pools", pools),
    ("volume.extensions.list", extensions),
    ("volume.extensions.show", extension),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let now = world.stamp(Stamp::MicrosBare);
    let (binary, host) = (context.query.get("binary"), context.query.get("host"));
    let parts = [("cinder-scheduler", HOST.to_owned()), ("cinder-backup", HOST.to_owned())];
    let back_ends =
        placement::BACK_ENDS.iter().map(|name| ("cinder-volume", format!("{HOST}@{name}")));
    let parts: Vec<(&str, String)> = parts.into_iter().chain(back_ends).collect();
    let shown: Vec<Value> = parts
        .iter()
        .filter(|(name, _)| binary.is_none_or(|binary| binary == *name))
        .filter(|(_, at)| host.is_none_or(|host| host == at))
        .map(|(name, at)| {
            let mut out = json!({
                "binary": name, "host": at, "zone": ZONE, "status": "enabled", "state": "up",
                "updated_at": now, "disabled_reason": null,
            });
            if context.since(7) {
                out["cluster"] = Value::Null;
            }
            if context.since(49) {
                // Only the service that has a back end tells of one.
                if *name == "cinder-volume" {
                    out["backend_state"] = json!("up");
                }
            }
            out
        })
        .collect();
    Ok(Reply::json(200, json!({ "services": shown })))
}

fn zones(_: &mut World, _: &RequestContext) -> Outcome {
    let zone = json!({ "zoneName": ZONE, "zoneState": { "available": true } });
    Ok(Reply::json(200, json!({ "availabilityZoneInfo": [zone] })))
}

fn pools(world: &mut World, context: &RequestContext) -> Outcome {
    let shown = placement::BACK_ENDS.iter().map(|name| {
        let place = placement::pool(name);
        let mut pool = json!({ "name": place });
        if context.query.flag("detail") {
            let here = world.volume.volumes.values().filter(|volume| volume.place == place);
            let used: u64 = here.map(|volume| volume.size).sum();
            pool["capabilities"] = json!({
                "volume_backend_name": name, "vendor_name": "Squall", "driver_version": "1.0",
                "storage_protocol": "local", "total_capacity_gb": 1000,
                "free_capacity_gb": 1000_u64.saturating_sub(used), "allocated_capacity_gb": used,
            });
        }
        pool
    });
    Ok(Reply::json(200, json!({ "pools": shown.collect::<Vec<Value>>() })))
}

fn extensions(_: &mut World, _: &RequestContext) -> Outcome {
    let shown: Vec<Value> = EXTENSIONS.iter().map(view_extension).collect();
    Ok(Reply::json(200, json!({ "extensions": shown })))
}

fn extension(_: &mut World, context: &RequestContext) -> Outcome {
    let found = EXTENSIONS.iter().find(|(alias, _, _)| *alias == context.id());
    let found = found.ok_or_else(|| Fault::not_found("The resource could not be found."))?;
    Ok(Reply::json(200, json!({ "extension": view_extension(found) })))
}

fn view_extension((alias, name, updated): &(&str, &str, &str)) -> Value {
    json!({
        "alias": alias, "name": name, "description": name, "links": [], "updated": updated,
    })
}

/// Alias, name and time of each of cinder's extensions: the descriptors in
/// `cinder.api.contrib` of cinder 29.0.0.
const EXTENSIONS: &[(&str, &str, &str)] = &[
    ("os-admin-actions", "AdminActions", "2012-08-25T00:00:00+00:00"),
    ("os-availability-zone", "AvailabilityZones", "2013-06-27T00:00:00+00:00"),
    ("backups", "Backups", "2012-12-12T00:00:00+00:00"),
    ("capabilities", "Capabilities", "2015-08-31T00:00:00+00:00"),
    ("cgsnapshots", "Cgsnapshots", "2014-08-18T00:00:00+00:00"),
    ("consistencygroups", "Consistencygroups", "2014-08-18T00:00:00+00:00"),
    ("os-extended-services", "ExtendedServices", "2014-01-10T00:00:00-00:00"),
    ("os-extended-snapshot-attributes", "ExtendedSnapshotAttributes", "2012-06-19T00:00:00+00:00"),
    ("os-hosts", "Hosts", "2011-06-29T00:00:00+00:00"),
    ("qos-specs", "Qos_specs_manage", "2013-08-02T00:00:00+00:00"),
    ("os-quota-class-sets", "QuotaClasses", "2012-03-12T00:00:00+00:00"),
    ("os-quota-sets", "Quotas", "2011-08-08T00:00:00+00:00"),
    ("OS-SCH-HNT", "SchedulerHints", "2013-04-18T00:00:00+00:00"),
    ("scheduler-stats", "Scheduler_stats", "2014-09-07T00:00:00+00:00"),
    ("os-services", "Services", "2012-10-28T00:00:00-00:00"),
    ("os-snapshot-actions", "SnapshotActions", "2013-07-16T00:00:00+00:00"),
    ("os-snapshot-manage", "SnapshotManage", "2014-12-31T00:00:00+00:00"),
    ("os-snapshot-unmanage", "SnapshotUnmanage", "2014-12-31T00:00:00+00:00"),
    ("os-types-extra-specs", "TypesExtraSpecs", "2011-08-24T00:00:00+00:00"),
    ("os-types-manage", "TypesManage", "2011-08-24T00:00:00+00:00"),
    ("os-used-limits", "UsedLimits", "2013-10-03T00:00:00+00:00"),
    ("os-volume-actions", "VolumeActions", "2012-05-31T00:00:00+00:00"),
    ("os-volume-encryption-metadata", "VolumeEncryptionMetadata", "2013-07-10T00:00:00+00:00"),
    ("os-vol-host-attr", "VolumeHostAttribute", "2011-11-03T00:00:00+00:00"),
    ("os-vol-image-meta", "VolumeImageMetadata", "2012-12-07T00:00:00+00:00"),
    ("os-volume-manage", "VolumeManage", "2014-02-10T00:00:00+00:00"),
    ("os-vol-mig-status-attr", "VolumeMigStatusAttribute", "2013-08-08T00:00:00+00:00"),
    ("os-vol-tenant-attr", "VolumeTenantAttribute", "2011-11-03T00:00:00+00:00"),
    ("os-volume-transfer", "VolumeTransfer", "2013-05-29T00:00:00+00:00"),
    ("os-volume-type-access", "VolumeTypeAccess", "2014-06-26T00:00:00Z"),
    ("encryption", "VolumeTypeEncryption", "2013-07-01T00:00:00+00:00"),
    ("os-volume-unmanage", "VolumeUnmanage", "2012-05-31T00:00:00+00:00"),
];
