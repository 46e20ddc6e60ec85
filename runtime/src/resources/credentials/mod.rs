//! Identities of tests: created with an admin's credential, leased to tests and deleted at
//! the end of the run; or lent from a file of accounts that exist already.
//!
//! For created identities:
//!
//! - A test gets its own user and project for every identity that it asks for. Tests that
//!   run at the same time see none of each other's resources and never wait for each other.
//! - An identity that is returned with nothing left in its project is leased again, except
//!   to a test that asks for a fresh one. Otherwise it stays unused until the end.
//! - Passwords are generated here, kept in types that do not show them, and written
//!   nowhere. A cleanup from another process sets new ones.
//! - Roles are those of the cloud; none are created.

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
pub(crate) mod secret;
mod takeover;

pub(crate) use accounts::Accounts;
pub use accounts::{Account, AccountsError};
pub use error::SetupError;
pub(crate) use identity::{Identity, PersonaRequest};
pub use lease::Lease;
pub(crate) use owners::sees_everything;
pub use owners::{Acting, Owners};
pub use persona::{Persona, PersonaScope, UnknownPersona};
pub(crate) use pool::Pool;
pub(crate) use provider::Provider;
pub(crate) use roles::Roles;
pub(crate) use takeover::Takeover;
