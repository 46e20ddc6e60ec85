//! Creates resources at a cloud: first the ledger entry, then the request, then the step
//! that undoes it.
//!
//! [`Maker`] does this for one test, or for the runner. [`Watch`] refuses requests that
//! create something without it.

mod consequence;
mod error;
mod guard;
mod made;
mod maker;
pub(crate) mod marks;
mod naming;
mod outage;
mod pretence;
mod setting;
pub(crate) mod stack;
mod watch;

pub use error::MakeError;
pub use made::Made;
pub(crate) use maker::{Attempt, Maker, params};
pub use naming::Unnamed;
pub(crate) use naming::another_name;
pub(crate) use outage::Outage;
pub(crate) use pretence::Pretence;
pub(crate) use watch::Watch;
