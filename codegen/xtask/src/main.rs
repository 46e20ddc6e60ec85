//! The contributors' commands, such as harvesting and regenerating specs.
//!
//! This binary does not link a generated crate or `squall`, because it must work when a spec is
//! invalid.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod coverage;
mod figures;
mod harvest;
mod lint;
mod observe;
mod published;
mod regen;
mod samples;
mod sdist;
mod specs;
mod squall;

/// Squall's contributor commands.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Harvest(harvest::Arguments),
    Lint(lint::Arguments),
    Regen(regen::Arguments),
    Published(published::Arguments),
    Samples(samples::Arguments),
    Observe(observe::Arguments),
    Drift(squall::DriftArguments),
    Cloud(squall::CloudArguments),
    Figures(figures::Arguments),
    Coverage(coverage::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Harvest(arguments) => harvest::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Regen(arguments) => regen::run(&arguments),
        Command::Published(arguments) => published::run(&arguments),
        Command::Samples(arguments) => samples::run(&arguments),
        Command::Observe(arguments) => observe::run(&arguments),
        Command::Drift(arguments) => squall::drift(&arguments),
        Command::Cloud(arguments) => squall::cloud(&arguments),
        Command::Coverage(arguments) => coverage::run(&arguments),
        Command::Figures(arguments) => figures::run(&arguments),
    };
    match outcome {
        Ok(code) => code,
        Err(report) => {
            eprintln!("{report:?}");
            ExitCode::FAILURE
        }
    }
}
