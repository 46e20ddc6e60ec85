//! What can be typed after `squall report`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  squall report                                     the last run again
  squall report last --format html -o run.html      a page that needs nothing else
  squall report 8e4f --format subunit | subunit-stats
  squall report --format junit -o results.xml
  squall report compare --last 2                    what changed since the run before

A run that was killed or goes on can be reported as well: tests without a verdict are
counted as such.";

const COMPARE_EXAMPLES: &str = "\
Examples:
  squall report compare 8e4f last
  squall report compare --last 5 --format html -o trend.html
  squall report compare before.d after.d --fail-on-regression

The last of the runs is held against those before it. A test is newly failing when it
fails there and did not fail the last time it ran before; with three runs and more, one
that changed twice or more between passing and failing is flaky and in no other list.";

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
    /// The run: the start or end of its id, its directory, or `last`.
    #[arg(default_value = "last")]
    pub(super) run: String,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: ReportFormat,
    /// The file to write the report to, in place of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct CompareArguments {
    /// The runs, the oldest first: ids, directories, or `last`.
    #[arg(value_name = "RUN", required_unless_present = "last")]
    pub(super) runs: Vec<String>,
    /// The last so many runs, in place of naming them.
    #[arg(long, value_name = "N", conflicts_with = "runs",
          value_parser = clap::value_parser!(u16).range(2..))]
    pub(super) last: Option<u16>,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: CompareFormat,
    /// The file to write the report to, in place of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// End with code 1 when a test is newly failing or did not run any more.
    #[arg(long)]
    pub(super) fail_on_regression: bool,
}

/// What a run is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum ReportFormat {
    /// For people.
    #[default]
    Terminal,
    /// The run's events, one JSON object a line.
    Json,
    /// Counts, causes, tests and operations as one JSON document.
    Summary,
    /// Subunit version 2, for the tools of OpenStack's CI.
    Subunit,
    /// JUnit's XML.
    #[expect(clippy::doc_markdown, reason = "the help shows it as it stands")]
    Junit,
    /// A page that needs nothing else.
    Html,
}

/// What a comparison is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum CompareFormat {
    /// For people.
    #[default]
    Terminal,
    /// One JSON document.
    Json,
    /// A page that needs nothing else.
    Html,
}
