//! What a request to an account passes before its operation: temporary URLs, pages
//! of web sites, and access, in the order of swift's pipeline.

use squall_model::Method;

use super::{access, bulk, form_post, metadata, place, site, temp_url};
use crate::behaviour::Handler;
use crate::outcome::Outcome;
use crate::request::RequestContext;
use crate::world::World;

/// Answers a request to object storage.
pub(crate) fn serve(world: &mut World, context: &RequestContext, handler: Handler) -> Outcome {
    if place::account(context).is_empty() {
        return handler(world, context);
    }
    if let Some(boundary) = form_post::boundary(context) {
        return form_post::upload(world, context, &boundary);
    }
    if let Some(report) = bulk::serve(world, context) {
        return report;
    }
    if let Some(url) = temp_url::TempUrl::of(context) {
        url.check(&world.object_storage, context, world.clock.now())?;
        return Ok(url.dress(handler(world, context)?, context));
    }
    if let Some(page) = site::serve(world, context) {
        return page;
    }
    access::check(&world.object_storage, context)?;
    let writes = matches!(context.operation.method, Method::Put | Method::Post);
    let prefix = match (context.parameter(0), context.parameter(1)) {
        ("", _) => "x-account-meta-",
        (_, "") => "x-container-meta-",
        _ => "x-object-meta-",
    };
    if writes {
        metadata::check(&context.headers, prefix)?;
    }
    world.object_storage.open_account(context, world.clock.now());
    handler(world, context)
}
