//! Sharing an image with other projects.

use serde_json::{Value, json};

use super::find::{find, missing};
use super::{Image, Member};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("image.image_members.list", list),
    ("image.image_members.create", create),
    ("image.image_members.show", show),
    ("image.image_members.update", update),
    ("image.image_members.delete", delete),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let image = find(&world.image, context.id(), context)?;
    let all = context.may_see(image.text("owner"));
    let shown: Vec<Value> = image
        .members
        .iter()
        .filter(|member| all || member.project == context.project())
        .map(|member| view(image, member))
        .collect();
    Ok(Reply::json(200, json!({ "members": shown, "schema": "/v2/schemas/members" })))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let project = context
        .json
        .get("member")
        .and_then(Value::as_str)
        .filter(|member| !member.is_empty())
        .ok_or_else(|| Fault::bad_request("Member to be added not specified"))?;
    let now = world.stamp(Stamp::Seconds);
    let image = shared(world, context)?;
    if image.members.iter().any(|member| member.project == project) {
        return Err(Fault::conflict(format!(
            "Project {project} is already a member of image {}.",
            context.id()
        )));
    }
    let member = Member {
        project: project.to_owned(),
        status: "pending".to_owned(),
        created: now.clone(),
        updated: now,
    };
    let shown = view(image, &member);
    image.members.push(member);
    Ok(Reply::json(200, shown))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let image = find(&world.image, context.id(), context)?;
    let project = context.parameter(1);
    let allowed = context.may_see(image.text("owner")) || context.project() == project;
    let member = image.members.iter().find(|member| member.project == project && allowed);
    member.map(|member| Reply::json(200, view(image, member))).ok_or_else(|| absent(context))
}

/// Lets the member say what it makes of the image.
fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let status = context.json.get("status").and_then(Value::as_str).unwrap_or_default();
    if !["pending", "accepted", "rejected"].contains(&status) {
        return Err(Fault::bad_request(format!("Invalid member status: {status}")));
    }
    find(&world.image, context.id(), context)?;
    let now = world.stamp(Stamp::Seconds);
    let project = context.parameter(1);
    if context.project() != project && !context.is_admin() {
        return Err(Fault::forbidden(
            "You are not permitted to modify 'status' on this image member.",
        ));
    }
    let image = world.image.images.get_mut(context.id()).ok_or_else(|| missing(context.id()))?;
    let member = image.members.iter_mut().find(|member| member.project == project);
    let member = member.ok_or_else(|| absent(context))?;
    status.clone_into(&mut member.status);
    member.updated = now;
    let member = member.clone();
    Ok(Reply::json(200, view(image, &member)))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let image = shared(world, context)?;
    let before = image.members.len();
    image.members.retain(|member| member.project != context.parameter(1));
    if image.members.len() == before { Err(absent(context)) } else { Ok(Reply::empty(204)) }
}

/// Finds the caller's own image that may have members.
fn shared<'a>(world: &'a mut World, context: &RequestContext) -> Result<&'a mut Image, Fault> {
    let image = super::find::find_mut(&mut world.image, context.id(), context)?;
    if image.text("visibility") == "shared" {
        Ok(image)
    } else {
        Err(Fault::forbidden("Only shared images have members."))
    }
}

fn absent(context: &RequestContext) -> Fault {
    Fault::not_found(format!(
        "{} not found in the member list of the image {}.",
        context.parameter(1),
        context.id()
    ))
}

fn view(image: &Image, member: &Member) -> Value {
    json!({
        "image_id": image.text("id"),
        "member_id": member.project,
        "status": member.status,
        "created_at": member.created,
        "updated_at": member.updated,
        "schema": "/v2/schemas/member",
    })
}
