//! What tests make is undone: at their end, by a cleanup after the process died,
//! and whatever the wire does meanwhile. Against an embedded cloud in process.
#![cfg(feature = "embedded")]
#![expect(clippy::unwrap_used, reason = "a setting that does not come up ends its test")]

mod containers;
mod crash;
mod guard;
mod identities;
mod lost;
mod setting;
