//! Identities that exist already: accounts from a file, lent to tests.
//!
//! - An account is lent to one test at a time, across all processes.
//! - A test gets all the identities that it requests at once, or waits: none holds one
//!   account while waiting for another, so that there are no deadlocks.
//! - Each of a test's identities in a project has a project of its own.
//! - An account whose test left something behind is not lent again in this run.
//! - A lease ends with its process: an account of a killed run is free at once.

mod choose;
mod file;
mod hold;
mod lend;

pub use file::{Account, AccountsError};
pub(crate) use lend::Accounts;
