//! The contributor's commands: harvest the specs, regenerate what follows from them.
//!
//! This binary never links a generated crate or `squall`: it must work when a
//! spec is broken.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod harvest;
mod regen;

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
    Regen(regen::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Harvest(arguments) => harvest::run(&arguments),
        Command::Regen(arguments) => regen::run(&arguments),
    };
    match outcome {
        Ok(code) => code,
        Err(report) => {
            eprintln!("{report:?}");
            ExitCode::FAILURE
        }
    }
}
