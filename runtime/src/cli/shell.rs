//! Shell completions and manual pages, generated from the definition of the arguments.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use clap_complete::Shell;

use super::arguments::command;
use super::error::CliError;
use crate::exit::Exit;

/// Writes completions to standard output.
pub(super) fn completions(shell: Shell) -> Exit {
    let mut command = command();
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, &mut command, name, &mut io::stdout());
    Exit::Ok
}

/// Writes the manual page to standard output, or all pages into `dir`.
pub(super) fn man(dir: Option<&Path>) -> Result<Exit, CliError> {
    let Some(dir) = dir else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command()).render(&mut page)?;
        io::stdout().write_all(&page)?;
        return Ok(Exit::Ok);
    };
    let written = fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(command(), dir));
    written.map(|()| Exit::Ok).map_err(|error| {
        let what = format!("cannot write manual pages to {}: {error}", dir.display());
        CliError::bad_input(what, "name a writable directory")
    })
}
