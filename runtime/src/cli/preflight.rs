//! `squall preflight`: what a cloud is, before anything runs there.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use tokio::time::{Instant, interval_at};

use super::arguments::jobs;
use super::complaint::Complaint;
use super::exit::Exit;
use super::output::Output;
use super::visit::{name_of, visit};
use super::{select, settings};
use crate::client::Session;
use crate::plan::default_jobs;
use crate::preflight::{Options, Progress, Report, look, text};
use crate::registry::Manifest;

/// How long whoever waits hears nothing.
const QUIET: Duration = Duration::from_secs(1);

/// What `squall preflight` takes.
#[derive(Debug, Args)]
pub(super) struct PreflightArguments {
    /// The cloud's name in clouds.yaml; the embedded cloud without.
    #[arg(long, value_name = "NAME", env = "SQUALL_CLOUD")]
    cloud: Option<String>,
    /// What was set by hand [default: squall.toml, where it is there].
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// How many tests are to run at a time [default: as `run` has it].
    #[arg(short, long, value_name = "N", value_parser = jobs)]
    jobs: Option<usize>,
    /// For people or for programs.
    #[arg(long, value_enum, default_value_t)]
    format: Output,
    /// The file to write to, in place of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Looks at a cloud and writes what was found; code 1 where there are problems.
pub(super) fn preflight(
    arguments: &PreflightArguments,
    manifests: &[Manifest],
) -> Result<Exit, Complaint> {
    let tests = select::all(manifests)?;
    let name = name_of(arguments.cloud.as_deref());
    let options = Options {
        settings: settings::read(arguments.settings.as_deref(), &tests)?.of(name),
        jobs: arguments.jobs.unwrap_or_else(default_jobs),
        features: settings::features(&tests).map(str::to_owned).collect(),
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let report = runtime.block_on(visit(
        arguments.cloud.as_deref(),
        "preflight",
        async |session: Session| told(&session, name, &options).await,
    ))?;
    let written = match arguments.format {
        Output::Text => text(&report),
        Output::Json => serde_json::to_string(&report)? + "\n",
    };
    match &arguments.output {
        None => io::stdout().write_all(written.as_bytes())?,
        Some(file) => fs::write(file, written).map_err(|error| {
            let what = format!("cannot write {}: {error}", file.display());
            Complaint::bad_input(what, "name a file that can be written")
        })?,
    }
    Ok(if report.problems.is_empty() { Exit::Ok } else { Exit::Failed })
}

/// Looks, and says so while it takes longer than anybody waits without a word.
async fn told(session: &Session, name: &str, options: &Options) -> Result<Report, Complaint> {
    let progress = Progress::default();
    let look = look(session, name, options, &progress);
    tokio::pin!(look);
    let mut waited = interval_at(Instant::now() + QUIET, QUIET);
    loop {
        tokio::select! {
            report = &mut look => {
                return report.map_err(|error| Complaint::not_let_in(error, name));
            }
            _ = waited.tick() => {
                let (done, all) = (progress.done(), Progress::STEPS);
                // Whoever read standard error may have gone; the report still comes.
                let _ = writeln!(io::stderr(), "asking {name}: {done} of {all} parts answered");
            }
        }
    }
}
