//! Creating things at a cloud: the ledger first, then the request, then what is needed
//! to undo it.
//!
//! [`Maker`] does so for one test, or for the runner; [`Watch`] refuses every request
//! that creates something on another way.

mod error;
mod guard;
mod made;
mod maker;
pub(crate) mod marks;
pub(crate) mod stack;
mod watch;

pub use error::MakeError;
pub use made::Made;
pub(crate) use maker::Maker;
pub(crate) use watch::Watch;
