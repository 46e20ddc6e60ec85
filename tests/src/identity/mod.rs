//! Suites of the identity service.

mod access;
mod credentials;
mod domains;
mod groups;
mod projects;
mod service_catalog;
mod sessions;
mod tokens;
mod users;

/// The identity service.
#[squall::suite(id = "suites.identity", kind = "api", needs(identity), identities(admin))]
pub(crate) struct Identity;
