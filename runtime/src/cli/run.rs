//! `squall run`: from arguments to a supervised run.

use std::io;

use super::arguments::{Format, RunArguments};
use super::complaint::Complaint;
use super::exit::Exit;
use super::output::Output;
use super::report::colours;
use super::select::select;
use super::{list, runs};
use crate::client::config::CloudConfig;
use crate::plan::default_jobs;
use crate::registry::Manifest;
use crate::report::{Json, Live, Reporter, Terminal};
use crate::supervise::{self, Plan, SuperviseError};

/// Runs the tests that filters select.
pub(super) fn run(arguments: RunArguments, manifests: &[Manifest]) -> Result<Exit, Complaint> {
    let tests = select(&arguments.filters, manifests)?;
    if arguments.list {
        let format = match arguments.format {
            Format::Terminal => Output::Text,
            Format::Json => Output::Json,
        };
        list::write(&tests, format, io::stdout().lock())?;
        return Ok(Exit::Ok);
    }
    if let Some(name) = &arguments.cloud {
        known(name)?;
    }
    let mut reporters = reporters(&arguments);
    let plan = Plan {
        base: runs::base()?,
        program: std::env::current_exe()?,
        cloud: arguments.cloud,
        tests,
        selection: arguments.filters.join(" | "),
        jobs: arguments.jobs.unwrap_or_else(default_jobs),
        // Short enough to be typed again.
        seed: arguments.seed.unwrap_or_else(|| fastrand::u32(..).into()),
        timeout_scale: arguments.timeout_scale,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(supervise::run(plan, &mut reporters)).map_err(complain)?;
    Ok(outcome.exit)
}

fn complain(error: SuperviseError) -> Complaint {
    match error {
        SuperviseError::RunDir { .. } => {
            Complaint::bad_input(error, "start it in a directory that can be written")
        }
        SuperviseError::Start { .. } => {
            Complaint::new(Exit::Internal, error, "is there memory and room for processes?")
        }
    }
}

/// Reads a cloud's configuration, so that what is wrong with it is told before a
/// run starts.
fn known(cloud: &str) -> Result<(), Complaint> {
    CloudConfig::load(Some(cloud))?;
    Ok(())
}

fn reporters(arguments: &RunArguments) -> Vec<Box<dyn Reporter>> {
    use std::io::IsTerminal as _;
    let (out, err) = (io::stdout(), io::stderr());
    let live = Live::new(err.is_terminal(), colours(&err), arguments.show_output);
    let last: Box<dyn Reporter> = match arguments.format {
        Format::Terminal => {
            let colour = colours(&out);
            Box::new(Terminal::new(out, colour))
        }
        Format::Json => Box::new(Json::new(out)),
    };
    vec![Box::new(live), last]
}
