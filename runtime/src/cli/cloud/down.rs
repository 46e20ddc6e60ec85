//! `squall cloud down`: stops the processes of clouds.

use std::io::{self, Write as _};

use squall_topology::take_down::{TakeDownError, take_down};

use super::super::error::CliError;
use super::arguments::DownArguments;
use super::progress::Shown;
use super::site::{home, named, wrong};
use crate::exit::Exit;

/// Stops a cloud, or all of them.
pub(super) fn down(arguments: &DownArguments) -> Result<Exit, CliError> {
    let home = home()?;
    let names = if arguments.all { home.names() } else { vec![named(&home, &arguments.cloud)?] };
    let shown = Shown::new();
    let runtime = tokio::runtime::Runtime::new()?;
    for name in names {
        let ended = runtime.block_on(take_down(&home, &name, arguments.wipe, &shown));
        let ended = ended.map_err(|error| match error {
            TakeDownError::Site(error) => wrong(Exit::BadInput, error),
            error => wrong(Exit::Failed, error),
        })?;
        let kept = if arguments.wipe { "its data was removed" } else { "its data was kept" };
        writeln!(
            io::stdout(),
            "cloud `{name}` is down: {} processes stopped, {kept}",
            ended.len(),
        )?;
    }
    Ok(Exit::Ok)
}
