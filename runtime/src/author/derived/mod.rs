//! Tests that follow from the specs: each described request with one value changed.
//!
//! A plan comes first, and needs no cloud: [`negatives`] and [`boundaries`] name an operation, a
//! version and a constraint of its request. What is sent is known when a test runs: [`Twins`]
//! sends the valid request of the operation once, its *twin*, on a resource that no other
//! operation uses, and derives the changes from it. A test whose twin was refused is skipped: that the
//! changed request is refused as well would say nothing. Judgement is apart from both.
//!
//! What a constraint is and how it is broken is `squall-derived`'s to know.
//!
//! Beside these, [`lists`], [`checkers`] and [`methods`] hold operations against what must be true
//! of them whatever their requests say, and [`policy`] against who may call them.

mod boundary;
mod case;
pub mod checkers;
mod judge;
pub mod lists;
pub mod methods;
mod negative;
mod outcome;
pub mod policy;
mod send;
mod twin;

pub use boundary::stays_in_bounds;
pub use case::{DerivedCase, boundaries, negatives};
pub use negative::refuses;
pub use twin::Twins;

/// The kinds of suites that are derived from the specs. A run that selects nothing leaves them
/// out.
pub const KINDS: [&str; 6] = ["negative", "boundary", "lists", "checkers", "methods", "policy"];
