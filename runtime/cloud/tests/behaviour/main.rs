//! How the embedded cloud behaves, seen from outside, service by service.
#![expect(clippy::needless_pass_by_value, reason = "tests hand over what `json!` makes")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "what is not as it should be ends its test")]

mod addresses;
mod caller;
mod checks;
mod compute;
mod conformity;
mod described;
mod identity;
mod network;
mod pipeline;
mod placing;
mod policy;
mod pretending;
mod refusals;
mod scheduling;
mod store;
