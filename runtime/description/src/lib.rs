//! Reads the description of a service's resources, a `resources.yaml`: what each resource is,
//! and how every operation is called with a valid request.
//!
//! [`read`] checks a text against the service's operations and returns a
//! [`Description`](squall_model::Description), or everything that is wrong with file, line, JSON
//! pointer and help. The generator reads the files of our own services this way, and the runtime
//! those of a plugin. The guide "You describe a resource" has the form.
//!
//! A file is read in two steps: each resource and call as it is written, and then what follows
//! from several of them. What needs schemas or other services is checked by
//! `codegen/tests/described`. This crate opens no files.

mod call;
mod condition;
mod gone;
#[cfg(test)]
mod guide;
mod item;
mod kind;
mod leak;
mod operations;
pub mod placeholder;
mod problem;
mod request;
mod resource;
mod source;
pub mod together;
mod undo;
mod whole;

pub use operations::{OperationInfo, Operations};
pub use whole::read;
