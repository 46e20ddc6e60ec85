//! Serves a service from its operations and its description, without code for each of them.
//!
//! A service that is described is served like this:
//!
//! - `create` keeps the body under its envelope, with an id, the first `ready` state, the
//!   project and the time; `list`, `list_detail`, `show`, `check`, `update` and `delete` do
//!   what their names say. Resources below another one's path belong to it and go with it.
//! - What an answer has is what its schema declares at the negotiated microversion.
//! - What a description cannot say is a [`Handler`]'s: a function for one operation, which may
//!   call the standard behaviour. An operation with neither is answered with 501, and so is
//!   one whose schema asks for more than the description says.
//!
//! The services of the cloud itself do not use it. It knows none of them, and they can move to
//! it one by one.

mod access;
mod addresses;
mod answer;
mod check;
mod dialect;
mod list;
mod plan;
mod request;
mod serve;
mod service;
mod shape;
mod standard;
mod store;

pub use answer::{ServiceAnswer, ServiceFault};
pub(crate) use check::faults;
pub use check::{RegistrationFault, RegistrationFaults};
pub use dialect::{Dialect, IdForm};
pub use request::{Handler, ServiceRequest};
pub(crate) use serve::Engine;
pub use service::{DescribedService, EmbeddedService};
pub use store::{Item, ItemStore};

pub use crate::clock::Stamp;
