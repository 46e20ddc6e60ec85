//! What can be typed, and what the help says of it.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use super::output::Output;

use super::cloud::CloudCommand;
use super::drift::DriftArguments;
use super::import::ImportArguments;
use super::leaks::LeaksArguments;
use super::preflight::PreflightArguments;
use super::report::ReportArguments;
use super::spec::SpecCommand;
#[cfg(feature = "topology")]
use super::topology::TopologyCommand;
use crate::plan::Shard;

/// End-to-end tests for OpenStack clouds.
#[derive(Debug, Parser)]
#[command(
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = EXIT_CODES
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 all done, no test failed; 1 a test failed or something could not be undone; \
2 bad input; 3 the cloud does not let us in, or nothing ran; 4 a threshold was missed; \
70 a defect of this program; 130 interrupted.";

const FILTERS: &str = "\
A filter is a word that the test's id or name contains (`boot`), a pattern (`compute.*`), a \
/regular expression/, or questions with operators:
  service(compute) & kind(scenario) & !tag(slow)
Questions are id, test, suite, package, service, kind, tag, all, none; operators are & | ! and \
parentheses. Several filters select what any of them selects.";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run tests.
    #[command(after_help = FILTERS)]
    Run(RunArguments),
    /// List tests without running them.
    #[command(after_help = FILTERS)]
    List(ListArguments),
    /// Tell what a cloud is: services, quotas, images and so on, each with its source.
    Preflight(PreflightArguments),
    /// Take settings over from a tempest.conf, and tell what became of every option.
    Import(ImportArguments),
    /// Tell why a test would run on a cloud or be skipped there, and who says so.
    Why(WhyArguments),
    /// Show the report of a run again, in any form, or what changed between runs.
    Report(ReportArguments),
    /// List the runs kept below this directory.
    Runs,
    /// Hold what services implement against clients, schemas, tests, runs and documents.
    Drift(DriftArguments),
    /// Undo what a run made and could not undo itself.
    Cleanup(CleanupArguments),
    /// Tell whether runs left something at a cloud, by what it holds now and before.
    Leaks(LeaksArguments),
    /// Work with the specs of services, and with documents of your own.
    Spec {
        #[command(subcommand)]
        command: SpecCommand,
    },
    /// Work with topologies: what clouds are made of.
    #[cfg(feature = "topology")]
    Topology {
        #[command(subcommand)]
        command: TopologyCommand,
    },
    /// Work with real clouds on this machine, and with the embedded one.
    Cloud {
        #[command(subcommand)]
        command: CloudCommand,
    },
    /// Write the completions of a shell to standard output.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write the manual page to standard output, or all pages into a directory.
    Man {
        /// The directory for one page a subcommand.
        #[arg(long)]
        dir: Option<PathBuf>,
    },
    /// Run tests for a supervisor, which tells what on standard input.
    #[command(hide = true)]
    Worker,
}

/// Which tests are meant.
#[derive(Debug, Default, Args)]
pub(super) struct SelectArguments {
    /// Which tests; all where it is left out.
    #[arg(value_name = "FILTER")]
    pub(super) filters: Vec<String>,
    /// Only tests that did not pass in an earlier run: the last, or the one named.
    #[arg(
        long,
        value_name = "RUN",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "last"
    )]
    pub(super) rerun_failed: Option<String>,
    /// Only tests whose ids stand in a file, one a line; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub(super) tests_from: Option<PathBuf>,
    /// Only one part of several, as in `2/3`; every test is in exactly one.
    #[arg(long, value_name = "K/N")]
    pub(super) shard: Option<Shard>,
    /// The run whose durations balance the parts; the same one for each of them.
    #[arg(long, value_name = "RUN", requires = "shard")]
    pub(super) balance_by: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    #[command(flatten)]
    pub(super) select: SelectArguments,
    /// The cloud's name in clouds.yaml; an embedded cloud is started without.
    #[arg(long, value_name = "NAME", env = "SQUALL_CLOUD")]
    pub(super) cloud: Option<String>,
    /// Lend tests the accounts of a file, in the form of Tempest's accounts.yaml, and
    /// make no identities: the cloud's own credential needs no rights then.
    #[arg(long, value_name = "FILE", requires = "cloud")]
    pub(super) accounts: Option<PathBuf>,
    /// What was set by hand of the cloud [default: squall.toml, where it is there].
    #[arg(long, value_name = "FILE")]
    pub(super) settings: Option<PathBuf>,
    /// How many tests run at a time [default: twice the processors, 4 to 16].
    #[arg(short, long, value_name = "N", value_parser = jobs)]
    pub(super) jobs: Option<usize>,
    /// What the embedded cloud's ids are made from; a run prints its own.
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// What each deadline is multiplied by, for a slow cloud.
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = scale)]
    pub(super) timeout_scale: f64,
    /// Try a test that does not pass so many times again; one that then passes is
    /// counted as flaky and not as passed.
    #[arg(long, value_name = "N", default_value_t = 0,
          value_parser = clap::value_parser!(u32).range(0..=10))]
    pub(super) retries: u32,
    /// What standard output gets: a report at the end, or each event as it happens.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// Show what tests print, as it comes.
    #[arg(long)]
    pub(super) show_output: bool,
    /// How many things of a class tests may claim together; any number without.
    #[arg(long, value_name = "CLASS=N", value_parser = capacity)]
    pub(super) at_most: Vec<(String, u32)>,
    /// Run everything so many times, each a run of its own.
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(super) repeat: u32,
    /// Repeat until a run fails; with --repeat, so many times at most.
    #[arg(long)]
    pub(super) until_failure: bool,
    /// Go on with a run that was killed or interrupted: its tests without a verdict.
    #[arg(long, value_name = "RUN", conflicts_with_all = [
        "filters", "rerun_failed", "tests_from", "shard", "cloud", "repeat", "until_failure", "list",
    ])]
    pub(super) resume: Option<String>,
    /// List what would run, and run nothing.
    #[arg(long)]
    pub(super) list: bool,
}

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    #[command(flatten)]
    pub(super) select: SelectArguments,
    /// For people or for programs.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Output,
}

#[derive(Debug, Args)]
pub(super) struct WhyArguments {
    /// The test, by its id or by its path in the source.
    pub(super) test: String,
    /// The cloud's name in clouds.yaml; the embedded cloud without.
    #[arg(long, value_name = "NAME", env = "SQUALL_CLOUD")]
    pub(super) cloud: Option<String>,
    /// What was set by hand of the cloud [default: squall.toml, where it is there].
    #[arg(long, value_name = "FILE")]
    pub(super) settings: Option<PathBuf>,
    /// For people or for programs.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Output,
}

#[derive(Debug, Args)]
pub(super) struct CleanupArguments {
    /// The run: the start or end of its id, its directory, or `last`.
    pub(super) run: String,
    /// The cloud's name in clouds.yaml, where it is not the run's any more.
    #[arg(long, value_name = "NAME")]
    pub(super) cloud: Option<String>,
    /// The file of accounts that were lent to the run's tests.
    #[arg(long, value_name = "FILE")]
    pub(super) accounts: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// The address to listen on; loopback only, for anyone who reaches it may try.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", value_parser = loopback)]
    pub(super) bind: IpAddr,
    /// The port; 0 takes any that is free.
    #[arg(long, default_value_t = 0)]
    pub(super) port: u16,
    /// What its resource ids are made from.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// Say in one JSON line how it is reached, and end with standard input.
    #[arg(long, hide = true)]
    pub(super) handover: bool,
}

/// What a run is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Format {
    /// For people.
    #[default]
    Terminal,
    /// One JSON object a line.
    Json,
    /// Subunit version 2, as it happens.
    Subunit,
}

/// Reads this process's arguments; what is wrong with them ends it with code 2.
pub(super) fn parse() -> Command {
    let matches = command().get_matches();
    match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli.command,
        Err(error) => error.exit(),
    }
}

/// Gives the definition, under the name that this program was started by: a
/// plugin's is its own.
pub(super) fn command() -> clap::Command {
    let first: OsString = std::env::args_os().next().unwrap_or_default();
    let name = Path::new(&first).file_stem().and_then(|stem| stem.to_str()).unwrap_or("squall");
    Cli::command().name(name.to_owned()).bin_name(name.to_owned())
}

pub(super) fn jobs(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(jobs @ 1..=256) => Ok(jobs),
        _ => Err("give a number of tests, 1 to 256".to_owned()),
    }
}

fn capacity(text: &str) -> Result<(String, u32), String> {
    text.split_once('=')
        .and_then(|(class, most)| Some((class.to_owned(), most.parse().ok()?)))
        .filter(|(class, most)| !class.is_empty() && *most > 0)
        .ok_or_else(|| "give a class of things and a number, as in `servers=10`".to_owned())
}

fn scale(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(factor) if (0.01..=1000.0).contains(&factor) => Ok(factor),
        _ => Err("give a factor, 0.01 to 1000".to_owned()),
    }
}

fn loopback(text: &str) -> Result<IpAddr, String> {
    let address: IpAddr = text.parse().map_err(|_| "this is no IP address".to_owned())?;
    if address.is_loopback() {
        Ok(address)
    } else {
        Err("only a loopback address (127.0.0.1, ::1): it is a cloud for tests".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_address_that_others_reach_is_refused() {
        let wrong = ["squall", "cloud", "serve", "--bind", "0.0.0.0"];
        assert!(Cli::try_parse_from(wrong).unwrap_err().to_string().contains("loopback"));
    }
}
