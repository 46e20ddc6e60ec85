//! Which projects may use a volume type that is not public.

use serde_json::{Value, json};

use super::VolumeType;
use super::find::volume_type;
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("volume.volume_type_access.list", list),
    ("volume.volume_types.add_project_access", add),
    ("volume.volume_types.remove_project_access", remove),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let found = private(world, context)?;
    let access: Vec<Value> = found
        .projects
        .iter()
        .map(|project| json!({ "volume_type_id": found.id, "project_id": project }))
        .collect();
    Ok(Reply::json(200, json!({ "volume_type_access": access })))
}

fn add(world: &mut World, context: &RequestContext) -> Outcome {
    let project = project(context)?;
    if private(world, context)?.projects.insert(project.clone()) {
        Ok(Reply::empty(202))
    } else {
        Err(Fault::conflict(format!(
            "Volume type access for {} / {project} combination already exists.",
            context.id()
        )))
    }
}

fn remove(world: &mut World, context: &RequestContext) -> Outcome {
    let project = project(context)?;
    if private(world, context)?.projects.remove(&project) {
        Ok(Reply::empty(202))
    } else {
        Err(Fault::not_found(format!(
            "Volume type access not found for {} / {project} combination.",
            context.id()
        )))
    }
}

fn project(context: &RequestContext) -> Result<String, Fault> {
    let project = context.action().get("project").and_then(Value::as_str);
    project.map(str::to_owned).ok_or_else(|| Fault::bad_request("'project' is a required property"))
}

fn private<'a>(
    world: &'a mut World,
    context: &RequestContext,
) -> Result<&'a mut VolumeType, Fault> {
    let id = volume_type(&world.volume, context.id(), context)?.id.clone();
    let found = world.volume.types.get_mut(&id).filter(|found| !found.public);
    found.ok_or_else(|| {
        let message = "Access list not available for public volume types.";
        if context.operation.method.is_safe() {
            Fault::not_found(message)
        } else {
            Fault::conflict(message)
        }
    })
}
