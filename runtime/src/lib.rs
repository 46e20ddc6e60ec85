//! Squall: end-to-end tests for `OpenStack` clouds.
//!
//! This is the one crate that a plugin author depends on. A test is an async
//! function with an attribute:
//!
//! ```
//! use squall::{Context, Result};
//!
//! /// There are flavors.
//! #[squall::test(id = "acme.flavors.list", needs(compute), tags(smoke))]
//! async fn list(ctx: &Context) -> Result {
//!     let flavors = ctx.compute().flavors().list().send().await?;
//!     squall::ensure!(!flavors.value.is_empty(), "the cloud has no flavor");
//!     Ok(())
//! }
//! ```
//!
//! and a program that runs them is `squall::main!();` in a `main.rs`. The
//! attributes are only ever written with their path: a `test` from a glob import
//! collides with the compiler's own.
//!
//! ```compile_fail,E0659
//! use squall::*;
//!
//! #[test(id = "acme.flavors.list", needs(compute), tags(smoke))]
//! async fn list(ctx: &Context) -> Result {
//!     Ok(())
//! }
//! ```

mod actor;
pub mod census;
pub mod cleanup;
pub mod cli;
mod clouds;
pub mod context;
pub mod credentials;
pub mod drift;
pub mod embedded;
pub mod environment;
#[doc(hidden)]
pub mod equality;
pub mod execute;
pub mod exit;
mod failure;
pub mod features;
pub mod filter;
pub mod harness;
pub mod journal;
pub mod kinds;
pub mod ledger;
mod log;
mod making;
pub mod object_storage;
pub mod plan;
pub mod preflight;
pub mod program;
pub mod registry;
pub mod remote;
pub mod report;
pub mod scenario;
pub mod services;
pub mod settings;
pub mod supervise;
pub mod tempest_conf;
#[doc(hidden)]
pub mod typed;
pub mod wait;

pub use squall_client as client;
pub use squall_compute as compute;
pub use squall_identity as identity;
pub use squall_image as image;
pub use squall_macros::{harness, main, manifest, service_client, suite, test};
pub use squall_model as model;
pub use squall_network as network;
pub use squall_placement as placement;
pub use squall_volume as volume;

/// Types that say their JSON Schema, for the responses of
/// [`service_client`].
pub use schemars;
pub use serde;
pub use serde_json;

pub use context::Context;
pub use failure::{Failure, Result, SourceLocation};

/// What the macros expand to; no part of the stable surface.
#[doc(hidden)]
pub mod __private {
    pub use inventory;
    pub use squall_model::{Microversion, VersionRange};

    pub use crate::typed;
}
