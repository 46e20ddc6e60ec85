//! How the embedded cloud behaves, seen from outside, service by service.

mod caller;
mod identity;
mod pipeline;
