//! The initial resources of a new cloud, created through its own APIs: users, the catalog,
//! flavors, volume types, images and networks. Each is looked up by name first, so that
//! the bootstrap can be repeated.

mod ensure;
mod identity;
mod resources;
mod rest;

pub use identity::{DEMO, identity};
pub use resources::{flavors, images, networks, volume_types};
pub use rest::Rest;
