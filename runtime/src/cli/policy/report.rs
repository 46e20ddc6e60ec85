//! `squall policy report`: the matrix of a run, from its journal.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::destination::Destination;
use crate::cli::error::CliError;
use crate::cli::report::entries;
use crate::cli::runs::base;
use crate::cli::values::percent;
use crate::client::clean;
use crate::exit::Exit;
use crate::journal;
use crate::report::PolicyReport;
use crate::services;

const EXAMPLES: &str = "\
Examples:
  {program} policy report
  {program} policy report 8e4f --format html -o policy.html
  {program} policy report --format sarif -o policy.sarif
  {program} policy report --fail-under 90

A rule counts as exercised if at least three personas have a decided verdict for it. Rules that no \
operation checks are parts of others, and do not count.

Exit codes: 0 the report is written; 2 invalid input; 4 less is exercised than --fail-under asks for.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct ReportArguments {
    /// The run: the beginning or end of its id, its directory, or `last`.
    #[arg(default_value = "last")]
    run: String,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: PolicyFormat,
    /// The file to write the report to [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Name all rules that were not exercised.
    #[arg(long)]
    all: bool,
    /// Exit with code 4 if less than this percentage of the rules was exercised.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    fail_under: Option<f64>,
}

/// The output format of a policy report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum PolicyFormat {
    /// A report for people.
    #[default]
    Terminal,
    /// One JSON document.
    Json,
    /// A self-contained page with the matrix.
    Html,
    /// The deviations as SARIF 2.1.0, for programs that show findings beside code.
    Sarif,
}

/// Shows the policy report of a run.
pub(super) fn report(arguments: &ReportArguments) -> Result<Exit, CliError> {
    let entries = entries(&journal::find_run(&base()?, &arguments.run)?)?;
    let report = PolicyReport::of(&entries, &services::policy_rules());
    let mut out = Destination::open(arguments.output.as_deref())?;
    let text = match arguments.format {
        PolicyFormat::Terminal => {
            let colours = out.colours();
            clean::printed(&report.terminal(arguments.all, colours), colours).into_owned()
        }
        PolicyFormat::Json => report.json()?,
        PolicyFormat::Html => report.html()?,
        PolicyFormat::Sarif => report.sarif()?,
    };
    out.write_all(text.as_bytes())?;
    out.close("policy report")?;
    match arguments.fail_under {
        Some(least) if report.percent() < least => {
            let share = report.percent();
            writeln!(
                io::stderr(),
                "policy: {share:.1} % of the rules are exercised, not {least} %"
            )?;
            Ok(Exit::Missed)
        }
        _ => Ok(Exit::Ok),
    }
}
