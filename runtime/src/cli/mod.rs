//! The command line of a program that runs tests: `squall`, or a plugin's own.
//!
//! It parses arguments, calls the modules that do the work, and prints. Nothing about a run is
//! decided here.

mod again;
mod arguments;
mod cleanup;
mod cloud;
mod compare;
mod destination;
mod drift;
mod earlier;
mod error;
mod findings;
pub mod harness;
mod id_list;
mod import;
mod leaks;
mod list;
mod output;
mod policy;
mod policy_files;
mod preflight;
mod pretend;
mod prove;
mod report;
mod resume;
mod run;
mod runs;
mod select;
mod service;
mod session;
mod settings;
mod shell;
mod spec;
#[cfg(feature = "topology")]
mod topology;
mod values;
mod why;

use std::process::ExitCode;

use crate::exit::Exit;
use arguments::Command;
use error::CliError;

use crate::registry::{Manifest, Test, discover};
use crate::supervise;

/// Runs the program; `squall::main!` calls it with the tests found in the source.
pub fn main(manifests: &[Manifest]) -> ExitCode {
    let command = arguments::parse();
    if matches!(command, Command::Worker) {
        return supervise::work(&discover());
    }
    match dispatch(command, manifests) {
        Ok(exit) => exit.into(),
        Err(error) => error.print().into(),
    }
}

/// Returns every test but those derived from the specs, or prints the error and returns the exit code.
pub(crate) fn all_tests(manifests: &[Manifest]) -> Result<Vec<Test>, Exit> {
    let mut tests = select::all(manifests).map_err(CliError::print)?;
    select::leave_out_derived(&mut tests);
    Ok(tests)
}

fn dispatch(command: Command, manifests: &[Manifest]) -> Result<Exit, CliError> {
    match command {
        Command::Run(arguments) => run::run(&arguments, manifests),
        Command::List(arguments) => list::list(&arguments, manifests),
        Command::Report(arguments) => report::report(&arguments),
        Command::Findings(arguments) => findings::findings(&arguments, manifests),
        Command::Why(arguments) => why::answer(&arguments, manifests),
        Command::Preflight(arguments) => preflight::preflight(&arguments, manifests),
        Command::Import(arguments) => import::import(&arguments, manifests),
        Command::Compare(arguments) => compare::compare(&arguments, manifests),
        Command::Prove(arguments) => prove::prove(&arguments, manifests),
        Command::Policy { command } => policy::policy(&command, manifests),
        Command::Runs(arguments) => runs::runs(arguments.keep),
        Command::Drift(arguments) => drift::drift(&arguments, &select::all(manifests)?),
        Command::Cleanup(arguments) => cleanup::cleanup(&arguments),
        Command::Leaks(arguments) => leaks::leaks(&arguments),
        Command::Spec { command } => spec::spec(&command),
        #[cfg(feature = "topology")]
        Command::Topology { command } => topology::run(&command),
        Command::Cloud { command } => cloud::cloud(&command),
        Command::Completions { shell } => Ok(shell::completions(shell)),
        Command::Man { dir } => shell::man(dir.as_deref()),
        Command::Worker => Ok(Exit::Internal),
    }
}
