//! Taking an image out of use and back.

use super::find::find_mut;
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] =
    &[("image.images.deactivate", deactivate), ("image.images.reactivate", reactivate)];

fn deactivate(world: &mut World, context: &RequestContext) -> Outcome {
    turn(world, context, "active", "deactivated")
}

fn reactivate(world: &mut World, context: &RequestContext) -> Outcome {
    turn(world, context, "deactivated", "active")
}

fn turn(world: &mut World, context: &RequestContext, from: &str, to: &str) -> Outcome {
    let now = world.stamp(Stamp::Seconds);
    let image = find_mut(&mut world.image, context.id(), context)?;
    let status = image.text("status").to_owned();
    if status != from && status != to {
        return Err(Fault::forbidden(format!(
            "Not allowed to turn an image from {status} to {to}."
        )));
    }
    image.set("status", to);
    image.set("updated_at", now);
    Ok(Reply::empty(204))
}
