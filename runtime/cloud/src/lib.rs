//! The embedded cloud: `OpenStack` services with state, served from the operation tables of the
//! generated clients.
//!
//! It replaces a real cloud so that suites run anywhere. It has no hypervisor: servers are
//! records that go from BUILD to ACTIVE with time. An operation of the tables that is not
//! implemented answers 501. A service that is none of its own can be served from its
//! description: see [`engine`].
//!
//! ```no_run
//! # async fn example() -> Result<(), squall_cloud::ServeError> {
//! let cloud = squall_cloud::Cloud::new(squall_cloud::Options::default());
//! let running = squall_cloud::serve(cloud, ([127, 0, 0, 1], 0).into()).await?;
//! println!("{}", running.clouds_yaml("served"));
//! # Ok(()) }
//! ```

#![expect(clippy::unnecessary_wraps, reason = "every behaviour has the one signature")]

/// How the message begins that answers an operation without behaviour, with status 501: a
/// test that depends on one is skipped.
pub const NO_BEHAVIOUR: &str = "The embedded cloud does not implement";

mod answer;
mod behaviour;
mod body;
mod bootstrap;
mod byte_range;
mod choose;
mod clock;
mod cloud;
mod clouds_yaml;
mod conform;
mod connection;
mod discovery;
mod document;
pub mod engine;
mod fault;
mod ids;
mod limits;
mod media;
mod mount;
mod names;
mod negotiate;
mod outcome;
mod page;
mod policy;
mod pretend;
mod query;
mod reply;
mod request;
mod route;
mod serve;
mod table;
mod tables;
mod world;

pub use cloud::{AdminCredentials, Cloud, CloudBuilder, CloudError, Options};
pub use policy::{PolicyFile, PolicyFileError};
pub use pretend::UnknownOperation;
pub use serve::{Running, ServeError, serve};
