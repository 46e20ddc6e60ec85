//! Containers: made, described, listed, and deleted when they are empty.

use jiff::Timestamp;
use serde_json::json;

use super::listing::{self, Entry};
use super::stamp::{http_date, timestamp};
use super::xml::Of;
use super::{
    Container, Large, Object, POLICY, acl, metadata, not_found, quota, temp_url, versions,
};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::query::truth;
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("object_storage.containers.check", check),
    ("object_storage.containers.create", create),
    ("object_storage.containers.update", update),
    ("object_storage.containers.delete", delete),
    ("object_storage.objects.list", list),
];

const MAX_NAME: usize = 256;
const PREFIXES: [&str; 3] = ["x-container-meta-", "x-container-read", "x-container-write"];

impl Container {
    /// Makes an empty one.
    pub(crate) fn new(now: Timestamp) -> Self {
        Self {
            created: now,
            metadata: metadata::Metadata::new(),
            objects: std::collections::BTreeMap::new(),
            modified: now,
            versioned: None,
            versions: Vec::new(),
        }
    }
}

fn check(world: &mut World, context: &RequestContext) -> Outcome {
    let reply = listing::head(context)?;
    let container = world.object_storage.container(context)?;
    Ok(temp_url::hide_keys(described(reply, container), context))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let name = context.parameter(0);
    if name.len() > MAX_NAME {
        let length = name.len();
        return Err(Fault::bad_request(format!(
            "Container name length of {length} longer than {MAX_NAME}"
        )));
    }
    check_headers(context)?;
    let now = world.clock.now();
    let account = world.object_storage.account(context);
    let reply = if account.containers.contains_key(name) {
        super::object::accepted()
    } else {
        Reply::empty(201)
    };
    let container =
        account.containers.entry(name.to_owned()).or_insert_with(|| Container::new(now));
    change(container, context, now);
    Ok(reply)
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    check_headers(context)?;
    let now = world.clock.now();
    change(world.object_storage.container(context)?, context, now);
    Ok(Reply::empty(204))
}

/// Refuses lists and quotas that cannot be read.
fn check_headers(context: &RequestContext) -> Result<(), Fault> {
    quota::check_container(&context.headers)?;
    for (header, writing) in [("x-container-read", false), ("x-container-write", true)] {
        if let Some(why) = context.header(header).and_then(|text| acl::fault(text, writing)) {
            return Err(Fault::bad_request(why));
        }
    }
    Ok(())
}

fn change(container: &mut Container, context: &RequestContext, now: Timestamp) {
    container.modified = now;
    metadata::merge(&mut container.metadata, &context.headers, &PREFIXES);
    if let Some(enabled) = context.header("x-versions-enabled") {
        container.versioned = Some(truth(enabled) == Some(true));
    }
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    versions::check_empty(world.object_storage.container(context)?)?;
    let account = world.object_storage.account(context);
    account.containers.remove(context.parameter(0)).ok_or_else(not_found)?;
    Ok(Reply::empty(204))
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let container = world.object_storage.container(context)?;
    let entries = if context.query.has("versions") {
        versions::entries(container)
    } else {
        entries(container, context.parameter(0))
    };
    let reply = listing::answer(entries, Of::Container(context.parameter(0)), context)?;
    Ok(temp_url::hide_keys(described(reply, container), context))
}

/// Returns what a listing of a container has, each object once.
pub(crate) fn entries<'a>(container: &'a Container, name: &'a str) -> Vec<Entry<'a>> {
    let objects = container.objects.iter();
    objects
        .map(|(object_name, object)| {
            Entry::new(object_name, move || described_object(name, object_name, object))
        })
        .collect()
}

fn described_object(container: &str, name: &str, object: &Object) -> serde_json::Value {
    let mut row = versions::described(name, object);
    if let Some(Large::Static { etag, .. }) = &object.large {
        row["slo_etag"] = json!(format!("\"{etag}\""));
    }
    if let Some(id) = &object.version {
        row["version_symlink"] = json!(true);
        row["symlink_path"] = json!(format!("/v1/{container}/{name}?version-id={id}"));
    }
    row
}

fn described(reply: Reply, container: &Container) -> Reply {
    let reply = metadata::write(reply, &container.metadata)
        .header("x-container-object-count", container.objects.len().to_string())
        .header("x-container-bytes-used", container.bytes().to_string())
        .header("x-storage-policy", POLICY)
        .header("x-timestamp", timestamp(container.created))
        .header("last-modified", http_date(container.modified))
        .header("accept-ranges", "bytes");
    match container.versioned {
        Some(enabled) => reply.header("x-versions-enabled", if enabled { "True" } else { "False" }),
        None => reply,
    }
}
