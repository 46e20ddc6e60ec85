//! Reading objects: whole, in part, on a condition, or only their headers.

use super::{Object, metadata};
use crate::behaviour::Behaviour;
use crate::byte_range::{Asked, parse};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] =
    &[("object_storage.objects.show", show), ("object_storage.objects.check", check)];

fn check(world: &mut World, context: &RequestContext) -> Outcome {
    let object = world.object_storage.object(context)?;
    let reply = described(Reply::empty(200), object);
    Ok(reply.header("content-length", object.data.len().to_string()))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let object = world.object_storage.object(context)?;
    let names = |header: &str| {
        context.header(header).map(|tags| {
            tags == "*" || tags.split(',').any(|tag| tag.trim().trim_matches('"') == object.etag)
        })
    };
    if names("if-match") == Some(false) {
        return Err(Fault::new(412, "A precondition for this request was not met."));
    }
    if names("if-none-match") == Some(true) {
        return Ok(described(Reply::empty(304), object));
    }
    let length = object.data.len();
    let reply = match context.header("range").map(|range| parse(range, length)) {
        Some(Asked::Part(part)) => {
            let place = format!("bytes {}-{}/{length}", part.start, part.end - 1);
            Reply::bytes(206, object.data.slice(part), &object.content_type)
                .header("content-range", place)
        }
        Some(Asked::Outside) => {
            return Err(Fault::new(416, "The Range requested is not available.")
                .header("content-range", format!("bytes */{length}")));
        }
        Some(Asked::Unclear) | None => Reply::bytes(200, object.data.clone(), &object.content_type),
    };
    Ok(described(reply, object))
}

fn described(reply: Reply, object: &Object) -> Reply {
    metadata::write(reply, &object.metadata)
        .header("content-type", &object.content_type)
        .header("etag", &object.etag)
        .header("accept-ranges", "bytes")
        .header("last-modified", object.modified.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}
