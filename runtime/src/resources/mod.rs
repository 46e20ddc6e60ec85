//! What runs create at a cloud: kinds of resources, identities, waiting, cleanup.

pub(crate) mod actor;
pub mod census;
pub mod cleanup;
pub mod credentials;
pub mod kinds;
pub(crate) mod making;
pub mod wait;
