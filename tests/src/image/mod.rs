//! Suites of the image service.

mod data;
mod images;
mod lists;
mod sharing;

/// The image service.
#[squall::suite(id = "suites.image", kind = "api", needs(image), identities(member))]
pub(crate) struct Image;
