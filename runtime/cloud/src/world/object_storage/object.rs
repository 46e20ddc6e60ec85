//! Objects: stored, copied, described and deleted.

use bytes::Bytes;
use md5::{Digest as _, Md5};

use super::access::{self, Deed};
use super::metadata::{self, Metadata};
use super::stamp::http_date;
use super::stored::{MAX_NAME, remove, store};
use super::{Large, Object, content, expiry, not_found, quota, slo, versions};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;
use crate::world::object_storage::place::Place;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("object_storage.objects.create", create),
    ("object_storage.objects.update", update),
    ("object_storage.objects.delete", delete),
    ("object_storage.objects.copy", copy),
];

const PREFIXES: [&str; 3] = ["x-object-meta-", "content-disposition", "content-encoding"];

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let now = world.clock.now();
    let place = Place::of(context);
    let state = &mut world.object_storage;
    let there = state.container(context)?.objects.contains_key(&place.object);
    if place.object.len() > MAX_NAME {
        let length = place.object.len();
        return Err(Fault::bad_request(format!(
            "Object name length of {length} longer than {MAX_NAME}"
        )));
    }
    if let Some(id) = context.query.get("version-id") {
        let etag = versions::restore(state.container(context)?, &place.object, id)?;
        return Ok(Reply::empty(201)
            .header("etag", etag)
            .header("last-modified", http_date(now))
            .header("x-object-version-id", id));
    }
    if there && context.header("if-none-match") == Some("*") {
        return Err(Fault::new(412, "The object is there already."));
    }
    if let Some(source) = context.header("x-copy-from") {
        let source = Place::in_header(&place.account, source)?;
        access::check_at(state, &source.container, Deed::Read, context)?;
        return copied(world, context, &source, &place);
    }
    quota::check_upload(state, &place, context.body.len(), context)?;
    let (mut object, etag) = if context.query.get("multipart-manifest") == Some("put") {
        slo::manifest(state, context, &place.account, now)?
    } else {
        let object = Object::new(Bytes::clone(&context.body), now);
        if context.header("etag").is_some_and(|claimed| claimed.trim_matches('"') != object.etag) {
            return Err(Fault::new(422, "Unable to process the contained instructions"));
        }
        let etag = object.etag.clone();
        (object, etag)
    };
    if let Some(manifest) = context.header("x-object-manifest") {
        object.large = Some(dynamic(manifest)?);
    }
    if let Some(content_type) = context.header("content-type") {
        content_type.clone_into(&mut object.content_type);
    }
    object.metadata = metadata::read(&context.headers, &PREFIXES);
    object.delete_at = expiry::read(context, now)?;
    let reply = store(state, &place, object, now)?;
    Ok(with_etag(reply, etag))
}

/// Copies to the place that the header `Destination` names.
fn copy(world: &mut World, context: &RequestContext) -> Outcome {
    let source = Place::of(context);
    let destination = context
        .header("destination")
        .ok_or_else(|| Fault::new(412, "Destination header required"))?;
    let target = Place::in_header(&source.account, destination)?;
    access::check_at(&world.object_storage, &target.container, Deed::Write, context)?;
    copied(world, context, &source, &target)
}

/// Copies; a large object is put together, unless its manifest is asked for.
fn copied(world: &mut World, context: &RequestContext, source: &Place, target: &Place) -> Outcome {
    let now = world.clock.now();
    let state = &mut world.object_storage;
    let found = match context.query.get("version-id") {
        Some(id) => {
            let container = state.container_at_mut(&source.account, &source.container)?;
            versions::get(container, &source.object, id)?
        }
        None => state.object_at(source, now).ok_or_else(not_found)?,
    };
    let source_modified = http_date(found.modified);
    let mut object = Object { modified: now, version: None, ..found.clone() };
    if context.query.get("multipart-manifest") != Some("get") {
        let whole = content::of(state, &source.account, &object, now)?;
        object.etag = hex::encode(Md5::digest(&whole.bytes));
        (object.data, object.large) = (whole.bytes, None);
    }
    state.container_at_mut(&target.account, &target.container)?;
    quota::check_upload(state, target, object.data.len(), context)?;
    if context.header("x-fresh-metadata").and_then(crate::query::truth) == Some(true) {
        object.metadata = Metadata::new();
    }
    object.metadata.extend(metadata::read(&context.headers, &PREFIXES));
    if let Some(content_type) = context.header("content-type").filter(|_| !context.body.is_empty())
    {
        content_type.clone_into(&mut object.content_type);
    }
    object.delete_at = expiry::read(context, now)?.or(object.delete_at);
    let reply = store(state, target, object, now)?;
    Ok(reply
        .header("x-copied-from", format!("{}/{}", source.container, source.object))
        .header("x-copied-from-account", format!("AUTH_{}", source.account))
        .header("x-copied-from-last-modified", source_modified))
}

/// Says to people that a request was taken on, as swift does with each 202:
/// `swift.common.swob.RESPONSE_REASONS`.
pub(super) fn accepted() -> Reply {
    let page = "<html><h1>Accepted</h1><p>The request is accepted for processing.</p></html>";
    Reply::bytes(202, page, "text/html; charset=UTF-8")
}

/// Replaces the metadata: what a request does not name is gone.
fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let now = world.clock.now();
    let delete_at = expiry::read(context, now)?;
    let object = world.object_storage.object(context, now)?;
    object.metadata = metadata::read(&context.headers, &PREFIXES);
    object.delete_at = delete_at;
    object.modified = now;
    if let Some(content_type) = context.header("content-type") {
        content_type.clone_into(&mut object.content_type);
    }
    let changed = object.clone();
    let kept = world.object_storage.container(context)?.versions.iter_mut();
    for version in kept.filter(|version| Some(&version.id) == changed.version.as_ref()) {
        version.object = Some(changed.clone());
    }
    Ok(accepted())
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let now = world.clock.now();
    if context.query.get("multipart-manifest") == Some("delete") {
        return slo::delete(world, context);
    }
    let state = &mut world.object_storage;
    if let Some(id) = context.query.get("version-id") {
        versions::forget(state.container(context)?, context.parameter(1), id)?;
        return Ok(Reply::empty(204).header("x-object-version-id", id));
    }
    remove(state, &Place::of(context), now)
}

/// Reads the header of a dynamic large object.
fn dynamic(manifest: &str) -> Result<Large, Fault> {
    let decoded = crate::route::decode(manifest);
    match decoded.trim_start_matches('/').split_once('/') {
        Some((container, prefix)) if !container.is_empty() && !prefix.is_empty() => {
            Ok(Large::Dynamic { container: container.to_owned(), prefix: prefix.to_owned() })
        }
        _ => Err(Fault::bad_request("X-Object-Manifest must be in the format container/prefix")),
    }
}

fn with_etag(mut reply: Reply, etag: String) -> Reply {
    reply.headers.retain(|(name, _)| name != "etag");
    reply.header("etag", etag)
}
