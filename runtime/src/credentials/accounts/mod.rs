//! Identities that somebody else made: accounts from a file, lent to tests.
//!
//! - An account is in one test's hands at a time, whichever process it runs in.
//! - A test gets all the identities it wishes for at once, or waits: nobody holds
//!   one account while waiting for another, so that nothing can lock up.
//! - Each of a test's identities in a project has a project of its own.
//! - An account whose test left something behind is not lent again in this run.
//! - A lease ends with its process: that of a killed run is free at once.

mod choose;
mod file;
mod hold;
mod lend;

pub use file::{Account, AccountsError};
pub(crate) use lend::Accounts;
