//! The passes over the model, in order:
//!
//! 1. `sort`: sorts operations and fields.
//! 2. `envelopes`: unwraps the envelopes of bodies.
//! 3. `resources`: joins the responses of one resource into one type.
//! 4. `share`: merges equal types.
//! 5. `names`: names types, fields, methods and arguments.

mod envelopes;
mod names;
mod resources;
mod share;
mod sort;

use crate::model::Service;

/// Runs all passes.
pub fn run(service: &mut Service) {
    sort::run(service);
    envelopes::run(service);
    resources::run(service);
    share::run(service);
    names::run(service);
}
