//! Identities: made through the identity API from one admin credential, leased
//! to tests, and undone at the end of the run.
//!
//! - A test gets a user and a project of its own for every identity it wishes
//!   for; so tests that run side by side never see each other's things, and never
//!   wait for each other.
//! - An identity that comes back with nothing left in its project is leased
//!   again; another one stays until the end.
//! - Passwords are made up here, kept in types that do not show them, and
//!   written nowhere. A cleanup from another process gives the users new ones.
//! - Roles are the cloud's: one that it does not have is not made up.

mod api;
mod identity;
mod lease;
mod persona;
mod pool;
mod roles;
mod secret;
mod takeover;

pub use lease::Lease;
pub use persona::{Persona, Scope, UnknownPersona};
pub(crate) use pool::Pool;
pub use pool::SetupError;
pub(crate) use takeover::Takeover;
