//! The arguments of `squall report`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::values::number;

const EXAMPLES: &str = "\
Examples:
  {program} report
  {program} report last --format html -o run.html
  {program} report 8e4f --format subunit | subunit-stats
  {program} report --format junit -o results.xml
  {program} report compare --last 2

A run that is in progress or was killed can be reported too; its tests without a verdict \
are counted as such.";

const COMPARE_EXAMPLES: &str = "\
Examples:
  {program} report compare 8e4f last
  {program} report compare --last 5 --format html -o trend.html
  {program} report compare before.d after.d --fail-on-regression

The last run is compared with the earlier ones. A test is newly failing if it fails there \
and did not fail the previous time it ran. Given three or more runs, a test that changed \
between passing and failing at least twice is flaky, and in no other class.";

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub(in crate::cli) struct ReportArguments {
    #[command(subcommand)]
    pub(super) command: Option<ReportCommand>,
    #[command(flatten)]
    pub(super) of: OneArguments,
}

#[derive(Debug, Subcommand)]
pub(super) enum ReportCommand {
    /// Show what changed between runs.
    #[command(after_help = COMPARE_EXAMPLES)]
    Compare(CompareArguments),
}

#[derive(Debug, Args)]
pub(super) struct OneArguments {
    /// The run: the beginning or end of its id, its directory, or `last`.
    #[arg(default_value = "last")]
    pub(super) run: String,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: ReportFormat,
    /// The file to write the report to [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct CompareArguments {
    /// The runs, oldest first: ids, directories, or `last`.
    #[arg(value_name = "RUN", required_unless_present = "last")]
    pub(super) runs: Vec<String>,
    /// Compare the last N runs instead of named ones.
    #[arg(long, value_name = "N", conflicts_with = "runs",
          value_parser = number(2..=1000_u16), allow_negative_numbers = true)]
    pub(super) last: Option<u16>,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: CompareFormat,
    /// The file to write the report to [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Exit with code 1 if a test is newly failing, was removed, or did not run.
    #[arg(long)]
    pub(super) fail_on_regression: bool,
}

/// The output format of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum ReportFormat {
    /// A report for people.
    #[default]
    Terminal,
    /// The run's events, one JSON object per line.
    Json,
    /// Counts, causes, tests and operations as one JSON document.
    Summary,
    /// Subunit version 2, for the tools of OpenStack's CI.
    Subunit,
    /// JUnit XML.
    #[expect(clippy::doc_markdown, reason = "the help shows it verbatim")]
    Junit,
    /// A self-contained page.
    Html,
}

/// The output format of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum CompareFormat {
    /// A report for people.
    #[default]
    Terminal,
    /// One JSON document.
    Json,
    /// A self-contained page.
    Html,
}
