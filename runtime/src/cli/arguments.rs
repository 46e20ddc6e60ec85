//! The command line's arguments and their help texts.

use std::env;
use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::Resettable;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use super::output::Output;

use super::cloud::CloudCommand;
use super::drift::DriftArguments;
use super::findings::FindingsArguments;
use super::import::ImportArguments;
use super::leaks::LeaksArguments;
use super::policy::PolicyCommand;
use super::preflight::PreflightArguments;
use super::report::ReportArguments;
use super::select::SelectArguments;
use super::spec::SpecCommand;
#[cfg(feature = "topology")]
use super::topology::TopologyCommand;
use super::values::{capacity, number, percent, scale, whole};
use crate::program;

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
Exit codes: 0 success; 1 a test failed, a check found a problem, or something created was not \
removed; 2 invalid input; 3 the cloud refused access, or no test ran; 4 below a threshold; \
70 internal error; 130 interrupted.";

const FILTERS: &str = "\
A filter is a word that the test's id or name contains (`boot`), a pattern (`compute.*`), a \
/regular expression/, or predicates with operators:
  service(compute) & kind(scenario) & !tag(negative)
Predicates are id, test, suite, package, service, kind, tag, all, none; operators are & | ! and \
parentheses. A test is selected when any of the filters selects it.";

const COMPARE_EXAMPLES: &str = "\
Examples:
  {program} compare --cloud staging
  {program} compare --cloud 2026.1 --cloud 2026.2 'kind(contract)'
  {program} compare --cloud staging 'service(network)' --format json -o apart.json
  {program} compare --run 8e4f --run last --fail-under 85

The tests run on one cloud after the other. Statuses, names of errors, and the fields of bodies \
with their types are compared, request by request; values are not. A test that one of the clouds \
does not run is counted with its reason, and none of its requests are compared.";

const PROVE_EXAMPLES: &str = "\
Examples:
  {program} prove 'service(volume)'
  {program} prove --sample 20 --seed 7
  {program} prove 'id(acme.rockets.*)' --accept unnoticed.txt --format json -o proof.json

The tests run once as they are. Then each operation that the body of a test sends to change \
something is pretended, in a run of its own: the embedded cloud answers as if it had worked, and \
nothing changes. A test that passes nevertheless proves nothing about that operation. Operations \
that would have changed nothing do not count. Fixtures, identities and cleanup are never pretended.

Exit codes: 0 all is noticed or accepted; 1 something is not; 2 invalid input; 3 no test ran.";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run tests.
    #[command(after_help = FILTERS)]
    Run(RunArguments),
    /// List tests without running them.
    #[command(after_help = FILTERS)]
    List(ListArguments),
    /// Show what a cloud offers (services, quotas, images …), with the source of each fact.
    Preflight(PreflightArguments),
    /// Convert a tempest.conf to settings, and report what became of every option.
    Import(ImportArguments),
    /// Explain why a test would run or be skipped on a cloud.
    Why(WhyArguments),
    /// Show the report of a run, in any format, or compare runs.
    Report(ReportArguments),
    /// Show what the tests of a run hold against the services, grouped by cause.
    Findings(FindingsArguments),
    /// Send the same requests to two clouds, and report where they answer differently.
    #[command(after_help = COMPARE_EXAMPLES)]
    Compare(CompareArguments),
    /// Check that tests notice when what they do has no effect.
    #[command(after_help = PROVE_EXAMPLES)]
    Prove(ProveArguments),
    /// Show what the policies of services let each persona do.
    Policy {
        #[command(subcommand)]
        command: PolicyCommand,
    },
    /// List the runs kept in this directory.
    Runs(RunsArguments),
    /// Report how much of each service's API has a client, schema, test and documentation.
    Drift(DriftArguments),
    /// Remove what a run created and could not remove itself.
    Cleanup(CleanupArguments),
    /// Look for resources that runs left behind on a cloud.
    Leaks(LeaksArguments),
    /// Show the specs of services, and check OpenAPI documents of your own.
    Spec {
        #[command(subcommand)]
        command: SpecCommand,
    },
    /// Show and check topologies: what real clouds are made of.
    #[cfg(feature = "topology")]
    Topology {
        #[command(subcommand)]
        command: TopologyCommand,
    },
    /// Manage real clouds on this machine, and serve the embedded one.
    Cloud {
        #[command(subcommand)]
        command: CloudCommand,
    },
    /// Write shell completions to standard output.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write the manual page to standard output, or all pages into a directory.
    Man {
        /// The directory to write one page per subcommand to.
        #[arg(long)]
        dir: Option<PathBuf>,
    },
    /// Run tests for a supervisor, which sends the assignment on standard input.
    #[command(hide = true)]
    Worker,
}

/// What to do with the runs that are kept.
#[derive(Debug, Args)]
pub(super) struct RunsArguments {
    /// First remove all runs but the newest N. Runs that are under way, or whose ledger
    /// has entries that are not undone, are never removed.
    #[arg(long, value_name = "N", value_parser = whole::<usize>, allow_negative_numbers = true)]
    pub(super) keep: Option<usize>,
}

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    #[command(flatten)]
    pub(super) select: SelectArguments,
    /// A cloud of clouds.yaml, or one brought up here [default: start an embedded cloud].
    #[arg(long, value_name = "NAME", env = "SQUALL_CLOUD")]
    pub(super) cloud: Option<String>,
    /// Use the accounts of a file in the format of Tempest's accounts.yaml instead of
    /// creating identities; the cloud's own credential then needs no admin role.
    #[arg(long, value_name = "FILE", requires = "cloud")]
    pub(super) accounts: Option<PathBuf>,
    #[command(flatten)]
    pub(super) conduct: Conduct,
    /// The format of standard output: a report at the end, or events as they happen.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// Repeat the whole selection N times, each as a run of its own.
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = number(1..=10_000_u32), allow_negative_numbers = true)]
    pub(super) repeat: u32,
    /// Repeat until a run fails; with --repeat, at most N times.
    #[arg(long)]
    pub(super) until_failure: bool,
    /// Keep what the cloud answers in this directory, by operation, version and status, without
    /// ids, names and secrets. `cargo xtask observe DIR` compares it with the specs.
    #[arg(long, value_name = "DIR")]
    pub(super) observe: Option<PathBuf>,
    /// Let the embedded cloud pretend this operation when a test's body sends it: it answers as if
    /// the operation had worked, and nothing changes. May be given several times.
    #[arg(long, value_name = "OPERATION", conflicts_with = "cloud")]
    pub(super) pretend: Vec<String>,
    /// Resume a run that was killed or interrupted: run its tests without a verdict.
    #[arg(long, value_name = "RUN", conflicts_with_all = [
        "filters", "rerun_failed", "tests_from", "shard", "cloud", "repeat", "until_failure", "pretend",
        "list",
    ])]
    pub(super) resume: Option<String>,
    /// List the selected tests without running them.
    #[arg(long)]
    pub(super) list: bool,
}

impl RunArguments {
    /// Returns the arguments of one run of the selected tests, for a command that starts runs
    /// itself.
    pub(super) fn of_one(select: SelectArguments, cloud: Option<String>, conduct: Conduct) -> Self {
        Self {
            select,
            cloud,
            accounts: None,
            conduct,
            format: Format::Terminal,
            repeat: 1,
            until_failure: false,
            observe: None,
            pretend: Vec::new(),
            resume: None,
            list: false,
        }
    }
}

/// How tests are run: what `run` and `compare` have in common.
#[derive(Debug, Clone, Args)]
pub(super) struct Conduct {
    /// The file with settings for the cloud [default: squall.toml, if it exists].
    #[arg(long, value_name = "FILE")]
    pub(super) settings: Option<PathBuf>,
    /// How many tests run at a time [default: two per processor, 4 to 16; on the
    /// embedded cloud four, 8 to 16].
    #[arg(short, long, value_name = "N", value_parser = number(1..=256_usize),
          allow_negative_numbers = true)]
    pub(super) jobs: Option<usize>,
    /// The seed of the embedded cloud's ids [default: random; every run prints its seed].
    #[arg(long, value_name = "N", value_parser = whole::<u64>, allow_negative_numbers = true)]
    pub(super) seed: Option<u64>,
    /// Multiply every timeout by this factor, for a slow cloud.
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = scale,
          allow_negative_numbers = true)]
    pub(super) timeout_scale: f64,
    /// Retry a test that does not pass up to N times; one that passes on a retry counts
    /// as flaky, not as passed.
    #[arg(long, value_name = "N", default_value_t = 0,
          value_parser = number(0..=10_u32), allow_negative_numbers = true)]
    pub(super) retries: u32,
    /// Limit how many resources of a class the running tests may claim [default: no limit].
    #[arg(long, value_name = "CLASS=N", value_parser = capacity)]
    pub(super) at_most: Vec<(String, u32)>,
    /// Show what tests print, as they print it.
    #[arg(long)]
    pub(super) show_output: bool,
}

#[derive(Debug, Args)]
pub(super) struct CompareArguments {
    #[command(flatten)]
    pub(super) select: SelectArguments,
    /// A cloud of clouds.yaml, or one brought up here; `embedded` for the embedded one. Given
    /// twice, the two are compared; given once, it is compared with the embedded cloud.
    #[arg(long = "cloud", value_name = "NAME", required_unless_present = "runs")]
    pub(super) clouds: Vec<String>,
    /// Compare two runs that are there, without running anything: ids, directories, or `last`.
    #[arg(long = "run", value_name = "RUN", conflicts_with_all = ["clouds", "filters"])]
    pub(super) runs: Vec<String>,
    #[command(flatten)]
    pub(super) conduct: Conduct,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: AgreementFormat,
    /// The file to write the comparison to [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Exit with code 4 if the clouds agree on less than this percentage of the requests.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(super) fail_under: Option<f64>,
}

#[derive(Debug, Args)]
pub(super) struct ProveArguments {
    #[command(flatten)]
    pub(super) select: SelectArguments,
    /// Try only N of the selected tests, chosen at random by the seed.
    #[arg(long, value_name = "N", value_parser = number(1..=100_000_usize),
          allow_negative_numbers = true)]
    pub(super) sample: Option<usize>,
    /// The seed of the sample, and of the embedded clouds' ids [default: random; it is printed].
    #[arg(long, value_name = "N", value_parser = whole::<u64>, allow_negative_numbers = true)]
    pub(super) seed: Option<u64>,
    /// How many tests run at a time [default: four per processor, 8 to 16].
    #[arg(short, long, value_name = "N", value_parser = number(1..=256_usize),
          allow_negative_numbers = true)]
    pub(super) jobs: Option<usize>,
    /// The file with settings for the cloud [default: squall.toml, if it exists].
    #[arg(long, value_name = "FILE")]
    pub(super) settings: Option<PathBuf>,
    /// A list of what need not be noticed: a test, an operation and a reason in each line.
    #[arg(long, value_name = "FILE")]
    pub(super) accept: Option<PathBuf>,
    /// List what is noticed as well, and how.
    #[arg(long)]
    pub(super) all: bool,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: AgreementFormat,
    /// The file to write the result to [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// The output format of a comparison of clouds, or of a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum AgreementFormat {
    /// A report for people.
    #[default]
    Terminal,
    /// One JSON document.
    Json,
}

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    #[command(flatten)]
    pub(super) select: SelectArguments,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Output,
}

#[derive(Debug, Args)]
pub(super) struct WhyArguments {
    /// The test's id, or its path in the source.
    pub(super) test: String,
    /// A cloud of clouds.yaml, or one brought up here [default: an embedded cloud].
    #[arg(long, value_name = "NAME", env = "SQUALL_CLOUD")]
    pub(super) cloud: Option<String>,
    /// The file with settings for the cloud [default: squall.toml, if it exists].
    #[arg(long, value_name = "FILE")]
    pub(super) settings: Option<PathBuf>,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Output,
}

#[derive(Debug, Args)]
pub(super) struct CleanupArguments {
    /// The run: the beginning or end of its id, its directory, or `last`.
    pub(super) run: String,
    /// The cloud's name, if it has changed since the run.
    #[arg(long, value_name = "NAME")]
    pub(super) cloud: Option<String>,
    /// The accounts file that the run used.
    #[arg(long, value_name = "FILE")]
    pub(super) accounts: Option<PathBuf>,
}

/// The output format of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Format {
    /// A report for people, at the end.
    #[default]
    Terminal,
    /// Every event as it happens, one JSON object per line.
    Json,
    /// Subunit version 2, as tests start and finish.
    Subunit,
}

/// Parses this process's arguments; exits with code 2 if they are invalid.
pub(super) fn parse() -> Command {
    let matches = without_empty_variables(command()).get_matches();
    match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli.command,
        Err(error) => error.exit(),
    }
}

/// Lets a variable of the environment that is empty count as unset, here and in all subcommands: CI
/// systems set one to nothing where a user left it out.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |name: &OsStr| env::var_os(name).is_some_and(|value| value.is_empty());
    let command = command.mut_args(|arg| match arg.get_env() {
        Some(name) if is_empty(name) => arg.env(Resettable::Reset),
        _ => arg,
    });
    command.mut_subcommands(without_empty_variables)
}

/// Returns the definition of the command line, under the name of the running program.
pub(super) fn command() -> clap::Command {
    named(Cli::command().name(program::file_stem()).bin_name(program::name()))
}

/// What stands for the program's name in the examples of help texts.
pub(super) const PROGRAM: &str = "{program}";

/// Fills the program's name in, here and in all subcommands.
fn named(command: clap::Command) -> clap::Command {
    let help = command.get_after_help().map(ToString::to_string);
    let command = match help {
        Some(help) => command.after_help(help.replace(PROGRAM, program::name())),
        None => command,
    };
    command.mut_subcommands(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_address_that_others_reach_is_refused() {
        let wrong = ["squall", "cloud", "serve", "--bind", "0.0.0.0"];
        assert!(Cli::try_parse_from(wrong).unwrap_err().to_string().contains("loopback"));
    }
}
