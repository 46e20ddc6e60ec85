//! The arguments that run the same tests again in the same way.

use std::path::Path;

use super::arguments::RunArguments;
use super::error::CliError;
use super::runs::base;
use crate::journal;
use crate::supervise::Plan;

/// Returns the arguments of `run` that select the same tests of the same cloud, with every option
/// that matters for the result. Paths are absolute, and `last` is replaced by the run it meant.
pub(super) fn again(arguments: &RunArguments, plan: &Plan) -> Result<Vec<String>, CliError> {
    let mut again = Vec::new();
    let mut option = |name: &str, value: String| again.extend([name.to_owned(), value]);
    match &arguments.cloud {
        Some(cloud) => option("--cloud", cloud.clone()),
        None => option("--seed", plan.seed.to_string()),
    }
    for (name, file) in [("--accounts", &arguments.accounts), ("--settings", &arguments.settings)] {
        if let Some(file) = file {
            option(name, absolute(file)?);
        }
    }
    option("--jobs", plan.jobs.to_string());
    #[expect(clippy::float_cmp, reason = "the default is exactly this")]
    if arguments.timeout_scale != 1.0 {
        option("--timeout-scale", arguments.timeout_scale.to_string());
    }
    if arguments.retries > 0 {
        option("--retries", arguments.retries.to_string());
    }
    for (class, most) in &arguments.at_most {
        option("--at-most", format!("{class}={most}"));
    }
    let select = &arguments.select;
    if let Some(file) = &select.tests_from {
        let is_stdin = file == Path::new("-");
        option("--tests-from", if is_stdin { "-".to_owned() } else { absolute(file)? });
    }
    if let Some(shard) = select.shard {
        option("--shard", shard.to_string());
    }
    if let Some(run) = &select.balance_by {
        option("--balance-by", resolved(run)?);
    }
    if let Some(run) = &select.rerun_failed {
        again.push(format!("--rerun-failed={}", resolved(run)?));
    }
    again.extend(select.filters.iter().cloned());
    Ok(again)
}

fn absolute(file: &Path) -> Result<String, CliError> {
    Ok(std::path::absolute(file)?.display().to_string())
}

/// Returns the whole id of a run.
fn resolved(run: &str) -> Result<String, CliError> {
    let dir = journal::find_run(&base()?, run)?;
    Ok(dir.file_name().map_or_else(|| run.to_owned(), |name| name.to_string_lossy().into_owned()))
}
