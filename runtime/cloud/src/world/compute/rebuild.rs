//! Rebuilding servers from an image.

use serde_json::{Value, json};

use super::change::{Change, begin};
use super::server::{find, find_mut};
use super::view::{Answer, detail};
use super::{actions, build, keypairs, metadata, quotas};
use crate::behaviour::Behaviour;
use crate::document::{document, required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;
use crate::world::volume::image_metadata;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[("compute.servers.rebuild", rebuild)];

const REBUILD: Change = Change {
    verb: "rebuild",
    from: &["active", "stopped", "error"],
    task: "rebuilding",
    to: "active",
};
/// A stopped server is rebuilt and stays stopped.
const REBUILD_STOPPED: Change = Change { to: "stopped", ..REBUILD };

fn rebuild(world: &mut World, context: &RequestContext) -> Outcome {
    let body = document(context.action().clone());
    let image = required(&body, "imageRef")?.to_owned();
    let flavor = find(&world.compute, context.id(), context)?.flavor.clone();
    let properties = build::usable_image(world, &image, &flavor, context)?;
    let root = find(&world.compute, context.id(), context)?.root_volume().map(str::to_owned);
    if let Some(root) = &root {
        let volume = world.volume.volumes.get(root);
        let old = volume.map(|volume| text(&volume.image_metadata, "image_id"));
        if !context.since(93) && old != Some(image.as_str()) {
            return Err(Fault::bad_request(format!(
                "Image {image} is unacceptable: Unable to rebuild with a different image for a volume-backed server."
            )));
        }
    }
    let given = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    if let Some(key) = given("key_name") {
        keypairs::find(world, context.user(), &key)
            .map_err(|_| Fault::bad_request("Invalid key_name provided."))?;
    }
    quotas::metadata(world, &metadata::read(body.get("metadata")), context)?;
    let stopped = find(&world.compute, context.id(), context)?.vm == "stopped";
    begin(world, context, if stopped { &REBUILD_STOPPED } else { &REBUILD })?;
    if let Some(root) = &root {
        // The bytes are the image's; the data of volumes is not compute's to keep.
        let described = world.image.images.get(&image).map(image_metadata::of_image);
        let volume = world.volume.volumes.get_mut(root);
        if let Some((volume, described)) = volume.zip(described) {
            volume.image_metadata = described;
        }
    }
    let server = find_mut(&mut world.compute, context.id(), context)?;
    server.image = Some(image).filter(|_| root.is_none());
    server.image_properties = properties;
    if let Some(name) = given("name") {
        server.name = name;
    }
    if body.contains_key("description") {
        server.description = given("description");
    }
    if body.contains_key("metadata") {
        server.metadata = metadata::read(body.get("metadata"));
    }
    if body.contains_key("key_name") {
        server.key_name = given("key_name");
    }
    if body.contains_key("user_data") {
        server.user_data = given("user_data");
    }
    if let Some(hostname) = given("hostname") {
        server.hostname = hostname;
    }
    if let Some(config) = given("OS-DCF:diskConfig") {
        server.disk_config = config;
    }
    for (index, key) in ["accessIPv4", "accessIPv6"].into_iter().enumerate() {
        if let Some(address) = given(key) {
            server.access[index] = build::normalised(address);
        }
    }
    let server = find(&world.compute, context.id(), context)?;
    let mut shown = detail(world, server, Answer::Rebuild, context);
    shown["adminPass"] = json!(actions::password(context.action()));
    let location = format!("{}/compute/v2.1/servers/{}", context.base, server.id);
    Ok(Reply::json(202, json!({ "server": shown })).header("location", location))
}
