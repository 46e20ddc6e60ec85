//! Who may call what: the policy rules of the services, asked as each service asks them.
//!
//! [`ServiceRules`] are the rules of one service, compiled when the cloud is created: the defaults
//! of its spec, and what a policy file changes of them. Which of them a request has to pass, of
//! what, and before or after what is found, is in the `policy` module of the service's world; what
//! depends on more than request and target is asked by the behaviour itself, with
//! [`RequestContext::may`]. Object storage has no such rules: see
//! [`gate`](crate::world::object_storage::gate).

mod ask;
mod file;
mod owner;
mod reach;
mod rules;
mod service;

pub use file::PolicyFile;
pub(crate) use owner::{Owned, Owner};
pub(crate) use rules::ServiceRules;
pub use service::PolicyFileError;
pub(crate) use service::{defaults, with_files};
