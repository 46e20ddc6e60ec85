//! The built-in suites, by service, and the scenarios that cross services.
//!
//! They use what a plugin can use, and nothing else.

squall::manifest!();

mod compute;
mod contract;
mod derived;
mod findings;
mod identity;
mod image;
mod network;
mod object_storage;
mod placement;
mod quotas;
mod scenario;
mod volume;
