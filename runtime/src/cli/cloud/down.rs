//! `squall cloud down`: no process of a cloud is left.

use std::io::{self, Write as _};

use squall_topology::take_down::{TakeDownError, take_down};

use super::super::complaint::Complaint;
use super::super::exit::Exit;
use super::arguments::DownArguments;
use super::progress::Shown;
use super::site::{home, named, wrong};

/// Takes a cloud down, or all of them.
pub(super) fn down(arguments: &DownArguments) -> Result<Exit, Complaint> {
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
        let kept =
            if arguments.wipe { "and nothing of it is kept" } else { "and its state is kept" };
        writeln!(
            io::stdout(),
            "cloud `{name}` is down: {} processes were ended, {kept}",
            ended.len(),
        )?;
    }
    Ok(Exit::Ok)
}
