//! The words that every part of Squall shares, as types: microversions and
//! their ranges, operations, merged schemas with the one [`Merged::at`], and
//! findings.
//!
//! Nothing here reads a file, sends a request or prints a line; the crate
//! stands on serde alone, so that the generator, the client, the embedded
//! cloud and drift can all speak the same language.

pub mod blob;
pub mod canonical;
pub mod finding;
pub mod materialise;
pub mod operation;
pub mod paging;
pub mod range;
pub mod schema;
pub mod service;
pub mod table;
pub mod version;

pub use finding::{Finding, Severity};
pub use materialise::Merged;
pub use operation::{Gate, Method, Operation, PolicyRef, Provenance, StatusRange};
pub use paging::{NextPage, PageError, Paging, PagingFault};
pub use range::VersionRange;
pub use schema::{Body, OperationSchemas, ResponseSchema};
pub use service::{ServiceSpec, VersionKind, VersionNote};
pub use version::Microversion;
