//! `cargo xtask coverage`: how much of the services the specs describe, and how strictly.
//!
//! Two questions, a table for each. What of an operation is described: its request, query,
//! responses, errors and headers, by provenance, with every hole listed; and how many operations a
//! real cloud has answered as described (`cargo xtask observe`). And how much a description
//! refuses: a valid body of each response is changed in one place after another, and the
//! response's own schema has to notice.

mod allowed;
mod confirmed;
mod described;
mod example;
mod mutation;
mod strength;

use std::process::ExitCode;

use miette::IntoDiagnostic as _;
use serde::Serialize;

use crate::observe::table::Table;
use crate::specs;
use confirmed::Confirmed;
use described::Described;
use strength::Strength;

/// Measure how much the specs describe, and how strictly.
///
/// The column "confirmed by a real answer" counts the operations of which a response of success
/// is in api-specs/SERVICE/observed.tsv, and then the cells: an operation within one interval of
/// its response schema.
///
/// The second table is about the responses of success at each operation's newest version. A
/// valid body is made from the schema and changed in one place: a key is removed, an unknown
/// key is added, a value gets another type or is null. It counts how many of the changed bodies
/// the schema refuses. A change that the schema allows in so many words (a null that it
/// declares, a key of an object that is a map) is left out, and counted.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The services, by their folder in api-specs [default: all].
    services: Vec<String>,
    /// The form of the output.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// List every hole, every change that no schema refuses, and every operation that no real
    /// answer has confirmed.
    #[arg(long)]
    list: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// The figures of one service.
#[derive(Debug, Serialize)]
struct Coverage {
    service: String,
    described: Described,
    strength: Strength,
    confirmed: Confirmed,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let root = specs::root();
    let all: Vec<Coverage> = specs::chosen(&root, &arguments.services)?
        .into_iter()
        .map(|folder| {
            let service = specs::service(&root, &folder)?;
            Ok(Coverage {
                described: described::of(&service),
                strength: strength::of(&service),
                confirmed: confirmed::of(&service, &Table::read(&root, &folder)?),
                service: folder,
            })
        })
        .collect::<miette::Result<_>>()?;
    match arguments.format {
        Format::Json => {
            println!("{}", serde_json::to_string_pretty(&all).into_diagnostic()?);
        }
        Format::Text => {
            print!("{}", described::table(&all));
            print!("\n{}", strength::table(&all));
            if arguments.list {
                print!("\n{}", described::list(&all));
                print!("\n{}", strength::list(&all));
                print!("\n{}", confirmed::list(&all));
            } else {
                println!("\n`--list` names every hole and every change that is not refused.");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a share in whole percent, rounded down, so that 100 % is all.
fn percent(part: usize, whole: usize) -> String {
    match whole {
        0 => "–".to_owned(),
        _ => format!("{} %", part * 100 / whole),
    }
}
