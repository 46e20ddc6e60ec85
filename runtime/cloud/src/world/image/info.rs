//! What this image service offers: stores and ways to import.

use serde_json::json;

use crate::behaviour::Behaviour;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("image.import_info.show", import),
    ("image.stores.list", stores),
    ("image.quota_usage.show", usage),
    ("image.tasks.list", tasks),
];

/// The ways to import.
pub(crate) const METHODS: [&str; 1] = ["glance-direct"];

fn import(_: &mut World, _: &RequestContext) -> Outcome {
    Ok(Reply::json(
        200,
        json!({ "import-methods": {
            "type": "array", "description": "Import methods available.", "value": METHODS,
        }}),
    ))
}

/// The one store.
pub(super) const STORE: &str = "memory";

fn stores(_: &mut World, _: &RequestContext) -> Outcome {
    Ok(Reply::json(200, json!({ "stores": [{ "id": STORE, "default": "true" }] })))
}

/// Tells how much of each limit the caller's project uses.
fn usage(world: &mut World, context: &RequestContext) -> Outcome {
    let own: Vec<_> =
        world.image.images.values().filter(|i| i.text("owner") == context.project()).collect();
    let size: usize =
        own.iter().filter_map(|image| image.data.as_ref()).map(bytes::Bytes::len).sum();
    let staged: usize =
        own.iter().filter_map(|image| image.staged.as_ref()).map(bytes::Bytes::len).sum();
    let uploading = own.iter().filter(|image| image.text("status") == "uploading").count();
    let mebibytes = |bytes: usize| bytes.div_ceil(1 << 20);
    Ok(Reply::json(
        200,
        json!({ "usage": {
            "image_size_total": { "limit": -1, "usage": mebibytes(size) },
            "image_stage_total": { "limit": -1, "usage": mebibytes(staged) },
            "image_count_total": { "limit": -1, "usage": own.len() },
            "image_count_uploading": { "limit": -1, "usage": uploading },
        }}),
    ))
}

/// Lists tasks, of which there are none: an import is done at once.
fn tasks(_: &mut World, _: &RequestContext) -> Outcome {
    Ok(Reply::json(
        200,
        json!({ "tasks": [], "first": "/v2/tasks", "schema": "/v2/schemas/tasks" }),
    ))
}
