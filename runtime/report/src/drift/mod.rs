//! Drift: how much of what services implement has a client, a schema, a test, evidence from a run,
//! and documentation.
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
//! - what tests *declare* is shown separately and never counts as exercised.

mod assess;
pub mod gather;
mod inputs;
mod ranges;
pub mod render;
mod report;
mod threshold;

#[cfg(test)]
mod tests;

pub use assess::assess;
pub use inputs::{Declaration, Exercise, Inputs, LiveService, Surface};
pub use ranges::{RangeRow, RangeVerdict};
pub use report::{
    Cell, CellState, CoverageCounts, OperationRow, Report, ServiceReport, VersionRow,
};
pub use threshold::{Missed, Threshold};
