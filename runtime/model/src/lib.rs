//! The types that all parts of Squall share: microversions and ranges of them, operations,
//! merged schemas with [`Merged::at`], paging, and findings.
//!
//! This crate reads no files, sends no requests and prints nothing. It depends on little more
//! than serde, so that the generator, the client, the embedded cloud and drift can all use it.

pub mod blob;
pub mod canonical;
pub mod description;
pub mod diagnostic;
pub mod digest;
pub mod finding;
pub mod header;
pub mod kind;
pub mod materialise;
pub mod operation;
pub mod paging;
pub mod pointer;
pub mod policy;
pub mod program;
pub mod provenance;
pub mod range;
pub mod schema;
pub mod service;
pub mod suggest;
pub mod table;
pub mod version;

pub use description::Description;
pub use diagnostic::Diagnostic;
pub use finding::{Finding, Severity};
pub use header::{HeaderFault, HeaderSchema};
pub use kind::Kind;
pub use materialise::Merged;
pub use operation::{Gate, Method, Operation, PolicyRef, StatusRange};
pub use paging::{NextPage, PageError, Paging, PagingFault};
pub use policy::{DeprecatedRule, PolicyRule, ScopeType};
pub use provenance::{Origins, Provenance};
pub use range::VersionRange;
pub use schema::{
    BodySchema, ErrorBody, ErrorForm, ErrorSchema, FormSource, OperationSchemas, ResponseSchema,
    SharedSchemas,
};
pub use service::{ServiceSpec, VersionKind, VersionNote};
pub use version::Microversion;
