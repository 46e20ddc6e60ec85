//! What the author of a test uses.

pub mod context;
pub mod derived;
pub mod described;
pub mod object_storage;
pub mod registry;
#[cfg(feature = "remote")]
pub mod remote;
pub mod scenario;
pub mod typed;
