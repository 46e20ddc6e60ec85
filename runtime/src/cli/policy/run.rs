//! `squall policy run`: runs the matrix, and shows what it saw.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::arguments::{Conduct, RunArguments};
use crate::cli::error::CliError;
use crate::cli::output::{colours, columns};
use crate::cli::report::entries;
use crate::cli::run;
use crate::cli::runs;
use crate::cli::select::{SelectArguments, all, select};
use crate::client::clean;
use crate::derived::policy::Policies;
use crate::exit::Exit;
use crate::journal::Event;
use crate::policy_files::ServicePolicyFiles;
use crate::program;
use crate::registry::Manifest;
use crate::report::{Live, PolicyReport};
use crate::services;

const EXAMPLES: &str = "\
Examples:
  {program} policy run
  {program} policy run --cloud staging 'service(volume)'
  {program} policy run --cloud staging --gate report
  {program} policy run --cloud staging --policy-file compute=/etc/nova/policy.yaml

A test is a rule and an operation that checks it: each persona sends the request, with an identity of \
its own, and what it is answered is held against what the rule says. Filters are as for `run`, and \
narrow the tests of the matrix. A deviation that a file of accepted findings names is a known bug.

Exit codes: 0 nothing deviates, or --gate report; 1 a deviation is not accepted, something was left on \
the cloud, or a test came to no verdict; 2 invalid input; 3 the cloud refused access, or no test ran; \
70 internal error; 130 interrupted.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct RunArgumentsOfMatrix {
    #[command(flatten)]
    select: SelectArguments,
    /// A cloud of clouds.yaml, or one brought up here [default: start an embedded cloud].
    #[arg(long, value_name = "NAME", env = "SQUALL_CLOUD")]
    cloud: Option<String>,
    /// Use the accounts of a file instead of creating identities. The personas that cannot act then
    /// are not tried, and the report has the reason.
    #[arg(long, value_name = "FILE", requires = "cloud")]
    accounts: Option<PathBuf>,
    #[command(flatten)]
    conduct: Conduct,
    /// What the cloud's own policy file of a service says, or the files of a folder, over the
    /// service's default rules. May be given several times. The embedded cloud enforces it.
    #[arg(long, value_name = "SERVICE=FILE")]
    policy_file: Vec<ServicePolicyFiles>,
    /// What deviations do to the exit code.
    #[arg(long, value_enum, default_value_t)]
    gate: Gate,
    /// Name all rules that were not exercised.
    #[arg(long)]
    all: bool,
}

/// What deviations do to the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Gate {
    /// One that is not accepted fails.
    #[default]
    Enforce,
    /// They are shown, and do not fail.
    Report,
}

/// Runs the matrix, and shows coverage and deviations.
pub(super) fn run(
    arguments: &RunArgumentsOfMatrix,
    manifests: &[Manifest],
) -> Result<Exit, CliError> {
    let of_matrix = of_matrix(&arguments.select);
    let tests = select(&of_matrix, manifests)?;
    let (cloud, conduct) = (arguments.cloud.clone(), arguments.conduct.clone());
    let run_arguments = RunArguments {
        accounts: arguments.accounts.clone(),
        ..RunArguments::of_one(of_matrix, cloud, conduct)
    };
    let mut plan = run::prepare(&run_arguments, tests, &all(manifests)?)?;
    for files in &arguments.policy_file {
        files.add_to(&mut plan.settings)?;
    }
    // Mistakes are reported before anything runs.
    Policies::new(&plan.settings).map_err(|failure| {
        CliError::bad_input(failure.to_string(), "correct the policy files of the cloud")
    })?;
    runs::prune()?;
    let err = io::stderr();
    let mut live = Live::new(columns(&err), colours(&err), arguments.conduct.show_output);
    let outcome = run::start(plan, &mut live)?;
    let entries = entries(&outcome.run_dir)?;
    let report = PolicyReport::of(&entries, &services::policy_rules());
    let colour = colours(&io::stdout());
    let text = report.terminal(arguments.all, colour);
    io::stdout().lock().write_all(clean::printed(&text, colour).as_bytes())?;
    let (run, counts, name) = (&outcome.run, &outcome.counts, program::name());
    writeln!(
        io::stderr(),
        "run {run}: {counts}; `{name} policy report {run} --format html -o policy.html` shows the \
         matrix"
    )?;
    let came_to_verdicts = counts.timed_out + counts.crashed + counts.not_run == 0;
    let is_clean = entries.iter().all(|entry| match &entry.event {
        Event::Cleanup { test: None, outcome } => outcome.is_clean(),
        _ => true,
    });
    Ok(match (arguments.gate, outcome.exit) {
        (Gate::Report, Exit::Failed) if came_to_verdicts && is_clean => Exit::Ok,
        (_, exit) => exit,
    })
}

/// Narrows a selection to the tests of the matrix.
fn of_matrix(select: &SelectArguments) -> SelectArguments {
    let kind = "kind(policy)";
    let filters = if select.filters.is_empty() {
        vec![kind.to_owned()]
    } else {
        select.filters.iter().map(|filter| format!("{kind} & ({filter})")).collect()
    };
    SelectArguments { filters, ..select.clone() }
}
