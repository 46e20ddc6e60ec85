//! Reading objects: whole, in part, on a condition, or only their headers.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use squall_model::Method;

use super::content::{self, Content};
use super::stamp::{http_date, timestamp};
use super::{Large, Object, State, metadata, not_found, slo, versions};
use crate::behaviour::Behaviour;
use crate::byte_range::{Asked, parse};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;
use crate::world::object_storage::place::Place;

pub(crate) const BEHAVIOURS: &[Behaviour] =
    &[("object_storage.objects.show", show), ("object_storage.objects.check", show)];

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let now = world.clock.now();
    send(&world.object_storage, &Place::of(context), context, now)
}

/// Answers with the object at a place, as far as the request asks for it.
pub(crate) fn send(
    state: &State,
    place: &Place,
    context: &RequestContext,
    now: Timestamp,
) -> Outcome {
    let object = match context.query.get("version-id") {
        None => state.object_at(place, now).ok_or_else(not_found)?,
        Some(id) => {
            let container = state.container_at(&place.account, &place.container);
            versions::get(container.ok_or_else(not_found)?, &place.object, id)?
        }
    };
    let manifest = context.query.get("multipart-manifest") == Some("get");
    let described = |reply: Reply, etag: &str| {
        let versioned = state.container_at(&place.account, &place.container);
        let versioned = versioned.is_some_and(|container| container.versioned.is_some());
        describe(reply, object, etag, versioned)
    };
    let content = match &object.large {
        Some(Large::Static { segments, .. }) if manifest => {
            let raw = context.query.get("format") == Some("raw");
            return Ok(bare(described(slo::show(segments, raw), &object.etag), context));
        }
        Some(Large::Dynamic { .. }) if manifest => {
            Content { bytes: object.data.clone(), etag: object.etag.clone() }
        }
        _ => content::of(state, &place.account, object, now)?,
    };
    let quoted = match object.large {
        Some(_) => format!("\"{}\"", content.etag),
        None => content.etag.clone(),
    };
    match condition(context, &content.etag, object.modified) {
        Met::Failed => return Err(Fault::new(412, "A precondition for this request was not met.")),
        Met::NotModified => return Ok(described(Reply::empty(304), &quoted)),
        Met::Holds => {}
    }
    if context.operation.method == Method::Head {
        let reply = Reply::empty(200).header("content-length", content.bytes.len().to_string());
        return Ok(described(reply, &quoted));
    }
    let length = content.bytes.len();
    let reply = match context.header("range").map(|range| parse(range, length)) {
        Some(Asked::Part(part)) => {
            let place = format!("bytes {}-{}/{length}", part.start, part.end - 1);
            Reply::bytes(206, content.bytes.slice(part), &object.content_type)
                .header("content-range", place)
        }
        Some(Asked::Outside) => {
            return Err(Fault::new(416, "The Range requested is not available.")
                .header("content-range", format!("bytes */{length}")));
        }
        Some(Asked::Unclear) | None => Reply::bytes(200, content.bytes, &object.content_type),
    };
    Ok(described(reply, &quoted))
}

enum Met {
    Holds,
    Failed,
    NotModified,
}

/// Judges the conditions of a request, in the order of RFC 9110, section 13.2.2.
fn condition(context: &RequestContext, etag: &str, modified: Timestamp) -> Met {
    let names = |header: &str| {
        context.header(header).map(|tags| {
            tags == "*" || tags.split(',').any(|tag| tag.trim().trim_matches('"') == etag)
        })
    };
    // Dates in headers have no parts of a second, and count as the second's end.
    let since = |header: &str| {
        let date = DateTimeParser::new().parse_timestamp(context.header(header)?).ok()?;
        let whole = modified.as_second() + i64::from(modified.subsec_nanosecond() > 0);
        Some(whole > date.as_second())
    };
    match (names("if-match"), since("if-unmodified-since")) {
        (Some(false), _) | (None, Some(true)) => return Met::Failed,
        _ => {}
    }
    match (names("if-none-match"), since("if-modified-since")) {
        (Some(true), _) | (None, Some(false)) => Met::NotModified,
        _ => Met::Holds,
    }
}

/// Leaves the body of an answer to HEAD away, and tells its length.
fn bare(reply: Reply, context: &RequestContext) -> Reply {
    if context.operation.method != Method::Head {
        return reply;
    }
    let length = match &reply.body {
        crate::outcome::ReplyBody::Bytes { content, .. } => content.len(),
        _ => 0,
    };
    Reply { body: crate::outcome::ReplyBody::Empty, ..reply }
        .header("content-length", length.to_string())
}

fn describe(reply: Reply, object: &Object, etag: &str, versioned: bool) -> Reply {
    let typed = matches!(reply.body, crate::outcome::ReplyBody::Bytes { .. });
    let mut reply = metadata::write(reply, &object.metadata)
        .header("etag", etag)
        .header("accept-ranges", "bytes")
        .header("last-modified", http_date(object.modified))
        .header("x-timestamp", timestamp(object.modified));
    if !typed {
        reply = reply.header("content-type", &object.content_type);
    }
    if let Some(at) = object.delete_at {
        reply = reply.header("x-delete-at", at.to_string());
    }
    if versioned {
        let id = object.version.as_deref().unwrap_or("null");
        reply = reply.header("x-object-version-id", id);
    }
    match &object.large {
        Some(Large::Static { .. }) => {
            reply.header("x-static-large-object", "True").header("x-manifest-etag", &object.etag)
        }
        Some(Large::Dynamic { container, prefix }) => {
            reply.header("x-object-manifest", format!("{container}/{prefix}"))
        }
        None => reply,
    }
}
