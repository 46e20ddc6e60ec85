//! How the embedded cloud behaves, seen from outside, service by service.

mod caller;
mod compute;
mod conformity;
mod identity;
mod pipeline;
