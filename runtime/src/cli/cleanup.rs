//! `squall cleanup`: undoing what a run left, from its ledger.

use std::io::{self, Write as _};

use super::arguments::CleanupArguments;
use super::error::CliError;
use super::exit::Exit;
use super::log;
use super::runs::{base, header};
use crate::cleanup;
use crate::client::Session;
use crate::clouds;
use crate::credentials::Account;
use crate::embedded;
use crate::journal;

/// Undoes what a run left.
pub(super) fn cleanup(arguments: &CleanupArguments) -> Result<Exit, CliError> {
    let dir = journal::find_run(&base()?, &arguments.run)?;
    let cloud = match &arguments.cloud {
        Some(name) => name.clone(),
        None => header(&dir)?.map(|header| header.cloud).ok_or_else(|| {
            CliError::bad_input(
                format!("the journal in {} does not say which cloud it was", dir.display()),
                "name it with `--cloud`",
            )
        })?,
    };
    if cloud == embedded::NAME && arguments.cloud.is_none() {
        writeln!(io::stdout(), "the embedded cloud of this run ended with it: nothing is left")?;
        return Ok(Exit::Ok);
    }
    let config = clouds::find_for_command(&cloud)?;
    let accounts = arguments.accounts.as_deref().map(Account::read).transpose()?;
    let accounts = accounts.unwrap_or_default();
    log::start();
    let runtime = tokio::runtime::Runtime::new()?;
    let outcome = runtime.block_on(async {
        let admin = Session::builder(config).label("admin").build()?;
        cleanup::run(&dir, &admin, &accounts).await
    });
    match outcome {
        Ok(outcome) => {
            writeln!(io::stdout(), "{outcome}")?;
            Ok(if outcome.is_clean() { Exit::Ok } else { Exit::Failed })
        }
        Err(error @ cleanup::CleanupError::Ledger(_)) => Err(error.into()),
        Err(error) => Err(CliError::new(
            Exit::NothingRan,
            error,
            format!("the cloud `{cloud}` has to let its admin in"),
        )),
    }
}
