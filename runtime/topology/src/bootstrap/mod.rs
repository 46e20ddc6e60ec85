//! What a fresh cloud is given through its own APIs: users, the catalog, flavors,
//! volume types, images, networks. Everything is found by name before it is made,
//! so that it may be done again and again.

mod ensure;
mod identity;
mod resources;
mod rest;

pub use identity::{DEMO, identity};
pub use resources::{flavors, images, networks, volume_types};
pub use rest::Rest;
