//! Identities: made through the identity API from one admin credential, leased
//! to tests, and undone at the end of the run; or lent from a file of accounts that
//! somebody else made.
//!
//! Of those that are made:
//!
//! - A test gets a user and a project of its own for every identity it wishes
//!   for; so tests that run side by side never see each other's things, and never
//!   wait for each other.
//! - An identity that comes back with nothing left in its project is leased
//!   again, unless a test wishes for a fresh one; another one stays until the end.
//! - Passwords are made up here, kept in types that do not show them, and
//!   written nowhere. A cleanup from another process gives the users new ones.
//! - Roles are the cloud's: one that it does not have is not made up.

mod accounts;
mod api;
mod error;
mod identity;
mod lease;
mod owners;
mod persona;
mod pool;
mod provider;
mod roles;
mod secret;
mod takeover;

pub(crate) use accounts::Accounts;
pub use accounts::{Account, AccountsError};
pub use error::SetupError;
pub(crate) use identity::{Identity, Wish};
pub use lease::Lease;
pub use owners::{Acting, Owners};
pub use persona::{Persona, Scope, UnknownPersona};
pub(crate) use pool::Pool;
pub(crate) use provider::Provider;
pub(crate) use roles::Roles;
pub(crate) use takeover::Takeover;
