//! From a service's OpenAPI document to its client, types, operation table,
//! schemas, surface lock and reference page.
//!
//! The steps are read, lower, passes and emit. The model between them knows neither
//! OpenAPI nor Rust. No input makes this crate panic: whatever cannot be used is
//! reported as a [`diagnostic::Diagnostic`], and all of them are reported at once.

mod budget;
pub mod build;
pub mod chains;
mod described;
pub mod diagnostic;
pub mod emit;
pub mod generate;
mod krate;
pub mod lower;
pub mod model;
pub mod name;
pub mod passes;
mod policies;
pub mod read;
mod reference;
pub mod spelling;
pub mod surface;

pub use krate::{CheckReport, CheckedDocument, EmitError, check, emit_crate};
