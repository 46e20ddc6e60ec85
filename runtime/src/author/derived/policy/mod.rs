//! The policy matrix: every rule that an operation checks, by every persona.
//!
//! - [`cases`] names a test for each rule of each operation that is described, and needs no cloud.
//! - [`Matrix`] is what all tests share: one identity for each persona, made once, and the pool of
//!   resources. No role is ever changed, so nothing waits for a role to take effect.
//! - [`check`] has each persona send the request of the operation, to a resource made from its
//!   description, and holds what it is answered against what the rules say.
//!
//! What changes or deletes works on a resource made for the test, which is made again only after
//! a persona was allowed to use it up. So those who should be refused go first.

mod answer;
mod expect;
mod judge;
mod matrix;
mod persona;
mod plan;
mod target;
mod trial;

pub(crate) use expect::Policies;
pub use matrix::Matrix;
pub use plan::{PolicyCase, cases};
pub use trial::check;
