//! What runs tests: selection, schedule, execution, supervision.

pub mod environment;
pub mod execute;
pub mod exit;
pub mod filter;
pub(crate) mod log;
pub mod plan;
pub mod supervise;
