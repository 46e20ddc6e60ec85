//! How volumes are shown at each version.

use serde_json::{Value, json};

use super::{State, Volume};
use crate::policy::Owner;
use crate::request::RequestContext;

/// The zone of everything.
pub(crate) const ZONE: &str = "nova";

/// Shows a volume in brief.
pub(crate) fn brief(volume: &Volume, context: &RequestContext) -> Value {
    json!({
        "id": volume.id,
        "name": volume.name,
        "links": links("volumes", &volume.id, context),
    })
}

/// Shows all of a volume, with the attributes of extensions: the answer of one that is shown or
/// listed.
pub(crate) fn detail(state: &State, volume: &Volume, context: &RequestContext) -> Value {
    let mut out = own(state, volume, context);
    let caller = Owner::caller(context);
    if context.may("volume_extension:volume_tenant_attribute", &caller) {
        out["os-vol-tenant-attr:tenant_id"] = json!(volume.project);
    }
    let image_metadata = "volume_extension:volume_image_metadata:show";
    if !volume.image_metadata.is_empty() && context.may(image_metadata, &caller) {
        out["volume_image_metadata"] = json!(volume.image_metadata);
    }
    if context.may("volume_extension:volume_host_attribute", &caller) {
        let place = Some(&volume.place).filter(|place| !place.is_empty());
        out["os-vol-host-attr:host"] = json!(place);
    }
    if context.may("volume_extension:volume_mig_status_attribute", &caller) {
        out["os-vol-mig-status-attr:migstat"] = json!(volume.migration);
        out["os-vol-mig-status-attr:name_id"] = Value::Null;
    }
    out
}

/// Shows a volume without the attributes of extensions: the answer when one is made or changed.
pub(crate) fn own(state: &State, volume: &Volume, context: &RequestContext) -> Value {
    let type_name = state.types.get(&volume.type_id).map(|found| found.name.clone());
    let attachments: Vec<Value> = state
        .attachments
        .values()
        .filter(|attachment| attachment.volume_id == volume.id && attachment.status == "attached")
        .map(|attachment| {
            json!({
                "id": volume.id,
                "attachment_id": attachment.id,
                "volume_id": volume.id,
                "server_id": attachment.server_id,
                "host_name": attachment.host.as_ref().filter(|_| context.is_admin()),
                "device": attachment.device,
                "attached_at": attachment.attached,
            })
        })
        .collect();
    let mut out = json!({
        "id": volume.id,
        "name": volume.name,
        "description": volume.description,
        "status": volume.status,
        "size": volume.size,
        "availability_zone": ZONE,
        "created_at": volume.created,
        "updated_at": volume.updated,
        "attachments": attachments,
        "volume_type": type_name,
        "snapshot_id": volume.snapshot_id,
        "source_volid": volume.source_id,
        "metadata": volume.metadata,
        "links": links("volumes", &volume.id, context),
        "user_id": volume.user,
        "bootable": if volume.bootable { "true" } else { "false" },
        "encrypted": false,
        "replication_status": null,
        "consistencygroup_id": null,
        "multiattach": volume.multiattach,
    });
    if context.is_admin() {
        out["migration_status"] = json!(volume.migration);
    }
    if context.since(13) {
        out["group_id"] = Value::Null;
    }
    if context.since(21) && context.is_admin() {
        out["provider_id"] = Value::Null;
    }
    if context.since(48) {
        out["service_uuid"] = json!(state.service_id);
        out["shared_targets"] = if context.since(69) { Value::Null } else { json!(false) };
    }
    if context.since(61) && context.is_admin() {
        out["cluster_name"] = Value::Null;
    }
    if context.since(63) {
        out["volume_type_id"] = json!(volume.type_id);
    }
    if context.since(65) {
        out["consumes_quota"] = json!(true);
    }
    out
}

/// Returns the links of a resource.
pub(crate) fn links(collection: &str, id: &str, context: &RequestContext) -> Value {
    json!([
        { "rel": "self", "href": format!("{}/volume/v3/{collection}/{id}", context.base) },
        { "rel": "bookmark", "href": format!("{}/volume/{collection}/{id}", context.base) },
    ])
}
