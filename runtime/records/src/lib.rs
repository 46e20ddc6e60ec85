//! The records of runs as plain data: failures, the journal, the ledger, answers of clouds.
//!
//! Everything else writes them or reads them. They name no cloud, no test function and no
//! command line, so that a report or a cleanup needs nothing but what was written.

mod answer;
#[doc(hidden)]
pub mod equality;
mod failure;
pub mod features;
pub mod journal;
pub mod ledger;
pub mod observed;
mod policy;

pub use answer::{Answered, UnexpectedAnswer};
pub use failure::{Failure, Result, SourceLocation};
pub use policy::{Access, AccessDeviation, ExpectedAccess, PolicyCell, TargetOwner};
use squall_client as client;
pub use squall_model::program;
