//! `squall import`: settings out of a `tempest.conf`.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::complaint::Complaint;
use super::exit::Exit;
use super::select;
use super::settings::features;
use crate::registry::Manifest;
use crate::settings::{Mistake, Text};
use crate::tempest_conf::{BadLine, import as take_over, report, squall_toml};

/// What `squall import` takes.
#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// The file, in the form of Tempest's tempest.conf.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What the cloud is called in clouds.yaml.
    #[arg(long, value_name = "NAME", default_value = "tempest")]
    cloud: String,
    /// The file to write the settings to; standard output without.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show passwords in what is told for clouds.yaml.
    #[arg(long)]
    with_secrets: bool,
}

/// Writes the settings, and tells what became of every option.
///
/// The settings go to the file, or else to standard output; what is told, to the other:
/// standard output, or else standard error.
pub(super) fn import(
    arguments: &ImportArguments,
    manifests: &[Manifest],
) -> Result<Exit, Complaint> {
    let ImportArguments { file, cloud, output, with_secrets } = arguments;
    let text = fs::read_to_string(file).map_err(|error| {
        let what = format!("cannot read {}: {error}", file.display());
        Complaint::bad_input(what, "name a tempest.conf")
    })?;
    let name = file.display().to_string();
    let import = take_over(&name, &text, cloud).map_err(|bad| complain(&name, &text, bad))?;
    let tests = select::all(manifests)?;
    let asked: Vec<&str> = features(&tests).collect();
    let (settings, told) = (squall_toml(&import), report(&import, &asked, *with_secrets));
    match output {
        None => {
            io::stdout().write_all(settings.as_bytes())?;
            io::stderr().write_all(told.as_bytes())?;
        }
        Some(output) => {
            write_new(output, &settings)?;
            io::stdout().write_all(told.as_bytes())?;
        }
    }
    Ok(Exit::Ok)
}

/// Writes a file that is not there yet: settings that somebody wrote are not lost.
fn write_new(path: &Path, text: &str) -> Result<(), Complaint> {
    let written = File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        let what = format!("cannot write {}: {error}", path.display());
        let help = match error.kind() {
            ErrorKind::AlreadyExists => "name another file, or move this one away",
            _ => "name a file that can be written",
        };
        Complaint::bad_input(what, help)
    })
}

fn complain(name: &str, text: &str, bad: Vec<BadLine>) -> Complaint {
    const HELP: &str = "a tempest.conf has groups `[compute]`, options `image_ref = …` and `#`";
    let text = Text::new(name, text);
    let mistakes = bad.into_iter().map(|BadLine { what, span, .. }| -> Mistake {
        text.mistake(span, what.to_owned(), HELP.to_owned())
    });
    Complaint::several(mistakes.map(|mistake| Box::new(mistake) as _).collect())
}
