//! The supervisor end to end: every selected test has one verdict, whatever it
//! does, and nothing is left behind.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what is shared by tests fails as they do")]

mod fixtures;
mod interrupted;
mod leftovers;
mod program;
mod refused;
mod verdicts;
