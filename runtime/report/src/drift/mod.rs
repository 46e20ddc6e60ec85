//! Drift: how much of what services implement is described, tested, and known to the clients that
//! people use.
//!
//! [`assess`] is a pure function from [`Inputs`] to a [`Report`]; the
//! renderers see only the report. The definitions:
//!
//! - an operation is *implemented* when the spec has it and, where a cloud was
//!   asked, the cloud's version range meets the operation's;
//! - a *cell* is an operation within one interval of its response schema; it is
//!   *exercised* when a run holds a validated response that was negotiated
//!   inside that interval;
//! - a version is *tested* when an operation with a boundary there was called
//!   at it; a version that changed only behaviour is tested when a test that
//!   names it ran;
//! - where a cloud was asked, its version ranges are compared with the specs', and
//!   each difference is a finding;
//! - an operation is *called* when a run has any answer of it, validated or not;
//! - an operation or version is *new* when the release before, whose surfaces a checkout keeps,
//!   does not have it.

mod assess;
mod clients;
pub mod gather;
mod inputs;
mod lacking;
mod ranges;
pub mod render;
mod report;
mod since;
mod steps;
mod threshold;

#[cfg(test)]
mod tests;

pub use assess::assess;
pub use inputs::{Declaration, Exercise, Inputs, LiveService, ReleaseBefore};
pub use lacking::{SuiteVersions, SuiteVersionsError};
pub use ranges::{RangeRow, RangeVerdict};
pub use report::{
    Cell, CellState, CoverageCounts, Lacking, LackingRow, NextStep, NextStepKind, OperationRow,
    Place, Report, ServiceReport, Since, SinceRow, VersionRow,
};
pub use since::EarlierReport;
pub use threshold::{Missed, Threshold};
