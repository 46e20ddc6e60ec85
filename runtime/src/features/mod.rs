//! What a cloud can do beyond having a service: extensions, middlewares, ways of its
//! hypervisors; each with where that is known from.
//!
//! - A feature is a dotted name, the service's first: `network.extension.trunk`,
//!   `object_storage.tempurl`, `compute.console_log`.
//! - The cloud is asked where there is something to ask. What nothing tells is taken
//!   for granted, and a file of settings has the last word.
//! - A feature of a plugin's, which nobody knows how to ask for, is absent until a file
//!   of settings sets it.

mod ask;
mod decide;
mod known;
mod source;
mod words;

pub(crate) use ask::{Told, Untold, ask};
pub use decide::decide;
pub use known::{FAMILIES, KNOWN, KnownFeature, is_known, is_probed};
pub use source::{Line, Source};
pub use words::{Feature, Features, State};
