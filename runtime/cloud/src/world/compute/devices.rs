//! The volumes of a new server: which a body asks for, and attaching them.

use serde_json::{Value, json};

use super::flavors::{is_true, number};
use super::server::Device;
use crate::document::{Document, document, text};
use crate::fault::Fault;
use crate::names::HOST;
use crate::request::RequestContext;
use crate::world::World;
use crate::world::volume::{attachments, find, volumes};

/// A block device that is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    source: String,
    id: String,
    size: u64,
    pub(crate) boot: bool,
    delete: bool,
    tag: Option<String>,
}

/// Reads both forms of block device mappings; what is on the host's own disk is left out.
pub(crate) fn read(body: &Document) -> Result<Vec<Asked>, Fault> {
    let list = |key: &str| body.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut out = Vec::new();
    for one in list("block_device_mapping_v2") {
        let one = document(one);
        let source = text(&one, "source_type").to_owned();
        let local = text(&one, "destination_type") == "local";
        if local || source.is_empty() && text(&one, "uuid").is_empty() {
            continue;
        }
        let index = one.get("boot_index");
        out.push(Asked {
            boot: index.is_some_and(|index| index.as_i64() == Some(0) || *index == json!("0")),
            id: text(&one, "uuid").to_owned(),
            size: number(&one, "volume_size"),
            delete: one.get("delete_on_termination").is_some_and(is_true),
            tag: one.get("tag").and_then(Value::as_str).map(str::to_owned),
            source,
        });
    }
    for one in list("block_device_mapping") {
        let one = document(one);
        let (source, id) = match text(&one, "volume_id") {
            "" => ("snapshot", text(&one, "snapshot_id")),
            id => ("volume", id),
        };
        out.push(Asked {
            source: source.to_owned(),
            id: id.to_owned(),
            size: number(&one, "volume_size"),
            boot: text(&one, "device_name").ends_with("da"),
            delete: one.get("delete_on_termination").is_some_and(is_true),
            tag: None,
        });
    }
    if out.iter().any(|asked| asked.source == "blank" && asked.size == 0) {
        return Err(Fault::bad_request(
            "Block Device Mapping is Invalid: Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size",
        ));
    }
    Ok(out)
}

/// Looks whether what is asked for is there and free.
pub(crate) fn check(world: &World, asked: &[Asked], context: &RequestContext) -> Result<(), Fault> {
    for one in asked.iter().filter(|one| one.source == "volume") {
        let volume = find::volume(&world.volume, &one.id, context).map_err(|_| {
            Fault::bad_request(format!(
                "Block Device Mapping is Invalid: failed to get volume {}.",
                one.id
            ))
        })?;
        shared_since(volume.multiattach, context)?;
        if volume.status != "available" && !(volume.multiattach && volume.status == "in-use") {
            return Err(Fault::bad_request(format!(
                "Invalid volume: volume {} status must be 'available' or 'in-use'. Currently in '{}'.",
                one.id, volume.status
            )));
        }
        if one.boot && !volume.bootable {
            return Err(Fault::bad_request(format!("Block Device {} is not bootable.", one.id)));
        }
    }
    Ok(())
}

/// Refuses a volume that several servers may hold below the version that knows of it (nova 34.0.0,
/// `nova.exception.MultiattachNotSupportedOldMicroversion`).
pub(crate) fn shared_since(multiattach: bool, context: &RequestContext) -> Result<(), Fault> {
    if multiattach && !context.since(60) {
        return Err(Fault::bad_request(
            "Multiattach volumes are only supported starting with compute API version 2.60.",
        ));
    }
    Ok(())
}

/// Attaches, making the volumes that are not there.
pub(crate) fn attach(
    world: &mut World,
    server: &str,
    first: usize,
    asked: &[Asked],
    context: &RequestContext,
) -> Result<Vec<Device>, Fault> {
    let mut out = Vec::new();
    for (index, one) in asked.iter().enumerate() {
        let volume = if one.source == "volume" {
            Ok(one.id.clone())
        } else {
            volumes::for_server(world, &new_volume(one), context)
        };
        let device = volume.and_then(|volume| {
            connect(world, server, &volume, &name(first + index), one.delete, one.tag.clone())
        });
        match device {
            Ok(device) => out.push(device),
            Err(fault) => {
                for device in out {
                    detach(world, &device);
                }
                return Err(Fault::new(fault.status, fault.message));
            }
        }
    }
    Ok(out)
}

/// Attaches one volume.
pub(crate) fn connect(
    world: &mut World,
    server: &str,
    volume: &str,
    name: &str,
    delete: bool,
    tag: Option<String>,
) -> Result<Device, Fault> {
    let attachment = attachments::connect(world, volume, Some(server), Some(name), Some(HOST))?;
    Ok(Device {
        volume: volume.to_owned(),
        attachment,
        mapping: world.ids.uuid(),
        name: name.to_owned(),
        tag,
        delete,
    })
}

/// Lets a volume go when its server does.
pub(crate) fn detach(world: &mut World, device: &Device) {
    attachments::disconnect(world, &device.attachment);
    if device.delete {
        volumes::start_removal(world, &device.volume);
    }
}

/// Returns the name of the device at an index: `/dev/vda`, `/dev/vdb`.
pub(crate) fn name(index: usize) -> String {
    let letter = u8::try_from(index % 26).unwrap_or(0) + b'a';
    format!("/dev/vd{}", char::from(letter))
}

fn new_volume(asked: &Asked) -> Document {
    let mut body = Document::new();
    if asked.size > 0 {
        body.insert("size".to_owned(), json!(asked.size));
    }
    match asked.source.as_str() {
        "image" => body.insert("imageRef".to_owned(), json!(asked.id)),
        "snapshot" => body.insert("snapshot_id".to_owned(), json!(asked.id)),
        _ => None,
    };
    body
}
