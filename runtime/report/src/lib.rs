//! Reports of runs, and drift: what people and programs read of what was recorded.
//!
//! Both are functions of records and of operation tables. They never see a cloud.

pub mod drift;
pub mod report;

use squall_client as client;
use squall_records::{
    Access, AccessDeviation, Answered, Failure, PolicyCell, TargetOwner, journal, ledger, program,
};
