//! The tags of a project.

use serde_json::{Value, json};

use super::resource::missing;
use crate::behaviour::Behaviour;
use crate::document::Document;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("identity.project_tags.list", list),
    ("identity.project_tags.replace", replace),
    ("identity.project_tags.delete_all", clear),
    ("identity.project_tags.check", check),
    ("identity.project_tags.add", add),
    ("identity.project_tags.remove", remove),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let tags = tags(world, context)?.clone();
    Ok(Reply::json(200, json!({ "tags": tags, "links": links(context) })))
}

fn replace(world: &mut World, context: &RequestContext) -> Outcome {
    let given = context
        .json
        .get("tags")
        .and_then(Value::as_array)
        .ok_or_else(|| Fault::bad_request("'tags' is a required property"))?;
    tags(world, context)?.clone_from(given);
    list(world, context)
}

fn clear(world: &mut World, context: &RequestContext) -> Outcome {
    tags(world, context)?.clear();
    Ok(Reply::empty(204))
}

fn check(world: &mut World, context: &RequestContext) -> Outcome {
    let tag = context.parameter(1);
    if tags(world, context)?.iter().any(|have| have == tag) {
        Ok(Reply::empty(204))
    } else {
        Err(missing("project tag", tag))
    }
}

fn add(world: &mut World, context: &RequestContext) -> Outcome {
    let tag = json!(context.parameter(1));
    let tags = tags(world, context)?;
    if !tags.contains(&tag) {
        tags.push(tag);
    }
    Ok(Reply::empty(201).header("location", format!("{}{}", context.base, context.path)))
}

fn remove(world: &mut World, context: &RequestContext) -> Outcome {
    let tag = context.parameter(1);
    let tags = tags(world, context)?;
    let before = tags.len();
    tags.retain(|have| have != tag);
    if tags.len() == before { Err(missing("project tag", tag)) } else { Ok(Reply::empty(204)) }
}

fn tags<'a>(world: &'a mut World, context: &RequestContext) -> Result<&'a mut Vec<Value>, Fault> {
    let id = context.id();
    let project: &mut Document =
        world.identity.projects.get_mut(id).ok_or_else(|| missing("project", id))?;
    let tags = project.entry("tags").or_insert_with(|| json!([]));
    tags.as_array_mut().ok_or_else(|| missing("project", id))
}

fn links(context: &RequestContext) -> Value {
    super::resource::links(context)
}
