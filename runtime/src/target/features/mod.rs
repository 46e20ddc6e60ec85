//! Optional features of a cloud: extensions, middlewares, abilities of its hypervisors, each with
//! the source of the information.
//!
//! - A feature is a dotted name that begins with its service: `network.extension.trunk`,
//!   `object_storage.tempurl`, `compute.console_log`.
//! - The cloud is asked where an API exists. What cannot be detected is assumed to be present;
//!   settings override both.
//! - A plugin's own feature, which Squall cannot detect, is absent until settings set it.

mod ask;
mod decide;
mod known;

pub(crate) use ask::{FailureKind, ProbeAnswer, ProbeFailure, ask};
pub use decide::decide;
pub use known::{FAMILIES, KNOWN, KnownFeature, is_known, is_probed};
pub use squall_records::features::{Feature, Features, Line, Source, State};
