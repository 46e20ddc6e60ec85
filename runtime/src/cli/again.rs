//! The arguments that run the same tests again in the same way.

use std::path::Path;

use super::arguments::RunArguments;
use super::error::CliError;
use super::runs::base;
use crate::journal;

/// Returns the arguments of `run` that select the same tests of the same cloud, with every option
/// that matters for the result. Paths are absolute, and `last` is replaced by the run it meant.
pub(super) fn again(
    arguments: &RunArguments,
    jobs: usize,
    seed: u64,
) -> Result<Vec<String>, CliError> {
    let mut again = Vec::new();
    let mut option = |name: &str, value: String| again.extend([name.to_owned(), value]);
    match &arguments.cloud {
        Some(cloud) => option("--cloud", cloud.clone()),
        None => option("--seed", seed.to_string()),
    }
    let conduct = &arguments.conduct;
    for (name, file) in [("--accounts", &arguments.accounts), ("--settings", &conduct.settings)] {
        if let Some(file) = file {
            option(name, absolute(file)?);
        }
    }
    option("--jobs", jobs.to_string());
    #[expect(clippy::float_cmp, reason = "the default is exactly this")]
    if conduct.timeout_scale != 1.0 {
        option("--timeout-scale", conduct.timeout_scale.to_string());
    }
    if conduct.retries > 0 {
        option("--retries", conduct.retries.to_string());
    }
    for (class, most) in &conduct.at_most {
        option("--at-most", format!("{class}={most}"));
    }
    for operation in &arguments.pretend {
        option("--pretend", operation.clone());
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

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Program {
        #[command(flatten)]
        run: RunArguments,
    }

    fn parse<A: AsRef<str>>(arguments: &[A]) -> RunArguments {
        let arguments = arguments.iter().map(|argument| argument.as_ref().to_owned());
        Program::parse_from(std::iter::once("run".to_owned()).chain(arguments)).run
    }

    #[test]
    fn arguments_of_every_form_give_the_same_run_again() {
        let given = [
            "--cloud",
            "my cloud",
            "--settings",
            "/etc/squall.toml",
            "--jobs",
            "3",
            "--timeout-scale",
            "2.5",
            "--retries",
            "2",
            "--at-most",
            "servers=4",
            "--at-most",
            "volumes=2",
            "--tests-from",
            "-",
            "--shard",
            "2/3",
            "compute",
            "!tag(slow)",
        ];
        let list = again(&parse(&given), 3, 1).unwrap();
        assert_eq!(list, given);
        // What is given is given again, by the one who runs the list.
        assert_eq!(again(&parse(&list), 3, 1).unwrap(), list);
        let pretending = ["--seed", "7", "--jobs", "4", "--pretend", "compute.servers.stop", "a"];
        assert_eq!(again(&parse(&pretending), 4, 7).unwrap(), pretending);
        let bare = again(&parse(&["compute"]), 4, 7).unwrap();
        assert_eq!(bare, ["--seed", "7", "--jobs", "4", "compute"]);
    }
}
