//! `squall cleanup`: undoing what a run left, from its ledger.

use std::io::{self, Write as _};

use super::arguments::CleanupArguments;
use super::error::CliError;
use super::output::print_text;
use super::runs::{base, header};
use crate::cleanup::{self, CleanupError, Progress};
use crate::client::Session;
use crate::clouds;
use crate::credentials::Account;
use crate::exit::Exit;
use crate::{journal, log, program};

/// Undoes what a run left.
pub(super) fn cleanup(arguments: &CleanupArguments) -> Result<Exit, CliError> {
    let dir = journal::find_run(&base()?, &arguments.run)?;
    let header = header(&dir)?;
    if header.as_ref().is_some_and(|header| header.in_process) {
        writeln!(
            io::stdout(),
            "the run started its own cloud, which ended with it: nothing is left"
        )?;
        return Ok(Exit::Ok);
    }
    let cloud = arguments.cloud.clone().or(header.map(|header| header.cloud)).ok_or_else(|| {
        CliError::bad_input(
            format!("the journal in {} does not say which cloud the run used", dir.display()),
            "name it with `--cloud`",
        )
    })?;
    let config = clouds::find_for_command(&cloud)?;
    let accounts = arguments.accounts.as_deref().map(Account::read).transpose()?;
    let accounts = accounts.unwrap_or_default();
    log::start();
    let runtime = tokio::runtime::Runtime::new()?;
    let outcome = runtime.block_on(async {
        let admin = Session::builder(config).label("admin").build()?;
        cleanup::run(&dir, &admin, &accounts, &report).await
    });
    match outcome {
        Ok(outcome) => {
            print_text(&format!("{}\n", outcome.left_text()))?;
            Ok(if outcome.is_clean() { Exit::Ok } else { Exit::Failed })
        }
        Err(error @ CleanupError::Ledger(_)) => Err(error.into()),
        Err(error @ CleanupError::OtherCloud { .. }) => Err(CliError::bad_input(
            error,
            format!(
                "name the run's cloud with `--cloud`; `{} leaks --cloud NAME` lists what runs \
                 left on any cloud",
                program::name()
            ),
        )),
        Err(error) => Err(CliError::new(
            Exit::NothingRan,
            error,
            format!("check the admin's credential of `{cloud}` in clouds.yaml"),
        )),
    }
}

/// Prints what happens as it happens: a cleanup may take minutes.
#[expect(clippy::needless_pass_by_value, reason = "it is passed as a callback")]
fn report(progress: Progress<'_>) {
    // A closed pipe must not end a cleanup.
    let _ = match progress {
        Progress::Removed(removed) => writeln!(io::stdout(), "removed {removed}"),
        Progress::Waiting { thing, since } => writeln!(
            io::stderr(),
            "waiting for {} {} to be removed, {} s so far",
            thing.intent.kind,
            thing.intent.name,
            since.as_secs()
        ),
        Progress::Left { again: false, .. } => Ok(()),
        Progress::Left { count, again: true } => {
            writeln!(io::stderr(), "{count} left, trying again")
        }
    };
}
