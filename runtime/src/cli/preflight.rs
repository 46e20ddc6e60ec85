//! `squall preflight`: what a cloud offers, before anything runs there.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use tokio::time::{Instant, interval_at};

use super::error::CliError;
use super::output::{Output, print_text};
use super::session::{name_of, with_session};
use super::values::number;
use super::{select, settings};
use crate::client::Session;
use crate::exit::Exit;
use crate::plan::default_jobs;
use crate::preflight::{Options, Progress, Report, examine, text};
use crate::registry::Manifest;

/// How often progress is shown.
const QUIET: Duration = Duration::from_secs(1);

/// The arguments of `squall preflight`.
#[derive(Debug, Args)]
pub(super) struct PreflightArguments {
    /// A cloud of clouds.yaml, or one brought up here [default: an embedded cloud].
    #[arg(long, value_name = "NAME", env = "SQUALL_CLOUD")]
    cloud: Option<String>,
    /// The file with settings for the cloud [default: squall.toml, if it exists].
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// How many tests will run at a time [default: as for `run`].
    #[arg(short, long, value_name = "N", value_parser = number(1..=256_usize),
          allow_negative_numbers = true)]
    jobs: Option<usize>,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Output,
    /// The file to write to [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Examines a cloud and writes a report; exit code 1 if there are problems.
pub(super) fn preflight(
    arguments: &PreflightArguments,
    manifests: &[Manifest],
) -> Result<Exit, CliError> {
    let tests = select::all(manifests)?;
    let name = name_of(arguments.cloud.as_deref());
    let options = Options {
        settings: settings::read(arguments.settings.as_deref(), &tests)?.of(name),
        jobs: arguments.jobs.unwrap_or_else(|| default_jobs(arguments.cloud.as_deref())),
        features: settings::features(&tests).map(str::to_owned).collect(),
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let report = runtime.block_on(with_session(
        arguments.cloud.as_deref(),
        "preflight",
        async |session: Session| with_progress(&session, name, &options).await,
    ))?;
    let written = match arguments.format {
        Output::Text => text(&report),
        Output::Json => serde_json::to_string(&report)? + "\n",
    };
    match &arguments.output {
        None if matches!(arguments.format, Output::Text) => print_text(&written)?,
        None => io::stdout().write_all(written.as_bytes())?,
        Some(file) => fs::write(file, written).map_err(|error| {
            let what = format!("cannot write {}: {error}", file.display());
            CliError::bad_input(what, "name a writable file")
        })?,
    }
    Ok(if report.problems.is_empty() { Exit::Ok } else { Exit::Failed })
}

/// Examines the cloud, and shows progress when it takes longer than a second.
async fn with_progress(
    session: &Session,
    name: &str,
    options: &Options,
) -> Result<Report, CliError> {
    let progress = Progress::default();
    let report = examine(session, name, options, &progress);
    tokio::pin!(report);
    let mut waited = interval_at(Instant::now() + QUIET, QUIET);
    loop {
        tokio::select! {
            report = &mut report => {
                return report.map_err(|error| CliError::access_denied(error, name));
            }
            _ = waited.tick() => {
                let (done, all) = (progress.done(), Progress::STEPS);
                // Standard error may be closed; the report still follows.
                let _ = writeln!(io::stderr(), "examining {name}: {done} of {all} parts done");
            }
        }
    }
}
