//! Which images a caller may see, and which it may change.

use super::{Image, State};
use crate::fault::Fault;
use crate::request::RequestContext;

/// Finds an image that the caller may see.
pub(crate) fn find<'a>(
    state: &'a State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a Image, Fault> {
    state.images.get(id).filter(|image| visible(image, context)).ok_or_else(|| missing(id))
}

/// Finds an image that the caller may see, to change it. Whether it may was asked before.
pub(crate) fn find_mut<'a>(
    state: &'a mut State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a mut Image, Fault> {
    state.images.get_mut(id).filter(|image| visible(image, context)).ok_or_else(|| missing(id))
}

/// Whether a caller may see an image.
pub(crate) fn visible(image: &Image, context: &RequestContext) -> bool {
    context.may_see(image.text("owner"))
        || matches!(image.text("visibility"), "public" | "community")
        || (image.text("visibility") == "shared"
            && image.members.iter().any(|member| member.project == context.project()))
}

/// Returns the fault for an id that no visible image has.
pub(crate) fn missing(id: &str) -> Fault {
    Fault::not_found(format!("No image found with ID {id}"))
}
