//! Messages: why something that was accepted did not come to be.

use serde_json::{Value, json};

use super::view::links;
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::page;
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("volume.messages.list", list),
    ("volume.messages.show", show),
    ("volume.messages.delete", delete),
];

/// How long a message is kept, in days (`message_ttl`).
const KEPT: i64 = 30;

/// A message to a project about one of its resources.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    id: String,
    pub(crate) project: String,
    request: String,
    volume: String,
    created: String,
    until: String,
}

/// Tells a project that no back end takes a volume of its.
pub(crate) fn no_backend(world: &mut World, project: &str, volume: &str) {
    let id = world.ids.uuid();
    let until = world.clock.now() + jiff::SignedDuration::from_hours(24 * KEPT);
    let message = Message {
        id: id.clone(),
        project: project.to_owned(),
        request: format!("req-{}", world.ids.uuid()),
        volume: volume.to_owned(),
        created: world.stamp(Stamp::MicrosBare),
        until: crate::clock::stamp(until, Stamp::MicrosBare),
    };
    world.volume.messages.insert(id, message);
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let query = &context.query;
    let is = |key: &str, value: &str| query.get(key).is_none_or(|wanted| wanted == value);
    let mut kept: Vec<&Message> = world
        .volume
        .messages
        .values()
        .rev()
        .filter(|message| message.project == context.project())
        .filter(|message| is("resource_uuid", &message.volume) && is("event_id", EVENT))
        .filter(|_| is("resource_type", "VOLUME") && is("message_level", "ERROR"))
        .collect();
    if !context.since(5) {
        kept.reverse();
        let shown: Vec<Value> = kept.into_iter().map(|message| view(message, context)).collect();
        return Ok(Reply::json(200, json!({ "messages": shown })));
    }
    let (limit, marker) = (query.number("limit")?, query.get("marker"));
    let page = page::page(kept, limit, marker, |message| message.id.as_str())?;
    let shown: Vec<Value> = page.items.iter().map(|message| view(message, context)).collect();
    let mut body = json!({ "messages": shown });
    if let Some(marker) = page.next {
        let href = format!("{}{}?{}", context.base, context.path, query.with("marker", &marker));
        body["messages_links"] = json!([{ "rel": "next", "href": href }]);
    }
    Ok(Reply::json(200, body))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let message = find(world, context)?;
    Ok(Reply::json(200, json!({ "message": view(message, context) })))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    find(world, context)?;
    world.volume.messages.remove(context.id());
    Ok(Reply::empty(204))
}

pub(crate) fn find<'a>(world: &'a World, context: &RequestContext) -> Result<&'a Message, Fault> {
    let found = world.volume.messages.get(context.id());
    found
        .filter(|message| context.may_see(&message.project))
        .ok_or_else(|| Fault::not_found(format!("Message {} could not be found.", context.id())))
}

/// The event of a message: no back end for a volume, from the actions and details of
/// `cinder.message.message_field`.
const EVENT: &str = "VOLUME_VOLUME_001_003";

fn view(message: &Message, context: &RequestContext) -> Value {
    json!({
        "id": message.id, "event_id": EVENT, "message_level": "ERROR",
        "user_message": "schedule allocate volume: no back end takes the volume.",
        "resource_type": "VOLUME", "resource_uuid": message.volume,
        "request_id": message.request, "created_at": message.created,
        "guaranteed_until": message.until, "links": links("messages", &message.id, context),
    })
}
