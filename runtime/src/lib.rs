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

mod author;
pub mod cli;
mod resources;
mod run;
mod target;

#[cfg(feature = "remote")]
pub use author::remote;
#[doc(hidden)]
pub use author::typed;
pub use author::{context, derived, described, object_storage, registry, scenario};
pub use cli::harness;
pub(crate) use resources::{actor, making};
pub use resources::{census, cleanup, credentials, kinds, wait};
pub(crate) use run::log;
pub use run::{environment, execute, exit, filter, plan, supervise};
pub use target::{accepted, embedded, features, preflight, services, settings, tempest_conf};
pub(crate) use target::{clouds, facts, policy_files};

pub use squall_records::{journal, ledger, observed, program};
pub use squall_report::{drift, report};

pub use squall_client as client;
pub use squall_macros::{harness, main, manifest, service_client, suite, test};
pub use squall_model as model;
#[doc(inline)]
pub use squall_services::clients::*;

/// Types that say their JSON Schema, for the responses of
/// [`service_client`].
pub use schemars;
pub use serde;
pub use serde_json;

pub use context::Context;
pub use registry::Case;
pub use squall_records::{
    Answered, Failure, Result, SourceLocation, UnexpectedAnswer, ensure, ensure_eq,
};

/// What the macros expand to; no part of the stable surface.
#[doc(hidden)]
pub mod __private {
    pub use inventory;
    pub use squall_model::{Microversion, VersionRange};

    pub use crate::typed;
}
