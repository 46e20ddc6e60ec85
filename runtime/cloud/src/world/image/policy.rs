//! Which of glance's rules a request has to pass, of what, and when.
//!
//! Glance 33.0.0 finds the image first; who may not even get it learns no more than if there were
//! none, whatever else it asked for (`glance.api.v2.policy.ImageAPIPolicy._enforce`).

use serde_json::Value as Json;
use squall_policy::{Target, Value};

use super::Image;
use super::find::{find, missing};
use crate::fault::Fault;
use crate::policy::Owner;
use crate::request::RequestContext;
use crate::world::World;

/// An image as the rules see it (`glance.api.policy.ImageTarget`).
struct ImageTarget<'a> {
    image: &'a Image,
    /// The caller's project, if the image is shared with it.
    member: Option<&'a str>,
}

impl Target for ImageTarget<'_> {
    fn get(&self, name: &str) -> Option<Value<'_>> {
        match name {
            "project_id" => self.image.properties.get("owner").map(Value::from),
            "image_id" => self.image.properties.get("id").map(Value::from),
            "member_id" | "member" => Some(self.member.into()),
            name => self.image.properties.get(name).map(Value::from),
        }
    }
}

/// An image that does not exist yet.
struct NewImage<'a> {
    owner: &'a str,
    visibility: &'a str,
}

impl Target for NewImage<'_> {
    fn get(&self, name: &str) -> Option<Value<'_>> {
        match name {
            "project_id" | "owner" => Some(self.owner.into()),
            "visibility" => Some(self.visibility.into()),
            _ => None,
        }
    }
}

/// Asks the rules of a request, but for those of a change and of an import, which are asked while
/// these are made.
pub(crate) fn ask(world: &World, context: &RequestContext) -> Result<(), Fault> {
    match context.operation.id.as_ref() {
        "image.images.create" => return of_new(context),
        "image.images.update" | "image.images.import" => return Ok(()),
        _ => {}
    }
    if !context.operation.path.starts_with("/images/{image_id}") {
        return context.ask_gates(&Owner::project(context.project()));
    }
    let image = find(&world.image, context.id(), context)?;
    for rule in context.gates() {
        enforce(rule, image, context)?;
    }
    Ok(())
}

/// Asks one rule about an image.
pub(crate) fn enforce(rule: &str, image: &Image, context: &RequestContext) -> Result<(), Fault> {
    let target = target(image, context);
    if context.may(rule, &target) {
        return Ok(());
    }
    if rule == "get_image" || !context.may("get_image", &target) {
        return Err(missing(image.text("id")));
    }
    Err(context.refused(rule))
}

/// Whether the caller may get an image that it finds.
pub(crate) fn may_get(image: &Image, context: &RequestContext) -> bool {
    context.may("get_image", &target(image, context))
}

fn target<'a>(image: &'a Image, context: &'a RequestContext) -> ImageTarget<'a> {
    let project = context.project();
    let is_member = image.members.iter().any(|member| member.project == project);
    ImageTarget { image, member: is_member.then_some(project) }
}

/// Returns the rule of an image that is made visible to others, if there is one.
pub(crate) fn of_visibility(visibility: Option<&Json>) -> Option<&'static str> {
    match visibility.and_then(Json::as_str) {
        Some("public") => Some("publicize_image"),
        Some("community") => Some("communitize_image"),
        _ => None,
    }
}

fn of_new(context: &RequestContext) -> Result<(), Fault> {
    let given = |key: &str| context.json.get(key).and_then(Json::as_str);
    let own = context.project();
    let target = NewImage {
        owner: given("owner").unwrap_or(own),
        visibility: given("visibility").unwrap_or("private"),
    };
    if !context.may("add_image", &target) {
        return Err(match target.owner {
            owner if owner != own => Fault::forbidden(format!(
                "You are not permitted to create images owned by '{owner}'"
            )),
            _ => context.refused("add_image"),
        });
    }
    of_visibility(context.json.get("visibility")).map_or(Ok(()), |rule| context.ask(rule, &target))
}
