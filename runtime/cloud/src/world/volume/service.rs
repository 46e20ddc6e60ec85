//! What runs the volume service: its parts, zones, pools and extensions.

use serde_json::{Value, json};

use super::view::ZONE;
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::names::HOST;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("volume.services.list", list),
    ("volume.availability_zones.list", zones),
    ("volume.scheduler_stats.get_pools", pools),
    ("volume.extensions.list", extensions),
    ("volume.messages.list", messages),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let now = world.stamp(Stamp::MicrosBare);
    let (binary, host) = (context.query.get("binary"), context.query.get("host"));
    let parts = [
        ("cinder-scheduler", HOST.to_owned()),
        ("cinder-volume", format!("{HOST}@memory")),
        ("cinder-backup", HOST.to_owned()),
    ];
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
    let mut pool = json!({ "name": format!("{HOST}@memory#pool") });
    if context.query.flag("detail") {
        let used: u64 = world.volume.volumes.values().map(|volume| volume.size).sum();
        pool["capabilities"] = json!({
            "volume_backend_name": "memory", "vendor_name": "Squall", "driver_version": "1.0",
            "storage_protocol": "local", "total_capacity_gb": 1000,
            "free_capacity_gb": 1000_u64.saturating_sub(used), "allocated_capacity_gb": used,
        });
    }
    Ok(Reply::json(200, json!({ "pools": [pool] })))
}

fn extensions(_: &mut World, _: &RequestContext) -> Outcome {
    Ok(Reply::json(200, json!({ "extensions": [] })))
}

fn messages(_: &mut World, _: &RequestContext) -> Outcome {
    Ok(Reply::json(200, json!({ "messages": [] })))
}
