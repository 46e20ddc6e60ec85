//! Objects: stored, copied, described and deleted.

use bytes::Bytes;
use md5::{Digest as _, Md5};

use super::metadata::{self, Metadata};
use super::{Object, not_found};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::hex::hex;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("object_storage.objects.create", create),
    ("object_storage.objects.update", update),
    ("object_storage.objects.delete", delete),
    ("object_storage.objects.copy", copy),
];

const PREFIXES: [&str; 2] = ["x-object-meta-", "content-disposition"];

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let there = world.object_storage.container(context)?.objects.contains_key(context.parameter(1));
    if there && context.header("if-none-match") == Some("*") {
        return Err(Fault::new(412, "The object is there already."));
    }
    if let Some(source) = context.header("x-copy-from") {
        let source = named(world, context, source)?;
        return put(world, context, changed(source, context));
    }
    let etag = hex(&Md5::digest(&context.body));
    if context.header("etag").is_some_and(|claimed| claimed.trim_matches('"') != etag) {
        return Err(Fault::new(422, "The body is not what its etag says."));
    }
    let object = Object {
        data: Bytes::clone(&context.body),
        etag,
        content_type: context.header("content-type").unwrap_or("application/octet-stream").into(),
        metadata: metadata::read(&context.headers, &PREFIXES),
        modified: world.clock.now(),
    };
    put(world, context, object)
}

/// Copies to the place that the header `Destination` names.
fn copy(world: &mut World, context: &RequestContext) -> Outcome {
    let source = world.object_storage.object(context)?.clone();
    let destination = context
        .header("destination")
        .ok_or_else(|| Fault::new(412, "A copy needs the header Destination."))?;
    let (container, name) = split(destination)?;
    let object = Object { modified: world.clock.now(), ..changed(source, context) };
    let etag = object.etag.clone();
    let account = world.object_storage.account(context);
    let target = account.containers.get_mut(&container).ok_or_else(not_found)?;
    target.objects.insert(name, object);
    Ok(Reply::empty(201).header("etag", etag))
}

/// Says to people that a request was taken on, as swift does with each 202:
/// `swift.common.swob.RESPONSE_REASONS`.
pub(super) fn accepted() -> Reply {
    let page = "<html><h1>Accepted</h1><p>The request is accepted for processing.</p></html>";
    Reply::bytes(202, page, "text/html; charset=UTF-8")
}

/// Replaces the metadata: what a request does not name is gone.
fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let object = world.object_storage.object(context)?;
    object.metadata = metadata::read(&context.headers, &PREFIXES);
    if let Some(content_type) = context.header("content-type") {
        content_type.clone_into(&mut object.content_type);
    }
    Ok(accepted())
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let container = world.object_storage.container(context)?;
    container.objects.remove(context.parameter(1)).ok_or_else(not_found)?;
    Ok(Reply::empty(204))
}

fn put(world: &mut World, context: &RequestContext, object: Object) -> Outcome {
    let etag = object.etag.clone();
    let container = world.object_storage.container(context)?;
    container.objects.insert(context.parameter(1).to_owned(), object);
    Ok(Reply::empty(201).header("etag", etag))
}

/// Gives a copy with the request's metadata laid over the source's.
fn changed(mut object: Object, context: &RequestContext) -> Object {
    if context.header("x-fresh-metadata") == Some("true") {
        object.metadata = Metadata::new();
    }
    object.metadata.extend(metadata::read(&context.headers, &PREFIXES));
    object
}

fn named(world: &mut World, context: &RequestContext, path: &str) -> Result<Object, Fault> {
    let (container, name) = split(path)?;
    let account = world.object_storage.account(context);
    let found = account.containers.get(&container).and_then(|c| c.objects.get(&name));
    found.cloned().ok_or_else(not_found)
}

/// Reads `container/object`, percent-encoded as a header carries it.
fn split(path: &str) -> Result<(String, String), Fault> {
    let decoded = crate::route::decode(path.trim_start_matches('/'));
    match decoded.split_once('/') {
        Some((container, name)) if !container.is_empty() && !name.is_empty() => {
            Ok((container.to_owned(), name.to_owned()))
        }
        _ => Err(Fault::new(412, "The header must be of the form <container name>/<object name>.")),
    }
}
