//! The tags of an image, one at a time.

use serde_json::{Value, json};

use super::find::find_mut;
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] =
    &[("image.image_tags.add", add), ("image.image_tags.remove", remove)];

fn add(world: &mut World, context: &RequestContext) -> Outcome {
    let tag = json!(context.parameter(1));
    let tags = tags(world, context)?;
    if !tags.contains(&tag) {
        tags.push(tag);
    }
    Ok(Reply::empty(204))
}

fn remove(world: &mut World, context: &RequestContext) -> Outcome {
    let tag = context.parameter(1);
    let tags = tags(world, context)?;
    let before = tags.len();
    tags.retain(|have| have != tag);
    if tags.len() == before {
        Err(Fault::not_found(format!("Could not find tag {tag} of image {}.", context.id())))
    } else {
        Ok(Reply::empty(204))
    }
}

fn tags<'a>(world: &'a mut World, context: &RequestContext) -> Result<&'a mut Vec<Value>, Fault> {
    let now = world.stamp(Stamp::Seconds);
    let image = find_mut(&mut world.image, context.id(), context)?;
    image.set("updated_at", now);
    let tags = image.properties.entry("tags").or_insert_with(|| json!([]));
    tags.as_array_mut().ok_or_else(|| Fault::new(500, "The image's tags are no list."))
}
