//! The named passes over the model, in their order.
//!
//! 1. `envelopes`: what a body wraps its content in is taken off.
//! 2. `resources`: the answers of one resource become one type.
//! 3. `share`: equal types become one.
//! 4. `names`: types, fields, methods and arguments get their names.
//! 5. `sort`: everything gets its order.

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
