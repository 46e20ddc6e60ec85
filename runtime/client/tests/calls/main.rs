//! What a call does on its way: tokens, versions, retries, validation, evidence.

#![expect(clippy::unwrap_used, reason = "a test that unwraps has told what it had to tell")]

mod bodies;
mod errors;
mod paging;
mod refusals;
mod retries;
mod secrets;
mod tokens;
mod validation;
mod world;
