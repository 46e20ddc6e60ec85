//! `squall import`: converts a `tempest.conf` to settings.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::error::CliError;
use super::select;
use super::settings::features;
use crate::exit::Exit;
use crate::registry::Manifest;
use crate::settings::{Mistake, Text};
use crate::tempest_conf::{BadLine, import as take_over, report as tempest_report, squall_toml};

/// The arguments of `squall import`.
#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// The tempest.conf to read.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The cloud's name in clouds.yaml.
    #[arg(long, value_name = "NAME", default_value = "tempest")]
    cloud: String,
    /// The file to write the settings to [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show passwords in the suggested clouds.yaml entry.
    #[arg(long)]
    with_secrets: bool,
}

/// Writes the settings, and reports what became of every option.
///
/// With `--output`, the settings go to that file and the report to standard output; without,
/// the settings go to standard output and the report to standard error.
pub(super) fn import(
    arguments: &ImportArguments,
    manifests: &[Manifest],
) -> Result<Exit, CliError> {
    let ImportArguments { file, cloud, output, with_secrets } = arguments;
    let text = fs::read_to_string(file).map_err(|error| {
        let what = format!("cannot read {}: {error}", file.display());
        CliError::bad_input(what, "name a tempest.conf")
    })?;
    let name = file.display().to_string();
    let import = take_over(&name, &text, cloud).map_err(|bad| bad_lines(&name, &text, bad))?;
    let tests = select::all(manifests)?;
    let asked: Vec<&str> = features(&tests).collect();
    let (settings, report) = (squall_toml(&import), tempest_report(&import, &asked, *with_secrets));
    match output {
        None => {
            io::stdout().write_all(settings.as_bytes())?;
            io::stderr().write_all(report.as_bytes())?;
        }
        Some(output) => {
            write_new(output, &settings)?;
            io::stdout().write_all(report.as_bytes())?;
        }
    }
    Ok(Exit::Ok)
}

/// Writes a new file; existing settings are not overwritten.
fn write_new(path: &Path, text: &str) -> Result<(), CliError> {
    let written = File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        let what = format!("cannot write {}: {error}", path.display());
        let help = match error.kind() {
            ErrorKind::AlreadyExists => "name another file, or move the existing one away",
            _ => "name a writable file",
        };
        CliError::bad_input(what, help)
    })
}

fn bad_lines(name: &str, text: &str, bad: Vec<BadLine>) -> CliError {
    const HELP: &str =
        "a tempest.conf consists of groups `[compute]`, options `image_ref = …` and `#` comments";
    let text = Text::new(name, text);
    let mistakes = bad.into_iter().map(|BadLine { what, span, .. }| -> Mistake {
        text.mistake(span, what.to_owned(), HELP.to_owned())
    });
    CliError::several(mistakes.map(|mistake| Box::new(mistake) as _).collect())
}
